"""The sealed journal as JSON lines, to be kept elsewhere and checked without this program (docs/journal.md, docs/journal_verify.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gongkai.journal.canonical import as_json, stamp
from gongkai.journal.chain import Link, links


def lines(after: int = 0) -> Iterator[str]:
    """One line for each link in order: {"hash": …, "sealed": {…}}; the canonical text of `sealed` is what `hash` is taken over.

    A link that can no longer be put so (it was tampered with) is given as far as it can be read, so that the checker meets it too.
    """
    for link in links(after):
        yield json.dumps({"hash": link.hash, "sealed": _sealed(link)}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sealed(link: Link) -> dict[str, Any]:
    if link.what is not None and link.sealed_at is not None:
        try:
            return as_json(link.what, link.seq, link.previous, link.algorithm, link.sealed_at)
        except (ValueError, TypeError, AttributeError):
            broken = {name: str(value) for name, value in link.what._asdict().items()}
            times = {"at": stamp(link.what.at), "sealed_at": stamp(link.sealed_at)}
            return {**broken, **times, "entry": link.what.entry, "previous": link.previous, "seq": link.seq, "algorithm": link.algorithm}
    return {"algorithm": link.algorithm, "previous": link.previous, "seq": link.seq}

#!/usr/bin/env python3
"""Checks a journal exported by `gongkai journal export`, without Gongkai: only this file and Python 3.9 or later.

    python3 journal_verify.py journal.jsonl [heads.json] [--from NUMBER]

It follows docs/journal.md and nothing else. Prints one line; exit status 0 when the chain holds, 1 when not, 2 when a file cannot be read.
heads.json is what the portal published at /journal/heads.json, kept by you: with it a chain that was written anew as a whole is found too.
--from: for an export that was asked to begin in the middle; its first line is then believed about what came before it.
"""

import argparse
import hashlib
import json
import sys

FIELDS = {
    "action", "actor", "actor_id", "agency_id", "algorithm", "at", "entry", "new", "note", "object_id", "object_kind", "old", "place",
    "previous", "sealed_at", "seq",
}  # fmt: skip


class Broken(Exception):
    """The chain does not hold. (line number in the file, number in the chain, why)"""


def pairs(items):
    """A JSON object, refused when a name comes twice: two programs would read it in two ways."""
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        raise ValueError("a name comes twice")
    return dict(items)


def hash_of(sealed):
    """The hash over the canonical form: UTF-8, names sorted by code point, no blanks, characters as they are."""
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if sealed["algorithm"] not in ("sha256", "sm3"):
        raise ValueError("unknown algorithm " + repr(sealed["algorithm"]))
    return hashlib.new(sealed["algorithm"], text.encode("utf-8")).hexdigest()


def check(lines, heads=(), begin=1):
    """Walks the lines of an export; returns (count, last number, last hash). `heads`: number -> hash. Raises Broken at the first fault."""
    count, seq, last, wanted = 0, begin - 1, "0" * 64 if begin == 1 else None, {n: own for n, own in dict(heads).items() if n >= begin}
    for number, line in enumerate(lines, 1):
        expected = seq + 1
        try:
            outer = json.loads(line, object_pairs_hook=pairs)
            sealed = outer["sealed"]
            here, previous = sealed["seq"], sealed["previous"]
        except (ValueError, KeyError, TypeError) as error:
            raise Broken(number, expected, f"cannot be read: {error}") from error
        if here != expected:
            raise Broken(number, expected, f"is missing, or out of order: number {here} stands in its place")
        if last is not None and previous != last:
            raise Broken(number, here, "does not join the one before it: one of the two was altered, inserted or moved")
        if set(sealed) != FIELDS:
            raise Broken(number, here, "was altered: it has not the fields it must have")
        try:
            own = hash_of(sealed)
        except (ValueError, TypeError) as error:
            raise Broken(number, here, f"cannot be hashed: {error}") from error
        if own != outer.get("hash"):
            raise Broken(number, here, "was altered: its hash is another")
        if wanted.pop(here, own) != own:
            raise Broken(number, here, "is not what was published on its day: the chain was written anew up to here")
        count, seq, last = count + 1, here, own
    if wanted:
        raise Broken(count, min(wanted), "was published, but the chain ends before it")
    return count, seq, last


def main(arguments):
    parser = argparse.ArgumentParser(description="Checks an exported journal.")
    parser.add_argument("journal")
    parser.add_argument("heads", nargs="?")
    parser.add_argument("--from", dest="begin", type=int, default=1, metavar="NUMBER")
    asked = parser.parse_args(arguments)
    try:
        heads = {}
        if asked.heads:
            with open(asked.heads, encoding="utf-8-sig") as stream:  # noqa: PTH123
                heads = {head["seq"]: head["hash"] for head in json.load(stream)["heads"]}
        with open(asked.journal, encoding="utf-8") as stream:  # noqa: PTH123
            count, seq, last = check(stream, heads, asked.begin)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"cannot read: {error}\n")
        return 2
    except Broken as broken:
        line, seq, why = broken.args
        print(f"BROKEN at line {line}: number {seq} {why}")
        return 1
    print(f"OK: {count} entries, up to number {seq}, hash {last}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""对照: what changed between two texts of a document, line by line and within a line by characters, for people of both faces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from rapidfuzz.distance import Indel, LCSseq

from gongkai.agencies.models import Agency
from gongkai.catalogue import grounds
from gongkai.publications.actions.writing import FIELDS as ALL_FIELDS
from gongkai.publications.actions.writing import Text
from gongkai.publications.drafting.cleaning import text_of
from gongkai.publications.models import Revision
from gongkai.publications.vocabularies import genre_words, theme_words

AROUND = 1
"""Unchanged lines shown on either side of a change."""
LONGEST = 4000
"""Characters of a line up to which it is compared within; a longer one stands whole on both sides."""
FIELDS = (
    "title",
    "doc_number",
    "issued_on",
    "effective_on",
    "repealed_on",
    "theme",
    "genre",
    "keywords",
    "abstract",
    "source",
    "attribute",
    "label",
    "ground_words",
)


@dataclass(frozen=True, slots=True)
class Row:
    """`kind`: same, changed, added, removed, or gap (`n` unchanged lines not shown). `old` and `new` are safe html."""

    kind: str
    old: SafeString = SafeString("")
    new: SafeString = SafeString("")
    n: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    fields: list[tuple[str, str, str]]
    """(label, before, after) of the metadata that differ."""
    rows: list[Row]
    files: list[tuple[str, str]]
    """(what became of it, name) of attachments."""

    @property
    def is_same(self) -> bool:
        return not self.fields and not self.rows and not self.files


def compare(old: Revision, new: Revision) -> Comparison:
    """Two queries, for the attachments."""
    return Comparison(_fields(old, new), lines(text_of(old.body), text_of(new.body)), _files(old, new))


def compare_texts(old: Text, new: Text) -> Comparison:
    """Everything of two whole texts, saved or not: for the desk. At most one query, for the names of agencies."""
    found = [
        (_label(name), _shown(name, a), _shown(name, b))
        for name in ALL_FIELDS
        if name not in ("body", "rows") and (a := old.fields.get(name)) != (b := new.fields.get(name))
    ]
    if list(old.issuers) != list(new.issuers):
        names = dict(Agency.objects.filter(pk__in={*old.issuers, *new.issuers}).values_list("pk", "name"))
        before, after = ("、".join(names.get(pk, "") for pk in text.issuers) for text in (old, new))
        found.append(("发文机关", before, after))
    for label, say in (("相关文件", _references), ("清单内容", _list_rows)):
        if say(old) != say(new):
            found.append((label, say(old), say(new)))
    body = lines(text_of(old.fields.get("body") or ""), text_of(new.fields.get("body") or ""))
    return Comparison(found, body, _attached(old, new))


def _label(name: str) -> str:
    field: Any = Revision._meta.get_field(name)
    return str(field.verbose_name)


def _shown(name: str, value: Any) -> str:
    """A field in words."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if name == "theme":
        return theme_words(value)
    if name == "genre":
        return genre_words(value)
    if name == "ground":
        row = grounds.ground(value)
        return f"{row.name}（{row.clause}）" if row else str(value)
    choices: Mapping[Any, Any] = dict(Revision._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, value))


def _references(text: Text) -> str:
    return "\n".join(sorted(reference.line for reference in text.references))


def _list_rows(text: Text) -> str:
    rows = text.fields.get("rows") or []
    return "\n".join("，".join(str(v) for v in row.values()) if isinstance(row, dict) else str(row) for row in rows)


def _attached(old: Text, new: Text) -> list[tuple[str, str]]:
    before = {one.version.attachment_id: one for one in old.attached}
    after = {one.version.attachment_id: one for one in new.attached}
    found = [("增加", one.title) for key, one in after.items() if key not in before]
    for key, one in after.items():
        if key in before and before[key].version.pk != one.version.pk:
            found.append(("更换", one.title))
        elif key in before and before[key] != one:
            found.append(("改了说明", one.title))
    if [key for key in before if key in after] != [key for key in after if key in before]:
        found.append(("改了次序", "附件"))
    return found + [("删去", one.title) for key, one in before.items() if key not in after]


def _fields(old: Revision, new: Revision) -> list[tuple[str, str, str]]:
    found = []
    for name in FIELDS:
        before, after = _words(old, name), _words(new, name)
        if before != after:
            found.append((_label(name), before, after))
    return found


def _words(revision: Revision, name: str) -> str:
    value = getattr(revision, name)
    if name == "theme":
        return theme_words(value) if value else ""
    if name == "genre":
        return genre_words(value) if value else ""
    return revision.get_attribute_display() if name == "attribute" else str(value or "")


def _files(old: Revision, new: Revision) -> list[tuple[str, str]]:
    before = {link.version.attachment_id: link for link in old.attachment_links.select_related("version")}
    after = {link.version.attachment_id: link for link in new.attachment_links.select_related("version")}
    found = [("增加", link.title) for key, link in after.items() if key not in before]
    found += [("更换", link.title) for key, link in after.items() if key in before and before[key].version_id != link.version_id]
    return found + [("删去", link.title) for key, link in before.items() if key not in after]


def lines(old: str, new: str) -> list[Row]:
    """Empty where nothing but blanks differs."""
    before, after = _split(old), _split(new)
    if before == after:
        return []
    rows: list[Row] = []
    for tag, a1, a2, b1, b2 in _blocks(before, after):
        if tag == "equal":
            rows += [Row("same", escape(line), escape(line)) for line in before[a1:a2]]
        else:
            rows += _changed(before[a1:a2], after[b1:b2])
    return folded(rows)


def _split(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := " ".join(raw.split()))]


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[str, int, int, int, int]]:
    """Equal stretches, and what stands between them as one block each."""
    start: tuple[int, int] | None = None
    end = (0, 0)
    for code in LCSseq.opcodes(before, after):
        if code.tag == "equal":
            if start is not None:
                yield "changed", start[0], end[0], start[1], end[1]
                start = None
            yield "equal", code.src_start, code.src_end, code.dest_start, code.dest_end
        else:
            start = start or (code.src_start, code.dest_start)
            end = (code.src_end, code.dest_end)
    if start is not None:
        yield "changed", start[0], end[0], start[1], end[1]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterable[Row]:
    """Lines one beside the other in order; those that have little in common stand as removed and added."""
    for n in range(max(len(before), len(after))):
        old = before[n] if n < len(before) else None
        new = after[n] if n < len(after) else None
        if old is None:
            yield Row("added", new=escape(new or ""))
        elif new is None:
            yield Row("removed", old=escape(old))
        elif max(len(old), len(new)) <= LONGEST and Indel.normalized_similarity(old, new) >= 0.4:
            yield Row("changed", *within(old, new))
        else:
            yield Row("removed", old=escape(old))
            yield Row("added", new=escape(new))


def within(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both lines with what left and what came marked."""
    left: list[str] = []
    right: list[str] = []
    for code in Indel.opcodes(old, new):
        gone, come = escape(old[code.src_start : code.src_end]), escape(new[code.dest_start : code.dest_end])
        if code.tag == "equal":
            left.append(gone)
            right.append(come)
            continue
        if gone:
            left.append(f"<del>{gone}</del>")
        if come:
            right.append(f"<ins>{come}</ins>")
    return mark_safe("".join(left)), mark_safe("".join(right))  # noqa: S308 — every piece of text is escaped above


def folded(rows: Sequence[Row]) -> list[Row]:
    """Unchanged stretches but for their ends, as one row that says how many lines they are."""
    near = {m for n, row in enumerate(rows) if row.kind != "same" for m in range(n - AROUND, n + AROUND + 1)}
    shown: list[Row] = []
    skipped = 0
    for n, row in enumerate(rows):
        if row.kind == "same" and n not in near:
            skipped += 1
            continue
        if skipped:
            shown.append(Row("gap", n=skipped))
            skipped = 0
        shown.append(row)
    return [*shown, Row("gap", n=skipped)] if skipped else shown

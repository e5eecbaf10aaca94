"""What the pages of screening show: parts with their findings, the places in words, what waits for somebody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gongkai.publications import access
from gongkai.publications.actions import screening as verbs
from gongkai.publications.models import Edition, Revision, Screening, ScreeningFinding
from gongkai.publications.models.editions import WORKING
from gongkai.publications.screening import public_copies
from gongkai.publications.screening.rules import held

MOST_SHOWN = 200
"""Findings of one part on the page; further ones are counted, and reached by the whole part."""
TEXT = "正文和著录项"
_WORDS = (
    (re.compile(r"sheet (.+?)!([A-Z]+\d+)"), r"工作表“\1” \2"),
    (re.compile(r"sheet (\S+)"), r"工作表“\1”"),
    (re.compile(r"page (\d+)"), r"第 \1 页"),
    (re.compile(r"paragraph (\d+)"), r"第 \1 段"),
    (re.compile(r"comment (?:line )?(\d+)"), r"批注 \1"),
    (re.compile(r"(?:line|row) (\d+)"), r"第 \1 行"),
    (re.compile(r"docProps/\w+\.xml|PDF Info|PDF XMP|OFD\.xml|EXIF"), "文件属性"),
    (re.compile(r"^header\d* "), "页眉 "),
    (re.compile(r"^footer\d* "), "页脚 "),
    (re.compile(r"^(?:footnotes|endnotes) "), "脚注 "),
    (re.compile(r"^picture$"), "图片"),
    (re.compile(r"^layers$"), "图层"),
    (re.compile(r"^attachments$"), "文件里的附件"),
)


def where_words(where: str) -> str:
    """A place as the kernel names it, in words a person looks for it by."""
    for pattern, words in _WORDS:
        where = pattern.sub(words, where)
    return where


@dataclass
class Part:
    """The text, or one attachment. `left`: findings beyond those shown; `copy`: a word about the public copy and its class."""

    title: str
    version_id: int
    done: bool
    findings: list[Any] = field(default_factory=list)
    left: int = 0
    blocking: int = 0
    warning: int = 0
    open: int = 0
    maskable: int = 0
    copy: tuple[str, str] = ("", "")

    @property
    def anchor(self) -> str:
        return f"part-{self.version_id}"


def parts_of(found: Screening) -> list[Part]:
    """Every part with what was found there: what blocks first. A constant number of queries."""
    revision = found.revision
    rules = held(revision.edition.document.jurisdiction_id)
    able = verbs.masking_versions(revision)
    made = {one.version_id or 0: _part(one) for one in found.parts.select_related("version").order_by("pk")}
    copies = public_copies.copies_of(revision)
    rows: Iterable[Any] = found.findings.select_related("decided_by").order_by("version", "severity", "pk")
    for row in rows:
        part = made.get(row.version_id or 0)
        if part is None:
            continue
        _count(part, row)
        row.may_mask = not row.decision and verbs.can_be_masked(row, rules, able)
        part.maskable += row.may_mask
        if len(part.findings) < MOST_SHOWN:
            row.place = where_words(row.where)
            row.name, _, row.because = row.why.partition("：")
            row.verb = "去除" if row.kind in verbs.REMOVED else "遮盖"
            part.findings.append(row)
        else:
            part.left += 1
    for version_id, (what, copy) in copies.items():
        if version_id in made:
            made[version_id].copy = _copy_words(what, copy)
    return list(made.values())


def _part(one: Any) -> Part:
    return Part(one.version.name if one.version else TEXT, one.version_id or 0, one.done_at is not None)


def _count(part: Part, row: Any) -> None:
    blocks = row.severity == ScreeningFinding.Severity.BLOCK
    part.blocking += blocks and not row.decision
    part.warning += not blocks and not row.decision
    part.open += not row.decision


def _copy_words(what: public_copies.Decided, copy: Any) -> tuple[str, str]:
    if what.open:
        return "处理完后制作公开件", "wait"
    if copy is None:
        return "公开件正在制作", "wait"
    if copy.problem:
        return f"没有做成公开件：{copy.problem}", "late"
    return ("按原件公开（这种格式不能去除属性）", "warn") if copy.kept else ("公开件已做好", "ok")


def chosen(found: Screening, verb: str, part: str, ids: Iterable[str], whole: bool) -> list[int]:
    """The findings a form means: those ticked, or all that are open in a part ("" for every part), of which masking takes those it can."""
    numbers = [int(one) for one in ids if one.isascii() and one.isdecimal()]
    if not whole:
        return numbers
    rows = found.findings.filter(decision="")
    if part:
        rows = rows.filter(version=int(part)) if part != "0" and part.isdecimal() else rows.filter(version__isnull=True)
    if verb == "mask":
        rules = held(found.revision.edition.document.jurisdiction_id)
        able = verbs.masking_versions(found.revision)
        return [row.pk for row in rows if verbs.can_be_masked(row, rules, able)]
    return list(rows.values_list("pk", flat=True))


def waiting(user: Any) -> QuerySet[Edition]:
    """Editions at work whose present text has something blocking that nobody decided, or is not looked through yet."""
    blocking = ScreeningFinding.objects.filter(screening__revision=OuterRef("revision"), severity="block", decision="")
    unfinished = Screening.objects.filter(revision=OuterRef("revision"), finished_at__isnull=True)
    open_ones = Q(revision__screening__findings__decision="")
    return (
        Edition.objects.filter(state__in=WORKING, document__in=access.documents_for(user).order_by().values("pk"))
        .filter(Exists(blocking) | Exists(unfinished))
        .select_related("document__agency", "revision__screening", "author")
        .annotate(
            blocking=Count("revision__screening__findings", filter=open_ones & Q(revision__screening__findings__severity="block")),
            warning=Count("revision__screening__findings", filter=open_ones & Q(revision__screening__findings__severity="warn")),
        )
        .order_by("-pk")
    )


def screening_of(revision: Revision) -> Screening | None:
    return Screening.objects.select_related("revision__edition__document__agency").filter(revision=revision).first()

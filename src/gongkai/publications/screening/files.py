"""Attachments through the kernel, each content once under the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.utils import timezone

from gongkai.journal.canonical import clean
from gongkai.publications.models import AttachmentVersion, PublicCopy, ScreenedFile
from gongkai.publications.screening.rules import Held
from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.screening.model import Finding
from gongkai.screening.rules import Rule
from gongkai.screening.screening import screen

Row = dict[str, str]
"""A finding as it is kept: kind, rule, severity, where, masked, why."""
UNREAD = "hidden.file"
MOST = 5000
"""Findings kept of one file; each rule brings at most 1,000 and counts the rest."""


def known(sha256: str, name: str, held: Held) -> list[Row] | None:
    """What was found in these bytes before, or None where nobody looked."""
    rows = ScreenedFile.objects.filter(sha256=sha256, name=extension_of(name), rules_key=held.key)
    return rows.values_list("findings", flat=True).first()


def found_in(version: AttachmentVersion, held: Held) -> list[Row]:
    """What is in a file as uploaded, read now where nobody looked before. A file that cannot be read is a finding that says so."""
    return _found(version.original, version.sha256, version.size, version.name, held)


def found_in_copy(copy: PublicCopy, held: Held) -> list[Row]:
    """What is in a file as the public gets it."""
    return _found(copy.file, copy.sha256, copy.size, copy.version.name, held)


def _found(file: Any, sha256: str, size: int, name: str, held: Held) -> list[Row]:
    if (rows := known(sha256, name, held)) is not None:
        return rows
    try:
        rows = list(_look_into(file, size, name, held))[:MOST]
    except OSError:
        return [unread(held, "", ReadingError(name, "存储里没有这个文件", "请重新上传"))]
    values = {"findings": rows, "at": timezone.now()}
    ScreenedFile.objects.get_or_create(sha256=sha256, name=extension_of(name), rules_key=held.key, defaults=values)
    return rows


def _look_into(file: Any, size: int, name: str, held: Held) -> Iterator[Row]:
    if size > limits.FILE_BYTES:
        words = f"文件有 {size / limits.MB:.0f} MB，超过检查上限 {limits.FILE_BYTES // limits.MB} MB"
        yield unread(held, "", ReadingError(name, words, "请拆分或删去其中的图片后再上传"))
        return
    with file.open("rb") as opened:
        data = opened.read()
    yield from in_bytes(data, name, held)


def in_bytes(data: bytes, name: str, held: Held) -> Iterator[Row]:
    """Findings of a file with all its members; those of a member of a zip have its path before their place."""
    for report in screen(data, name, held.day, held.words, held.rules):
        if isinstance(report, ReadingError):
            yield unread(held, _inside(report.name, name), report)
            continue
        inside = _inside(report.file, name)
        for finding in report.findings:
            yield row_of(finding, inside)


def row_of(finding: Finding, inside: str = "") -> Row:
    row = {name: clean(value) for name, value in finding.to_dict().items()}
    row["where"] = " ".join(part for part in (clean(inside), row["where"]) if part)[:300]
    return {**row, "masked": row["masked"][:300], "why": row["why"][:500]}


def unread(held: Held, inside: str, error: ReadingError) -> Row:
    """The file, or a member, that nobody could look into: blocking, for a person to look at or to replace."""
    return unread_because(held.rules[UNREAD], f"{error.problem}。{error.mend}", inside)


def unread_because(rule: Rule, problem: str, inside: str = "") -> Row:
    where = inside or "整个文件"
    why = f"{rule.name}：{problem}。{rule.why}（{rule.article}）"
    return {"kind": rule.kind, "rule": rule.id, "severity": rule.severity, "where": where[:300], "masked": "", "why": why[:500]}


def extension_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()[:20]


def _inside(label: str, name: str) -> str:
    return label.removeprefix(name).removeprefix("!")


def counted(rows: Iterable[Any]) -> tuple[int, int]:
    """(blocking, warning) findings."""
    severities = [row["severity"] for row in rows]
    return severities.count("block"), severities.count("warn")

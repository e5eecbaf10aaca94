"""The copy of a file that goes with a reply: redacted where areas are marked, otherwise without what readers do not see; then screened."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from gongkai.disclosure_requests.casefiles import content_of
from gongkai.disclosure_requests.models import ReplyFile
from gongkai.disclosure_requests.replying import gate
from gongkai.publications.screening.rules import held
from gongkai.reading.errors import ReadingError
from gongkai.redaction import Area, Picture, Plan, Redacted, Span, Words, cleaned, redact
from gongkai.screening.copies import stripped
from gongkai.screening.places import kind_of

_log = logging.getLogger(__name__)
PARTLY = "（部分公开）"
EVERY = 1.0
"""Seconds between two notes of progress."""
STRIPPED = frozenset({"pdf", "docx", "xlsx", "picture", "html", "ofd", "zip"})


def plan_of(areas: Sequence[Mapping[str, Any]]) -> Plan:
    """The marks of `ReplyFile.areas`: {page, box}, {match}, {span: [paragraph, start, end]} or {picture}, each with its reason."""
    boxes = [Area(int(one["page"]), tuple(map(float, one["box"])), one["reason"]) for one in areas if one.get("box")]  # type: ignore[arg-type]
    words = [Words(one["match"], one["reason"]) for one in areas if one.get("match")]
    marked = [(*map(int, one["span"]), one["reason"]) for one in areas if one.get("span")]
    spans = [Span(block, start, end, reason) for block, start, end, reason in marked]
    pictures = [Picture(int(one["picture"]), one["reason"]) for one in areas if one.get("picture")]
    return Plan(areas=tuple(boxes), words=tuple(words), spans=tuple(spans), pictures=tuple(pictures))


def make(file_id: int) -> None:
    """Does nothing where it was made already, or the marks changed meanwhile: then another job makes it. A failure is a sentence."""
    row = ReplyFile.objects.select_related("source", "reply__request__jurisdiction").filter(pk=file_id).first()
    if row is None or row.made_at is not None or row.failed:
        return
    areas = row.areas
    name = row.source.name
    try:
        data = content_of(row.source.file)
        copy = _copy(data, name, areas, _progress(file_id))
        request = row.reply.request
        given_name = name
        if areas:
            path = PurePath(name)
            given_name = f"{path.stem}{PARTLY}{path.suffix}"
        findings = gate.in_file(copy, given_name, gate.own_values(request), held(request.jurisdiction_id))
    except ReadingError as error:
        _fail(file_id, areas, f"{error.problem}，{error.mend}")
        return
    except OSError:
        _fail(file_id, areas, "存储里没有这个文件，请重新上传")
        return
    _keep(file_id, areas, copy, given_name, findings)


def _copy(data: bytes, name: str, areas: Sequence[Mapping[str, Any]], progress: Callable[[int, int], None]) -> bytes:
    if areas:
        done: Redacted = redact(data, name, plan_of(areas), progress)
        if not any(one.characters or one.box for one in done.covered):
            raise ReadingError(name, "没有找到要遮盖的文字", "请核对文字，或者在页面上框选")
        _all_words(name, areas, done)
        return done.data
    kind = kind_of(data, name)
    if kind in STRIPPED:
        try:
            return cleaned(data, name) if kind == "docx" else stripped(data, name)
        except ReadingError:
            _log.info("a file is given as it is: it has no copy without metadata")
    return data


def _all_words(name: str, areas: Sequence[Mapping[str, Any]], done: Redacted) -> None:
    """Words that stand on a page nobody could read would stay: the page is named."""
    if done.unread and any(one.get("match") for one in areas):
        boxed = {int(one["page"]) for one in areas if one.get("box")}
        left = [page for page in done.unread if page not in boxed]
        if left:
            pages = "、".join(map(str, left[:10]))
            raise ReadingError(name, f"第 {pages} 页是扫描图，按文字遮盖查不到", "请在这些页上框选要遮盖的地方")


def _progress(file_id: int) -> Callable[[int, int], None]:
    last = 0.0

    def note(done: int, pages: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= EVERY or done == pages:
            last = now
            ReplyFile.objects.filter(pk=file_id).update(pages_done=done, pages=pages)

    return note


def _keep(file_id: int, areas: list[Any], data: bytes, name: str, findings: list[gate.Row]) -> None:
    saved = None
    try:
        with transaction.atomic():
            row = ReplyFile.objects.select_for_update().filter(pk=file_id).first()
            if row is None or row.areas != areas or row.made_at is not None:
                return
            row.given.save(name, ContentFile(data), save=False)
            saved = row.given
            row.given_name, row.given_size, row.given_sha256 = name[-200:], len(data), hashlib.sha256(data).hexdigest()
            row.findings, row.made_at, row.failed = findings, timezone.now(), ""
            row.save()
    except BaseException:
        if saved is not None and saved.name:
            saved.storage.delete(saved.name)
        raise


def _fail(file_id: int, areas: list[Any], words: str) -> None:
    with transaction.atomic():
        row = ReplyFile.objects.select_for_update().filter(pk=file_id).first()
        if row is not None and row.areas == areas:
            row.failed = words[:300]
            row.save(update_fields=["failed"])

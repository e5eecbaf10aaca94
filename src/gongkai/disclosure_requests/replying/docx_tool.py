"""The redaction tool for a docx: its text with the marks, what its reader does not see, a preview that is the real copy, and the copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from gongkai.agencies.actor import actor_of
from gongkai.agencies.errors import ActionRefused
from gongkai.disclosure_requests.actions import replying
from gongkai.disclosure_requests.casefiles import content_of
from gongkai.disclosure_requests.models import ReplyFile
from gongkai.disclosure_requests.replying import pictures
from gongkai.disclosure_requests.replying.docx_forms import DocxMarks
from gongkai.disclosure_requests.replying.making import plan_of
from gongkai.disclosure_requests.replying.pictures import Look, Proposal
from gongkai.reading.errors import ReadingError
from gongkai.redaction import Redacted, redact
from gongkai.redaction.docx_text import Block, blocks
from gongkai.redaction.plan import found, squeezed

PER_PAGE = 200
"""Paragraphs shown at a time."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph in stretches of (text, whether it is covered)."""

    block: Block
    parts: tuple[tuple[str, bool], ...]


def tool(
    request: HttpRequest, file: ReplyFile, look: Look, read: Callable[[], bytes], proposals: Sequence[Proposal], may: bool
) -> HttpResponse:
    """A post saves the marks, or with `do=preview` shows the copy they would make and keeps nothing."""
    source = file.source
    marks = DocxMarks(request.POST if request.method == "POST" else None, file.areas, proposals, look)
    page = Paginator(look.blocks, PER_PAGE).get_page(request.GET.get("page") or request.POST.get("at"))
    kept: Iterable[Mapping[str, Any]] = file.areas
    reasons: list[str] = []
    preview: Redacted | None = None
    status = 200
    if request.method == "POST":
        wrong = not marks.is_valid()
        reasons = marks.problems() if wrong else []
        if not wrong:
            kept = marks.areas()
            try:
                if request.POST.get("do") == "preview":
                    preview = redact(read(), source.name, plan_of(marks.areas()))
                else:
                    key = str(marks.key.cleaned_data["key"])
                    replying.give(file.reply, actor_of(request), key=key, source=source, areas=marks.areas())
                    return HttpResponseRedirect(f"{reverse('request_cases:redact', args=[file.pk])}?page={page.number}#result")
            except ActionRefused as error:
                reasons = error.reasons
            except ReadingError as error:
                reasons = [f"{error.problem}，{error.mend}"]
        status = 422 if wrong else 409 if reasons else 200
    ranges = _ranges(look, list(kept))
    context = {
        "file": file,
        "reply": file.reply,
        "source": source,
        "may": may,
        "marks": marks,
        "look": look,
        "page_obj": page,
        "proposals": proposals,
        "asked": "propose" in request.GET,
        "reasons": reasons,
        "groups": _grouped([_shown(block, ranges.get(block.number, [])) for block in page]),
        "drawn": look.drawn,
        "unseen": _by_kind(look),
        "previewed": preview is not None,
        "preview": _after(preview.data if preview else None, file, page),
        "pictures": list(enumerate(look.cropped, 1)),
        "again": _again(look, list(kept), ranges),
    }
    return render(request, "disclosure_requests/replying/redact_docx.html", context, status=status)


def _ranges(look: Look, areas: Sequence[Mapping[str, Any]]) -> dict[int, list[tuple[int, int]]]:
    """Paragraph → [start, end) of what the marks cover in it."""
    ranges: dict[int, list[tuple[int, int]]] = {}
    for one in areas:
        if one.get("span"):
            number, start, end = one["span"]
            ranges.setdefault(number, []).append((start, end))
        elif one.get("match"):
            for block in look.blocks:
                ranges.setdefault(block.number, []).extend(found(one["match"], block.text))
    return ranges


def _shown(block: Block, ranges: Sequence[tuple[int, int]]) -> Shown:
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(ranges):
        low = max(start, at)
        if low < end:
            parts += [(block.text[at:low], False), (block.text[low:end], True)]
            at = end
    parts.append((block.text[at:], False))
    return Shown(block, tuple(one for one in parts if one[0]))


def _grouped(shown: Sequence[Shown]) -> list[tuple[str, list[tuple[bool, list[list[list[Shown]]]]]]]:
    """Part in words → runs of (is a table, rows of cells of paragraphs); what stands in no table is a row of one cell each."""
    found_ = []
    for where, listed in groupby(shown, key=lambda one: one.block.where):
        runs: list[tuple[bool, list[list[list[Shown]]]]] = []
        for table, members in groupby(listed, key=lambda one: one.block.row[0] if one.block.row else None):
            if table is None:
                runs.append((False, [[[one]] for one in members]))
                continue
            rows = [
                [list(cell) for _n, cell in groupby(row, key=lambda one: one.block.row and one.block.row[2])]
                for _n, row in groupby(members, key=lambda one: one.block.row and one.block.row[1])
            ]
            runs.append((True, rows))
        found_.append((where, runs))
    return found_


def _by_kind(look: Look) -> list[tuple[str, list[Any]]]:
    kinds: dict[str, list[Any]] = {}
    for one in look.unseen:
        kinds.setdefault(one.kind, []).append(one)
    return list(kinds.items())


def _after(preview: bytes | None, file: ReplyFile, page: Any) -> list[Block]:
    """The same paragraphs of the copy, read from its bytes; nothing where there is no copy with something covered."""
    numbers = {block.number for block in page}
    if preview is not None:
        made = blocks(preview, file.source.name)
    elif file.given and file.areas:
        try:
            made = list(pictures.look(file.given_sha256, lambda: content_of(file.given), file.given_name).blocks)
        except (ReadingError, OSError):
            return []
    else:
        return []
    return [block for block in made if block.number in numbers]


def _again(look: Look, areas: Sequence[Mapping[str, Any]], ranges: Mapping[int, Sequence[tuple[int, int]]]) -> list[tuple[str, list[int]]]:
    """Words a span covers that still stand uncovered elsewhere: (words, paragraphs), for a person to look at."""
    texts = {block.number: block.text for block in look.blocks}
    wanted = {texts[n][start:end].strip() for one in areas if one.get("span") for n, start, end in [one["span"]] if n in texts}
    told = []
    for words in sorted(wanted):
        if len(squeezed(words)) < 2:
            continue
        left = [
            block.number
            for block in look.blocks
            if any(not any(a <= start and end <= b for a, b in ranges.get(block.number, [])) for start, end in found(words, block.text))
        ]
        if left:
            told.append((words, left[:20]))
    return told

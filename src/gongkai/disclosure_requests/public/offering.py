"""What is public already and may answer the request: documents that the search engine finds, and frequent answers. A request may be filed
all the same (条例第二十七条); how many were shown and how many opened is kept with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.models import FrequentAnswer
from gongkai.search import keeping
from gongkai.search.model import QueryTooLong, SearchDown, Wanted
from gongkai.search.sources import key_of, parts_of, source

DOCUMENT, ANSWER = "document", "answer"
MOST = 5
SHORTEST, LONGEST = 2, 150
"""Signs of what was typed that are looked at; its beginning says what is wanted."""
NEAR = 0.35
"""The share of the words that must be in a document, and in the question of an answer."""
REMEMBERED = 60
SESSION = "request_offered"
POLITE = (
    "请公开",
    "我想",
    "我要",
    "申请公开",
    "公开",
    "请提供",
    "提供",
    "想了解",
    "的信息",
    "的情况",
    "有关",
    "关于",
    "请问",
    "希望",
    "申请",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """`key` is `<kind>:<id>`; `url` counts that it was opened and leads on."""

    key: str
    title: str
    url: str
    notes: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Offers:
    rows: Sequence[Offer] = ()
    down: bool = False
    """The search cannot be asked now; nothing found is not said then (invariant 10)."""


def published() -> Any:
    """Frequent answers that everybody may read."""
    return FrequentAnswer.objects.filter(published_at__isnull=False, withdrawn_at__isnull=True).select_related("agency__jurisdiction")


def offers(words: str, agency: Agency | None) -> Offers:
    """The nearest of both kinds, at most MOST of each. A constant number of queries."""
    wanted = essence(words)
    if len(wanted) < SHORTEST:
        return Offers()
    answers = [
        Offer(f"{ANSWER}:{row.pk}", row.question, _seen(f"{ANSWER}:{row.pk}"), f"常见问题　{row.agency.display_name}")
        for row in _answers(wanted, agency)
    ]
    try:
        return Offers([*answers, *_documents(wanted)])
    except QueryTooLong:
        return Offers(answers)
    except SearchDown:
        return Offers(answers, down=True)


def essence(words: str) -> str:
    """The words without the phrases with which every request begins; numbers of persons and the like find nothing anyhow."""
    plain = " ".join("".join(c if c.isalnum() or c in "〔〕[]" else " " for c in words.replace("\x00", "")).split())
    for phrase in POLITE:
        plain = plain.replace(phrase, " ")
    return " ".join(plain.split()[:12])[:LONGEST]


def _documents(wanted: str) -> list[Offer]:
    found = keeping.current().search(Wanted(wanted, {"kind": [DOCUMENT]}, limit=MOST, loose=True, least=NEAR))
    ids = [parts_of(hit.key)[1] for hit in found.hits]
    held = source(DOCUMENT)
    shown = held.shown(ids) if held and ids else {}
    return [
        Offer(
            key_of(DOCUMENT, pk), shown[pk].title, _seen(key_of(DOCUMENT, pk)), "　".join(filter(None, (*shown[pk].notes, shown[pk].mark)))
        )
        for pk in ids
        if pk in shown
    ]


def _answers(wanted: str, agency: Agency | None) -> list[FrequentAnswer]:
    """Of the place of the agency, those whose question shares enough pairs of signs with the words."""
    rows = published()
    if agency is not None:
        rows = rows.filter(agency__jurisdiction=agency.jurisdiction_id)
    mine = _pairs(wanted)
    scored = [
        (len(mine & _pairs(row.question)) / (len(_pairs(row.question)) or 1), row) for row in rows.order_by("-published_at", "-pk")[:500]
    ]
    near = sorted((pair for pair in scored if pair[0] >= NEAR), key=lambda pair: -pair[0])
    return [row for _share, row in near[:MOST]]


def _pairs(text: str) -> set[str]:
    plain = "".join(c for c in text.casefold() if c.isalnum())
    return {plain[n : n + 2] for n in range(len(plain) - 1)}


def _seen(key: str) -> str:
    return f"{reverse('requests:seen')}?key={key}"


def target(key: str) -> str:
    """Where an offer leads, asked of the database now; empty for one that is not public."""
    kind, _, number = key.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return ""
    if kind == ANSWER:
        return f"{reverse('requests:answers')}#answer-{number}" if published().filter(pk=int(number)).exists() else ""
    held = source(kind) if kind == DOCUMENT else None
    row = held.shown([int(number)]).get(int(number)) if held else None
    return row.url if row else ""


def note(request: HttpRequest, shown: Sequence[str] = (), clicked: Sequence[str] = ()) -> None:
    """Remembers in the session what was offered and opened; nothing of what was typed."""
    if not shown and not clicked:
        return
    kept = request.session.get(SESSION) or {}
    for name, keys in (("shown", shown), ("clicked", clicked)):
        kept[name] = list(dict.fromkeys([*kept.get(name, ()), *keys]))[:REMEMBERED]
    request.session[SESSION] = kept


def counted(request: HttpRequest) -> dict[str, int]:
    """{shown, clicked} as the request keeps it."""
    kept = request.session.get(SESSION) or {}
    return {name: len(kept.get(name, ())) for name in ("shown", "clicked")}


def forget(request: HttpRequest) -> None:
    request.session.pop(SESSION, None)

"""What this system knows of its own records as proof. The apps that keep them register how each kind is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import Resolver404, get_script_prefix, resolve

from gongkai.obligations.facts import vocabulary
from gongkai.obligations.models import Obligation
from gongkai.twins import hosting


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says of itself today. `published_on` is the day it came to stand (published, received, finished); None: not yet.

    `agency_id` published it; `also_ids` are those in whose name it counts too (an office publishes for its government). `leader_ids` are
    the Leader rows it names, `item_ids` the items of catalogues it was published for. `url` is a path of this installation: staff follow
    it, and where `public`, anybody. `lacking` says what a record without `published_on` still waits for.
    """

    exists: bool = True
    title: str = ""
    url: str = ""
    published_on: date | None = None
    published_at: datetime | None = None
    agency_id: int | None = None
    column: str = ""
    leader_ids: frozenset[int] = frozenset()
    item_ids: frozenset[int] = frozenset()
    quantity: Decimal = Decimal(1)
    public: bool = False
    also_ids: frozenset[int] = frozenset()
    lacking: str = "还没有公开"


GONE = Facts(exists=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record somebody may choose as proof: its kind and number, what to call it, its day."""

    record_kind: str
    record_id: int
    title: str
    on: date

    @property
    def value(self) -> str:
        return f"{self.record_kind}:{self.record_id}"

    @property
    def words(self) -> str:
        return f"{label_of(self.record_kind)}：{self.title}（{self.on}）"


Checker = Callable[[int], Facts | None]
Chooser = Callable[[Obligation], Iterable[Candidate]]
Examiner = Callable[[Obligation, int], tuple[str, str]]
"""(why the record does not fit this very obligation, what the system found that fits); either may be empty."""
MOST = 40
"""Candidates offered of one kind, newest first."""

_checkers: dict[str, Checker] = {}
_choosers: dict[str, Chooser] = {}
_labels: dict[str, str] = {}
_pages: dict[str, tuple[str, Callable[[int], int | None]]] = {}
_addresses: dict[str, Callable[[int], str]] = {}
_examiners: dict[str, Examiner] = {}
_offered: list[str] = []


def register(
    record_kind: str,
    checker: Checker,
    *,
    label: str = "",
    candidates: Chooser | None = None,
    page: str = "",
    record_of_page: Callable[[int], int | None] = lambda pk: pk,
    address: Callable[[int], str] | None = None,
    examine: Examiner | None = None,
    offered: bool = False,
) -> None:
    """Called once from an app's ready().

    `checker` answers for one record in a constant number of queries, None when it is gone. `candidates` lists what an obligation's owner
    has of this kind, newest first. `page` is the URL name of the record's public page: addresses of it are then understood; its `pk` is
    the record, or `record_of_page` says which record stands there now. `address` is where staff look at a record, told without a query.
    `examine` compares it with one obligation beyond the checks that rules name. `offered`: `candidates` is also asked for duties whose rule
    names no kinds; what is chosen there a person still judges.
    """
    _checkers[record_kind] = checker
    _labels[record_kind] = label or record_kind
    if candidates is not None:
        _choosers[record_kind] = candidates
    if page:
        _pages[page] = (record_kind, record_of_page)
    if address is not None:
        _addresses[record_kind] = address
    if examine is not None:
        _examiners[record_kind] = examine
    if offered and record_kind not in _offered:
        _offered.append(record_kind)


def known(record_kind: str) -> bool:
    return record_kind in _checkers


def label_of(record_kind: str) -> str:
    """A kind in words, also where the app that will keep it is not there yet."""
    return _labels.get(record_kind) or vocabulary().records.get(record_kind, record_kind)


def address_of(record_kind: str, record_id: int) -> str:
    """Where staff look at a record; empty where its app has no page for it."""
    address = _addresses.get(record_kind)
    return address(record_id) if address else ""


def facts_of(record_kind: str, record_id: int) -> Facts:
    """What the record says of itself now; `exists` False for one that is gone or of a kind nobody registered."""
    checker = _checkers.get(record_kind)
    return (checker(record_id) if checker else None) or GONE


def examined(obligation: Obligation, record_kind: str, record_id: int) -> tuple[str, str]:
    """(fault, remark) of a record for this obligation, by the app that keeps it."""
    examine = _examiners.get(record_kind)
    return examine(obligation, record_id) if examine else ("", "")


def candidates(obligation: Obligation) -> list[Candidate]:
    """The owner's records of the kinds that count for this obligation, newest first; where its rule names none, those that their apps
    offer for it all the same."""
    found: list[Candidate] = []
    for kind in (obligation.proof or {}).get("kinds") or _offered:
        if (chooser := _choosers.get(kind)) is not None:
            found += list(chooser(obligation))[:MOST]
    return sorted(found, key=lambda one: (one.on, one.record_id), reverse=True)


def is_own(url: str) -> bool:
    """Whether an address is of this installation, by the host names it answers to."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return bool(host) and (hosting.is_home(host) or validate_host(host, [name for name in settings.ALLOWED_HOSTS if name != "*"]))


def record_at(url: str) -> tuple[str, int] | None:
    """(kind, id) of the record whose public page stands at an address of this installation; None for any other. Nothing is fetched."""
    if not is_own(url):
        return None
    path: Any = urlsplit(url).path
    prefix = get_script_prefix()
    if not path.startswith(prefix):
        return None
    try:
        match = resolve("/" + path[len(prefix) :])
    except Resolver404:
        return None
    if match.view_name not in _pages:
        return None
    kind, record_of_page = _pages[match.view_name]
    record_id = record_of_page(int(match.kwargs["pk"]))
    return (kind, record_id) if record_id is not None else None

"""Where an obligation comes from, in the words of the app that made it. Apps above register themselves; this one knows none of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, OuterRef

from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import Obligation
from gongkai.obligations.queries import with_state


@dataclass(frozen=True, slots=True)
class Origin:
    """The document and its exact words; empty addresses where this user may not go or the words stand nowhere."""

    document: str
    document_url: str
    place_url: str
    """The words in the full text of the document."""
    number: str = ""
    path: tuple[str, ...] = ()
    before: str = ""
    words: str = ""
    after: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """What the document says beside the words: (称谓, 内容), as 时限, 渠道, 数量要求."""
    links: tuple[tuple[str, str], ...] = ()
    """Where this goes on, for this user: (words, address), as the other periods of the task, recording an event."""


class Provider(Protocol):
    def origin(self, obligation: Obligation, user: Any) -> Origin | None:
        """None when the record is gone."""

    def documents(self, ids: Iterable[int], user: Any) -> dict[int, str]:
        """Document id → title, for the filters of the ledger; one query."""

    def text(self, obligation: Obligation) -> str:
        """The words of the record as reviewed; empty when it is gone. One query."""


_providers: dict[str, Provider] = {}


def register(source: str, provider: Provider) -> None:
    """Called once from an app's ready()."""
    _providers[source] = provider


def origin_of(obligation: Obligation, user: Any) -> Origin | None:
    provider = _providers.get(obligation.source)
    return provider.origin(obligation, user) if provider else None


def text_of(obligation: Obligation) -> str:
    provider = _providers.get(obligation.source)
    return provider.text(obligation) if provider else ""


def elsewhere(obligation: Obligation) -> str:
    """Where a duty is reported that has a page of its own for it, in a sentence; empty for all that are reported on theirs."""
    said = getattr(_providers.get(obligation.source), "elsewhere", None)
    return said(obligation) if said else ""


def texts_of(obligations: Iterable[Obligation]) -> dict[int, str]:
    """Obligation id → its words, for many at once: one query for each source whose provider has `texts`; the title elsewhere."""
    rows = list(obligations)
    found = {row.pk: row.title for row in rows}
    for source in {row.source for row in rows}:
        if texts := getattr(_providers.get(source), "texts", None):
            known = texts({row.subject_id for row in rows if row.source == source})
            found |= {row.pk: known[row.subject_id] for row in rows if row.source == source and known.get(row.subject_id)}
    return found


def document_titles(pairs: Iterable[tuple[str, int]], user: Any) -> dict[int, str]:
    """(source, document id) pairs → titles."""
    by_source: dict[str, set[int]] = {}
    for source, document in pairs:
        by_source.setdefault(source, set()).add(document)
    titles: dict[int, str] = {}
    for source, ids in by_source.items():
        if provider := _providers.get(source):
            titles |= provider.documents(ids, user)
    return titles


def siblings_of(obligation: Obligation, user: Any) -> list[Any]:
    """The other obligations of the same record and period with `state`, whoever owns them (a shared duty is shared knowledge).

    Each carries `visible`: whether this user may open it. One query.
    """
    mine = obligations_for(user).filter(pk=OuterRef("pk"))
    same = {"source": obligation.source, "rule": obligation.rule, "subject_id": obligation.subject_id, "period": obligation.period}
    rows = Obligation.objects.filter(**same).exclude(pk=obligation.pk)
    return list(with_state(rows).annotate(visible=Exists(mine)).select_related("owner", "section").order_by("role", "owner__code"))

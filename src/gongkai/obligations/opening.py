"""Making obligations: the only place that does, for whatever source. Making one twice is harmless, whoever does it and whenever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, Section, User
from gongkai.obligations.models import Helper, Obligation, Step


@dataclass(frozen=True, slots=True)
class NewObligation:
    """What a source asks for. Identity: source, subject_id, owner, share, period."""

    jurisdiction: Jurisdiction
    owner: Agency
    source: str
    subject_id: int
    title: str
    basis: str
    starts_on: date
    document_id: int | None = None
    due_on: date | None = None
    standing: str = ""
    role: str = Obligation.Role.LEAD
    joint: bool = False
    period: str = ""
    section: Section | None = None
    helpers: tuple[Agency, ...] = ()

    @property
    def identity(self) -> tuple[str, int, int, str, str]:
        return (self.source, self.subject_id, self.owner.pk, self.section.name if self.section else "", self.period)

    def row(self) -> Obligation:
        return Obligation(
            jurisdiction=self.jurisdiction,
            owner=self.owner,
            section=self.section,
            share=self.section.name if self.section else "",
            role=self.role,
            joint=self.joint,
            source=self.source,
            document_id=self.document_id,
            subject_id=self.subject_id,
            period=self.period,
            title=self.title[:300],
            basis=self.basis[:300],
            starts_on=self.starts_on,
            due_on=self.due_on,
            standing=self.standing[:120] or ("" if self.due_on else "长期坚持"),
        )


@transaction.atomic
def open_obligations(
    wanted: Iterable[NewObligation], actor: User | None, *, text: str = "", at: datetime | None = None
) -> list[Obligation]:
    """Opens all of them with their helpers and the step 下达, in a constant number of statements. Those that exist are left as they are.

    Returns the obligations in the order asked for, those that existed among them. The actor's right to open is the source's to check.
    """
    asked = {new.identity: new for new in wanted}
    if not asked:
        return []
    Obligation.objects.bulk_create((new.row() for new in asked.values()), ignore_conflicts=True)
    sources = {new.source for new in asked.values()}
    found = {
        (o.source, o.subject_id, o.owner_id, o.share, o.period): o
        for o in Obligation.objects.filter(source__in=sources, subject_id__in={new.subject_id for new in asked.values()})
    }
    opened = [(new, found[identity]) for identity, new in asked.items()]
    Helper.objects.bulk_create(
        (Helper(obligation=row, agency=agency) for new, row in opened for agency in new.helpers if agency.pk != row.owner_id),
        ignore_conflicts=True,
    )
    Step.objects.bulk_create(
        (
            Step(obligation=row, kind=Step.Kind.OPENED, actor=actor, at=at or timezone.now(), text=text, key=f"opened:{row.pk}")
            for _new, row in opened
        ),
        ignore_conflicts=True,
    )
    return [row for _new, row in opened]


def open_obligation(new: NewObligation, actor: User | None, **kwargs: Any) -> Obligation:
    """One of them."""
    return open_obligations([new], actor, **kwargs)[0]

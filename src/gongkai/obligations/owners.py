"""Whom a rule means: its owner expression applied to a place and, where there is one, to the fact."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from gongkai.agencies.models import Agency, Jurisdiction, Leader
from gongkai.obligations.statutes import Owner


@dataclass(frozen=True, slots=True)
class Target:
    """Who answers; `leader` where the duty is counted person by person."""

    agency: Agency
    leader: Leader | None = None


@dataclass
class Place:
    """The agencies and leaders of a jurisdiction on a day. At most two queries, when first needed."""

    jurisdiction: Jurisdiction
    day: date

    @cached_property
    def agencies(self) -> list[Agency]:
        rows = Agency.objects.filter(jurisdiction=self.jurisdiction).order_by("code")
        return [agency for agency in rows if agency.existed_on(self.day)]

    @cached_property
    def leaders(self) -> list[Leader]:
        rows = (
            Leader.objects.filter(agency__jurisdiction=self.jurisdiction)
            .select_related("agency")
            .order_by("agency__code", "position", "pk")
        )
        return [
            row for row in rows if (not row.valid_from or row.valid_from <= self.day) and (not row.valid_to or self.day <= row.valid_to)
        ]

    def of(self, owner: Owner, codes: Collection[str] = (), makers: Iterable[Agency] = (), agency: Agency | None = None) -> list[Target]:
        """The targets of an owner expression, each once. `codes` are the agencies a place chose itself (local setting `agencies`).

        `agency` and `makers` come from the fact; the first maker leads. Empty where nobody fits.
        """
        found: list[Target]
        listed = list(makers) or ([agency] if agency is not None else [])
        if owner.who == "agency":
            found = [Target(agency)] if agency is not None else []
        elif owner.who == "lead_maker":
            found = [Target(one) for one in listed[:1]]
        elif owner.who == "makers":
            found = [Target(one) for one in listed]
        elif owner.who == "competent":
            found = [Target(one) for one in self.agencies if one.is_competent]
        elif owner.who == "government":
            found = [Target(one) for one in self.agencies if one.kind == Agency.Kind.GOVERNMENT]
        elif owner.who == "leaders":
            leading = [row for row in self.leaders if row.is_chief or not owner.chiefs]
            found = [Target(row.agency, row) for row in leading if self._chosen(row.agency, owner, codes)]
        else:
            found = [Target(one) for one in self.agencies if self._chosen(one, owner, codes)]
        return list(dict.fromkeys(found))

    def _chosen(self, agency: Agency, owner: Owner, codes: Collection[str]) -> bool:
        if not agency.existed_on(self.day):
            return False
        if codes:
            return agency.code in codes
        return agency.kind in owner.kinds or any(agency.name.endswith(ending) for ending in owner.endings)

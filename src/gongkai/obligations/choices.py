"""What the forms offer to choose from; in the ledger only what occurs in this user's rows. A handful of queries, whatever the size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from gongkai.agencies.access import Scope, scope_of
from gongkai.agencies.models import Agency, Jurisdiction, Section, User
from gongkai.obligations.access import parts_for
from gongkai.obligations.models import Helper, Obligation
from gongkai.obligations.origins import document_titles
from gongkai.obligations.oversight import Tree

WIDE = 3
"""Places: whoever reads more of them chooses the place first, then the agencies and plans of that place."""


def ledger_choices(user: Any, asked: Mapping[str, str] | None = None) -> dict[str, list[tuple[int, str]]]:
    """`agency`, `section`, `plan`, `jurisdiction` → [(id, name)], sorted as people look for them.

    `asked`: the filters of the address; for a wide scope they say of which place agencies and plans are offered, else it is one's own.
    """
    scope = scope_of(user)
    wide = len(scope.seen_ids) > WIDE
    found = [Obligation.objects.filter(jurisdiction=_place(scope, asked or {}))] if wide else parts_for(user)
    parts = [rows.order_by() for rows in found]
    # What occurs is asked for in keys alone, and its names afterwards: the databases then need nothing but one pass over an index.
    occurring = {row for rows in parts for row in rows.values_list("jurisdiction", "owner", "section").distinct()}
    places = Jurisdiction.objects.filter(pk__in=scope.seen_ids if wide else {place for place, _owner, _section in occurring})
    helping = Helper.objects.order_by().values_list("agency", flat=True).distinct()
    known = {owner for _place, owner, _section in occurring} | {pk for rows in parts for pk in helping.filter(obligation__in=rows)}
    agencies = {pk: (code, name) for pk, name, code in Agency.objects.filter(pk__in=known).values_list("pk", "name", "code")}
    sections = Section.objects.filter(pk__in={section for _place, _owner, section in occurring if section})
    named = (rows.filter(document_id__isnull=False).values_list("source", "document_id").distinct() for rows in parts)
    documents = {row for rows in named for row in rows}
    if (plan := (asked or {}).get("plan", "")).isdecimal() and len(plan) < 19:  # a link from the roll-up may name one of another place
        documents.add((Obligation.Source.PLAN_TASK.value, int(plan)))
    titles = document_titles(((source, pk) for source, pk in documents if pk), user)
    return {
        "agency": [(pk, name) for pk, (_code, name) in sorted(agencies.items(), key=lambda item: item[1])],
        "section": sorted(
            ((pk, f"{agency} {name}".strip()) for pk, agency, name in sections.values_list("pk", "agency__short_name", "name")),
            key=lambda row: row[1],
        ),
        "plan": sorted(titles.items(), key=lambda row: -row[0]),
        "place": [(place.pk, place.name) for place in Tree(user).places.values()] if asked and asked.get("place") else [],
        "jurisdiction": [(pk, name) for _code, pk, name in sorted(places.values_list("code", "pk", "name"))],
    }


def _place(scope: Scope, asked: Mapping[str, str]) -> int:
    """The place asked for, that of the agency asked for, or one's own."""
    chosen = asked.get("jurisdiction", "")
    if chosen.isdecimal() and int(chosen) in scope.seen_ids:
        return int(chosen)
    agency = asked.get("agency", "")
    if agency.isdecimal() and len(agency) < 19:
        found = Agency.objects.filter(pk=int(agency), jurisdiction__in=scope.seen_ids).values_list("jurisdiction", flat=True).first()
        if found is not None:
            return int(found)
    return min(scope.office_ids)


def sections_of(obligation: Obligation) -> QuerySet[Section]:
    """The owner's sections that exist."""
    return Section.objects.filter(agency=obligation.owner_id, valid_to__isnull=True).order_by("name")


def people_of(obligation: Obligation) -> QuerySet[User]:
    """Who holds a post at the owner."""
    return User.objects.filter(is_active=True, memberships__agency=obligation.owner_id).distinct().order_by("display_name", "username")

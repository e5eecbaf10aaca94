"""What the forms offer to choose from; in the ledger only what occurs in this user's rows. A handful of queries, whatever the size."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from gongkai.agencies.models import Section, User
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import Helper, Obligation
from gongkai.obligations.origins import document_titles


def ledger_choices(user: Any) -> dict[str, list[tuple[int, str]]]:
    """`agency`, `section`, `plan`, `jurisdiction` → [(id, name)], sorted as people look for them."""
    rows = obligations_for(user).order_by()
    owners = rows.values_list("owner_id", "owner__name", "owner__code").distinct()
    helpers = Helper.objects.filter(obligation__in=rows).order_by().values_list("agency_id", "agency__name", "agency__code").distinct()
    agencies = {pk: (code, name) for pk, name, code in [*owners, *helpers]}
    sections = rows.filter(section__isnull=False).values_list("section_id", "section__agency__short_name", "section__name").distinct()
    places = rows.values_list("jurisdiction__code", "jurisdiction_id", "jurisdiction__name").distinct()
    documents = rows.filter(document_id__isnull=False).values_list("source", "document_id").distinct()
    titles = document_titles(((source, pk) for source, pk in documents if pk), user)
    return {
        "agency": [(pk, name) for pk, (_code, name) in sorted(agencies.items(), key=lambda item: item[1])],
        "section": sorted(((pk, f"{agency} {name}".strip()) for pk, agency, name in sections), key=lambda row: row[1]),
        "plan": sorted(titles.items(), key=lambda row: -row[0]),
        "jurisdiction": [(pk, name) for _code, pk, name in sorted(places)],
    }


def sections_of(obligation: Obligation) -> QuerySet[Section]:
    """The owner's sections that exist."""
    return Section.objects.filter(agency=obligation.owner_id, valid_to__isnull=True).order_by("name")


def people_of(obligation: Obligation) -> QuerySet[User]:
    """Who holds a post at the owner."""
    return User.objects.filter(is_active=True, memberships__agency=obligation.owner_id).distinct().order_by("display_name", "username")

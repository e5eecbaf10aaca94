"""Whom a reminder goes to: one query from obligations to people, through their posts, less those who were told already."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from gongkai.agencies.models import Membership
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.reminders.kinds import Row
from gongkai.reminders.models import Told

Role = Membership.Role
WORKERS = (Role.DRAFTER, Role.REVIEWER)
LAST_RESORT = (Role.HEAD, Role.OFFICE)


def open_duties() -> QuerySet[Any]:
    """What still asks for something. A duty merged into another is done there and tells nothing of its own."""
    return Obligation.objects.filter(OPEN, merged_into__isnull=True).order_by()


def _through(qs: QuerySet[Any], posts: str, agency: str) -> QuerySet[Any]:
    """Joins the posts at `posts`; `agency` is the path to the agency they are at."""
    return qs.annotate(
        to=F(f"{posts}__user"),
        via=F(agency),
        post_role=F(f"{posts}__role"),
        post_section=F(f"{posts}__section"),
        own_lead=F(f"{posts}__user__reminder_preference__lead_days"),
        reader_active=F(f"{posts}__user__is_active"),
    ).filter(reader_active=True)


def workers(qs: QuerySet[Any]) -> QuerySet[Any]:
    """The person it was handed to, else the section's people, else the owner's drafters and reviewers, else whoever else acts for it.

    So that nobody's leaving leaves a duty without a reader, a person counts only while he holds a post there.
    """
    here = Membership.objects.filter(agency=OuterRef("owner"), user__is_active=True)
    handed = Exists(here.filter(user=OuterRef("person")))
    sectioned = Exists(here.filter(section=OuterRef("section"), role__in=WORKERS))
    staffed = Exists(here.filter(role__in=WORKERS))
    rows = _through(qs.annotate(handed=handed, sectioned=sectioned, staffed=staffed), "owner__memberships", "owner")
    return rows.filter(
        Q(handed=True, to=F("person"))
        | Q(handed=False, sectioned=True, post_section=F("section"), post_role__in=WORKERS)
        | Q(handed=False, sectioned=False, staffed=True, post_role__in=WORKERS)
        | Q(handed=False, sectioned=False, staffed=False, post_role__in=LAST_RESORT)
    )


def heads(qs: QuerySet[Any]) -> QuerySet[Any]:
    """The owner's heads."""
    return _through(qs, "owner__memberships", "owner").filter(post_role=Role.HEAD)


def helpers(qs: QuerySet[Any]) -> QuerySet[Any]:
    """Drafters and reviewers of the agencies that help."""
    return _through(qs, "helpers__agency__memberships", "helpers__agency").filter(post_role__in=WORKERS)


def office(qs: QuerySet[Any], *, above: bool = False) -> QuerySet[Any]:
    """The openness office of the obligation's place, or of the place above it."""
    agencies = "jurisdiction__parent__agencies" if above else "jurisdiction__agencies"
    rows = _through(qs, f"{agencies}__memberships", agencies).annotate(
        office_competent=F(f"{agencies}__is_competent"), office_until=F(f"{agencies}__valid_to")
    )
    return rows.filter(post_role=Role.OFFICE, office_competent=True, office_until__isnull=True)


def text(expression: Any) -> Cast:
    """A date or a key as it stands in a mark: 2026-11-30, 17; the same on both databases."""
    return Cast(expression, CharField(max_length=20))


def untold(qs: QuerySet[Any], kind: str, *, mark: Any, on: Any) -> QuerySet[Any, Row]:
    """The rows (see kinds.Row) whose reader was not told of this yet, in a lasting order."""
    told = Told.objects.filter(obligation=OuterRef("pk"), person=OuterRef("to"), kind=kind, mark=OuterRef("mark"))
    rows: QuerySet[Any, Row] = (
        qs.annotate(mark=mark, on=on)
        .filter(~Exists(told))
        .order_by("pk", "to")
        .values("pk", "to", "via", "mark", "on", "due_on", "due_at", "provisional", "standing")
        .distinct()
    )
    return rows

"""Who may see and touch what: the scope rule, and the only doors to agencies and suggestions (architecture invariant 5).

Out of scope is 404 (the record's existence is not betrayed); seen but not one's deed is `NotAllowed` (403 with a sentence).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from gongkai.agencies.auth import memberships_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, AgencySuggestion, Jurisdiction, Membership

__all__ = [
    "NotAllowed",
    "Scope",
    "access_agency",
    "access_suggestion",
    "agencies_for",
    "require_office",
    "require_reach",
    "scope_of",
    "suggestions_for",
]

Role = Membership.Role
ACTING = frozenset({Role.DRAFTER.value, Role.REVIEWER.value, Role.HEAD.value, Role.OFFICE.value})
"""Roles that act for their agency; a secrecy reviewer reads and reviews, no more."""


@dataclass(frozen=True)
class Scope:
    """What one person's memberships give. Empty for citizens."""

    agency_ids: frozenset[int] = frozenset()
    office_ids: frozenset[int] = frozenset()
    """Jurisdictions whose openness office this person is: the role counts only at the competent agency (条例第三条)."""
    competent_head_ids: frozenset[int] = frozenset()
    """Jurisdictions at whose competent agency this person is head."""
    seen_ids: frozenset[int] = frozenset()
    """Jurisdictions read as openness office: one's own and all below."""
    sees_all: bool = False
    """Every place of this installation is among `seen_ids`: a list needs no condition on the place then."""
    taken_over: frozenset[int] = frozenset()
    """Agencies that ended and whose powers one's own took over: what they left is answered for by whoever goes on (条例第十条)."""
    roles: dict[int, frozenset[str]] = field(default_factory=dict)
    """Agency, also one taken over → what one is there."""

    @property
    def kept_ids(self) -> frozenset[int]:
        """The agencies whose records one's own keep."""
        return self.agency_ids | self.taken_over

    def is_office_of(self, jurisdiction_id: int) -> bool:
        return jurisdiction_id in self.office_ids

    def acts_for(self, agency_id: int) -> bool:
        return bool(self.roles.get(agency_id, frozenset()) & ACTING)

    def heads(self, agency_id: int) -> bool:
        return Role.HEAD.value in self.roles.get(agency_id, frozenset())

    def directs(self, agency_id: int) -> bool:
        """May hand work to sections and persons of the agency: its head and its reviewers."""
        return bool(self.roles.get(agency_id, frozenset()) & {Role.HEAD.value, Role.REVIEWER.value})

    def heads_competent_agency_of(self, jurisdiction_id: int) -> bool:
        return jurisdiction_id in self.competent_head_ids

    @property
    def is_staff_member(self) -> bool:
        return bool(self.agency_ids)


def scope_of(user: Any) -> Scope:
    """The scope of a user (anonymous and inactive ones have none), told from the posts that the door has read already and kept on the user
    object, which lives one request."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Scope()
    cached = getattr(user, "_gongkai_scope", None)
    if isinstance(cached, Scope):
        return cached
    roles: dict[int, set[str]] = defaultdict(set)
    offices, heads, own, taken_over = set(), set(), set(), set()
    for post in memberships_of(user):
        own.add(post.agency_id)
        taken_over |= post.taken_over  # type: ignore[attr-defined]  # memberships_of says it
        for agency_id in (post.agency_id, *post.taken_over):  # type: ignore[attr-defined]
            roles[agency_id].add(post.role)
        if post.agency.is_competent and post.role == Role.OFFICE:
            offices.add(post.agency.jurisdiction_id)
        if post.agency.is_competent and post.role == Role.HEAD:
            heads.add(post.agency.jurisdiction_id)
    seen, places = _with_descendants(offices) if offices else (set(), 0)
    scope = Scope(
        agency_ids=frozenset(own),
        taken_over=frozenset(taken_over - own),
        office_ids=frozenset(offices),
        competent_head_ids=frozenset(heads),
        seen_ids=frozenset(seen),
        sees_all=bool(seen) and len(seen) == places,
        roles={agency_id: frozenset(names) for agency_id, names in roles.items()},
    )
    user._gongkai_scope = scope
    return scope


def _with_descendants(jurisdiction_ids: set[int]) -> tuple[set[int], int]:
    """The places with all below them, and how many places there are in all."""
    places = 0
    children: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent_id in Jurisdiction.objects.order_by().values_list("pk", "parent_id"):
        children[parent_id].append(pk)
        places += 1
    seen: set[int] = set()
    waiting = list(jurisdiction_ids)
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting.extend(children[here])
    return seen, places


def require_office(actor: Any, jurisdiction_id: int, deed: str) -> None:
    """Raises NotAllowed unless `actor` is the openness office of the jurisdiction.

    `None` is the operator at the command line of the installation, who needs no membership and is recorded as nobody; views pass a user.
    """
    if actor is not None and not scope_of(actor).is_office_of(jurisdiction_id):
        raise NotAllowed(f"{deed}由本地区政务公开主管部门办理")


def require_reach(jurisdiction_id: int, agencies: Iterable[Agency]) -> None:
    """A government's documents name its own agencies, those above and those below it; raises ActionRefused for any other."""
    wanted = list(agencies)
    strange = [a for a in wanted if a.jurisdiction_id != jurisdiction_id]
    if not strange:
        return
    parents = dict(Jurisdiction.objects.order_by().values_list("pk", "parent_id"))
    above, here = set(), parents.get(jurisdiction_id)
    while here is not None and here not in above:
        above.add(here)
        here = parents.get(here)
    reach = above | _with_descendants({jurisdiction_id})[0]
    if outside := [a.name for a in strange if a.jurisdiction_id not in reach]:
        raise ActionRefused(f"{'、'.join(outside)}不属于本地区及其上下级，不能指定")


def agencies_for(user: Any) -> QuerySet[Agency]:
    """The directory is open to every member of staff; nobody else needs it in the workbench."""
    rows = Agency.objects.select_related("jurisdiction")
    return rows if scope_of(user).is_staff_member else rows.none()


def access_agency(user: Any, pk: int) -> Agency:
    try:
        return agencies_for(user).get(pk=pk)
    except Agency.DoesNotExist as error:
        raise Http404("没有这个机构，或者不在您的范围内") from error


def suggestions_for(user: Any) -> QuerySet[AgencySuggestion]:
    """Units to be decided: those of the jurisdictions one is openness office of."""
    return AgencySuggestion.objects.filter(jurisdiction__in=scope_of(user).office_ids).select_related(
        "jurisdiction", "agency", "decided_by"
    )


def access_suggestion(user: Any, pk: int) -> AgencySuggestion:
    try:
        return suggestions_for(user).get(pk=pk)
    except AgencySuggestion.DoesNotExist as error:
        raise Http404("没有这个待确认单位，或者不在您的范围内") from error

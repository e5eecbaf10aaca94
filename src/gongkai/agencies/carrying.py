"""What this app itself keeps for an agency that ends or is divided: sections, posts, names, leaders, dependants, collectives.

Called by reorganising.py alone, inside its transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Q

from gongkai.agencies.models import Agency, AgencyAlias, CollectiveName, Leader, Membership, Section, User
from gongkai.agencies.names import normal
from gongkai.agencies.signals import leaders_changed


def sections(rows: Iterable[Section], where: Callable[[Section], Agency | None], on: date) -> dict[int, Section]:
    """The sections go on under the same name where `where` says; the old rows end the day before. Old section id → new row."""
    found: dict[int, Section] = {}
    for old in rows:
        heir = where(old)
        if heir is None:
            continue
        said = {"functions": old.functions, "phone": old.phone, "position": old.position}
        new, made = Section.objects.get_or_create(agency=heir, name=old.name, defaults=said)
        if not made and new.valid_to is not None:
            new.valid_to = None
            new.save(update_fields=["valid_to"])
        old.valid_to = on - timedelta(1)
        old.save(update_fields=["valid_to"])
        found[old.pk] = new
    return found


def posts(rows: Iterable[Membership], where: Callable[[Membership], Agency | None], moved: Mapping[int, Section]) -> int:
    """The people go along; a post somebody has there already is not doubled. Returns how many posts."""
    n = 0
    for post in rows:
        heir = where(post)
        if heir is None:
            continue
        n += 1
        section = moved.get(post.section_id or 0)
        if Membership.objects.filter(user=post.user_id, agency=heir, role=post.role).exists():
            post.delete()
            continue
        post.agency, post.section = heir, section if section is not None and section.agency_id == heir.pk else None
        post.save(update_fields=["agency", "section"])
    return n


def end(old: Agency, heir: Agency, on: date, actor: User | None) -> None:
    """The agency ends the day before; its names, dependants, seats in collectives and, where it was, its being competent go to the heir."""
    last = on - timedelta(1)
    competent, old.is_competent = old.is_competent, False
    old.valid_to, old.successor = last, heir
    old.save(update_fields=["valid_to", "successor", "is_competent"])
    if heir.parent_id == old.pk:
        heir.parent_id = old.parent_id if old.parent_id != heir.pk else None
        heir.save(update_fields=["parent"])
    if competent:
        heir.is_competent = True
        heir.save(update_fields=["is_competent"])
    Agency.objects.filter(parent=old, valid_to__isnull=True).exclude(pk=heir.pk).update(parent=heir)
    Section.objects.filter(agency=old, valid_to__isnull=True).update(valid_to=last)
    for collective in CollectiveName.objects.filter(members=old):
        collective.members.add(heir)  # the old one stays a member for the days it existed
    _names(old, heir, actor)
    leaving = list(Leader.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=last), agency=old, valid_to__isnull=True))
    for leader in leaving:
        leader.valid_to = last
        leader.save(update_fields=["valid_to"])
        leaders_changed.send(sender=Leader, leader=leader, on=on, actor=actor)


def _names(old: Agency, heir: Agency, actor: User | None) -> None:
    """What the old agency was called means the heir; matching prefers whoever bears the name on the day of the document."""
    AgencyAlias.objects.filter(agency=old).update(agency=heir, origin=AgencyAlias.Origin.FORMER)
    for text in filter(None, {normal(old.name), normal(old.short_name)}):
        AgencyAlias.objects.get_or_create(
            jurisdiction=old.jurisdiction,
            text=text,
            defaults={"agency": heir, "origin": AgencyAlias.Origin.FORMER, "created_by": actor},
        )

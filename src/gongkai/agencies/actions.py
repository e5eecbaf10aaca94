"""Everything that changes the directory. The openness office of the jurisdiction keeps it; what a document calls somebody is decided here.

`actor=None` is the operator at the command line (see access.require_office). Raises NotAllowed or ActionRefused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.access import require_office, require_reach
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, AgencyAlias, AgencySuggestion, CollectiveName, Jurisdiction, Section, User
from gongkai.agencies.names import normal
from gongkai.agencies.signals import directory_changed, suggestion_decided
from gongkai.journal.actions import fields_of, record

__all__ = [
    "ActionRefused",
    "NotAllowed",
    "add_alias",
    "create_from_suggestion",
    "dismiss_suggestion",
    "keep_collective",
    "match_suggestion",
    "register_agency",
    "rename_agency",
    "suggest",
    "suggestion_is_collective",
]


def _holder(jurisdiction: Jurisdiction, text: str) -> Agency | None:
    """Who already answers to exactly this name or alias here."""
    for agency in Agency.objects.filter(jurisdiction=jurisdiction, valid_to__isnull=True).order_by("pk"):
        if normal(agency.name) == text:
            return agency
    alias = AgencyAlias.objects.filter(jurisdiction=jurisdiction, text=text).select_related("agency").first()
    return alias.agency if alias else None


def _next_code(jurisdiction: Jurisdiction) -> str:
    prefix = f"{jurisdiction.code}-"
    codes = Agency.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(tail) for code in codes if (tail := code.removeprefix(prefix)).isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:03}"


@transaction.atomic
def register_agency(
    jurisdiction: Jurisdiction,
    name: str,
    short_name: str,
    kind: str,
    actor: User | None,
    *,
    code: str = "",
    parent: Agency | None = None,
    is_competent: bool = False,
    address: str = "",
    phone: str = "",
    valid_from: date | None = None,
    announce: bool = True,
) -> Agency:
    """A new row of the directory. Refused when its name already means somebody, or a second competent department is named.

    A caller with many changes says `announce=False` and sends `directory_changed` once itself.
    """
    require_office(actor, jurisdiction.pk, "登记机构")
    Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
    name, short_name = normal(name), normal(short_name)
    reasons = []
    if not name:
        reasons.append("请填写机构全称")
    elif holder := _holder(jurisdiction, name):
        reasons.append(f"“{name}”已是{holder.name}的名称，不用重复登记")
    if short_name and (holder := _holder(jurisdiction, short_name)):
        reasons.append(f"简称“{short_name}”已用于{holder.name}")
    if kind not in Agency.Kind.values:
        reasons.append("请选择机构类别")
    if is_competent and Agency.objects.filter(jurisdiction=jurisdiction, is_competent=True, valid_to__isnull=True).exists():
        reasons.append(f"{jurisdiction.name}已有政府信息公开工作主管部门")
    if code and Agency.objects.filter(code=code).exists():
        reasons.append(f"机构代码“{code}”已被使用")
    if reasons:
        raise ActionRefused(reasons)
    agency = Agency.objects.create(
        jurisdiction=jurisdiction,
        code=code or _next_code(jurisdiction),
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        is_competent=is_competent,
        address=address,
        phone=phone,
        valid_from=valid_from,
    )
    record("agency.registered", agency, actor=actor, new=fields_of(agency), agency_id=agency.pk, place=jurisdiction.pk)
    if announce:
        directory_changed.send(sender=Agency, jurisdiction=jurisdiction, actor=actor, registered=[agency])
    return agency


@transaction.atomic
def add_alias(
    agency: Agency,
    text: str,
    actor: User | None,
    *,
    jurisdiction: Jurisdiction | None = None,
    origin: str = AgencyAlias.Origin.OFFICIAL,
    announce: bool = True,
) -> AgencyAlias:
    """One more wording for an agency, in documents of `jurisdiction` (its own unless given). Refused when the wording means another."""
    place = jurisdiction or agency.jurisdiction
    require_office(actor, place.pk, "登记机构别名")
    require_reach(place.pk, [agency])
    wording = normal(text)
    if not wording:
        raise ActionRefused("请填写别名")
    if len(wording) > 120:
        raise ActionRefused("别名不能超过 120 个字")
    existing = AgencyAlias.objects.filter(jurisdiction=place, text=wording).first()
    if existing and existing.agency_id == agency.pk:
        return existing
    holder = _holder(place, wording)
    if holder and holder.pk != agency.pk:
        raise ActionRefused(f"“{wording}”已指{holder.name}，一个称谓只能对应一个机构")
    try:
        with transaction.atomic():
            alias = AgencyAlias.objects.create(agency=agency, jurisdiction=place, text=wording, origin=origin, created_by=actor)
    except IntegrityError as error:  # somebody else gave it away in the same moment
        raise ActionRefused(f"“{wording}”刚刚被另一个机构登记，请刷新后再看") from error
    record("agency.alias_added", alias, actor=actor, new=fields_of(alias, "text", "origin"), agency_id=agency.pk, place=place.pk)
    if announce:
        directory_changed.send(sender=AgencyAlias, jurisdiction=place, actor=actor)
    return alias


@transaction.atomic
def rename_agency(agency: Agency, new_name: str, actor: User | None, on: date, *, short_name: str | None = None) -> Agency:
    """更名: the agency stays the same row; its old names become aliases, so that older documents still find it.

    `short_name` None leaves the short name as it is.
    """
    require_office(actor, agency.jurisdiction_id, "更名")
    agency = Agency.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=agency.pk)
    short = normal(agency.short_name if short_name is None else short_name)
    new, olds = (normal(new_name), short), (normal(agency.name), normal(agency.short_name))
    if not new[0]:
        raise ActionRefused("请填写新名称")
    if new == olds:
        return agency
    for text in filter(None, new):
        holder = _holder(agency.jurisdiction, text)
        if holder and holder.pk != agency.pk:
            raise ActionRefused(f"“{text}”已是{holder.name}的名称")
    if agency.valid_from and on < agency.valid_from:
        raise ActionRefused("更名日期早于机构设立日期")
    was = fields_of(agency, "name", "short_name")
    agency.name, agency.short_name = new
    agency.save(update_fields=["name", "short_name"])
    now = {**fields_of(agency, "name", "short_name"), "on": on}
    record("agency.renamed", agency, actor=actor, old=was, new=now, agency_id=agency.pk, place=agency.jurisdiction_id)
    for text in filter(None, set(olds) - set(new)):
        AgencyAlias.objects.get_or_create(
            jurisdiction=agency.jurisdiction,
            text=text,
            defaults={"agency": agency, "origin": AgencyAlias.Origin.FORMER, "created_by": actor, "used_until": on},
        )
    directory_changed.send(sender=Agency, jurisdiction=agency.jurisdiction, actor=actor, renamed=[agency])
    return agency


def keep_collective(collective: CollectiveName) -> CollectiveName:
    """Saves a collective name found by pattern, once per jurisdiction and wording."""
    if collective.pk:
        return collective
    kept, _made = CollectiveName.objects.get_or_create(
        jurisdiction=collective.jurisdiction, text=collective.text, defaults={"rule": collective.rule}
    )
    return kept


def suggest(jurisdiction: Jurisdiction, found: Iterable[tuple[str, str]]) -> int:
    """Notes unknown units as (wording, context) for a person to decide. Those noted before stay as they are; returns how many are new."""
    wanted: dict[str, str] = {}
    for text, context in found:
        if wording := normal(text)[:200]:
            wanted.setdefault(wording, context[:300])
    known = set(AgencySuggestion.objects.filter(jurisdiction=jurisdiction, text__in=list(wanted)).values_list("text", flat=True))
    fresh = [
        AgencySuggestion(jurisdiction=jurisdiction, text=text, context=context) for text, context in wanted.items() if text not in known
    ]
    AgencySuggestion.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _open(suggestion: AgencySuggestion, actor: User | None) -> AgencySuggestion:
    """The suggestion, locked and still undecided."""
    require_office(actor, suggestion.jurisdiction_id, "确认单位")
    locked = AgencySuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if locked.state != AgencySuggestion.State.OPEN:
        raise ActionRefused(f"“{locked.text}”已经确认过：{locked.get_state_display()}")
    return locked


def _decide(suggestion: AgencySuggestion, state: str, actor: User | None, section: Section | None = None) -> AgencySuggestion:
    columns = ("state", "agency_id", "collective_id")
    was = fields_of(AgencySuggestion.objects.get(pk=suggestion.pk), *columns)
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, actor, timezone.now()
    suggestion.save()
    now = {**fields_of(suggestion, *columns), **({"section": section} if section else {})}
    record("suggestion.decided", suggestion, actor=actor, old=was, new=now, place=suggestion.jurisdiction_id, note=suggestion.text)
    suggestion_decided.send(sender=AgencySuggestion, suggestion=suggestion, section=section, actor=actor)
    return suggestion


@transaction.atomic
def match_suggestion(suggestion: AgencySuggestion, agency: Agency, actor: User | None, *, as_section: bool = False) -> AgencySuggestion:
    """The wording means this agency and becomes its alias; or, `as_section`, names one of its sections."""
    suggestion = _open(suggestion, actor)
    require_reach(suggestion.jurisdiction_id, [agency])
    section = None
    if as_section:
        section, _made = Section.objects.get_or_create(agency=agency, name=suggestion.text[:80])
    else:
        add_alias(agency, suggestion.text, actor, jurisdiction=suggestion.jurisdiction, origin=AgencyAlias.Origin.CONFIRMED)
    suggestion.agency = agency
    state = AgencySuggestion.State.SECTION if as_section else AgencySuggestion.State.MATCHED
    return _decide(suggestion, state, actor, section)


@transaction.atomic
def create_from_suggestion(suggestion: AgencySuggestion, actor: User | None, name: str, short_name: str, kind: str) -> AgencySuggestion:
    """The wording is a body the directory did not know: registers it, by a person's decision and no other way."""
    suggestion = _open(suggestion, actor)
    agency = register_agency(suggestion.jurisdiction, name, short_name, kind, actor)
    if suggestion.text not in (agency.name, agency.short_name):
        add_alias(agency, suggestion.text, actor, origin=AgencyAlias.Origin.CONFIRMED)
    suggestion.agency = agency
    return _decide(suggestion, AgencySuggestion.State.CREATED, actor)


@transaction.atomic
def suggestion_is_collective(
    suggestion: AgencySuggestion, actor: User | None, rule: str, members: Iterable[Agency] = ()
) -> AgencySuggestion:
    """The wording means a set: by rule, or the listed members (rule explicit)."""
    suggestion = _open(suggestion, actor)
    listed = list(members)
    if rule not in CollectiveName.Rule.values:
        raise ActionRefused("请选择集合称谓的范围")
    if rule == CollectiveName.Rule.EXPLICIT and not listed:
        raise ActionRefused("请选出这个称谓所指的单位")
    require_reach(suggestion.jurisdiction_id, listed)
    collective, _made = CollectiveName.objects.update_or_create(
        jurisdiction=suggestion.jurisdiction, text=suggestion.text[:120], defaults={"rule": rule}
    )
    collective.members.set(listed if rule == CollectiveName.Rule.EXPLICIT else [])
    suggestion.collective = collective
    return _decide(suggestion, AgencySuggestion.State.COLLECTIVE, actor)


@transaction.atomic
def dismiss_suggestion(suggestion: AgencySuggestion, actor: User | None) -> AgencySuggestion:
    """Not an agency at all (a reading error, a phrase). The units named so stay unresolved in their drafts until edited there."""
    return _decide(_open(suggestion, actor), AgencySuggestion.State.DISMISSED, actor)

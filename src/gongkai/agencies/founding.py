"""How an installation begins: the jurisdiction with its competent department and first account, then its agencies from a table.

These are deeds of the operator at the command line, so there is no actor. Each happens whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from gongkai.agencies.actions import add_alias, register_agency
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Jurisdiction, Membership, Section, User
from gongkai.agencies.names import normal
from gongkai.agencies.people import RowsRefused, account_faults, fresh_password, note_post, note_sections
from gongkai.agencies.signals import directory_changed
from gongkai.journal.actions import fields_of, record

CODE = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")
"""GB/T 2260, and with the digits of GB/T 10114 for townships and below."""
_GOVERNMENT_OFFICE = re.compile(r"(.+人民政府)办公[室厅]")
_LEVELS: list[str] = list(Jurisdiction.Level.values)


@dataclass(frozen=True)
class Founded:
    jurisdiction: Jurisdiction
    office: Agency
    user: User
    password: str
    """Shown once by the caller and kept nowhere."""


@dataclass(frozen=True)
class Founding:
    """What is asked of `found`: texts as typed."""

    code: str
    name: str
    level: str
    office: str
    username: str
    display_name: str
    office_short: str = ""
    parent: str = ""
    head: bool = False


def _too_long(model: type[Agency | Jurisdiction | Section], name: str, text: str) -> str:
    limit = getattr(model._meta.get_field(name), "max_length", None)
    return f"“{text[:10]}…”超过 {limit} 个字" if limit and len(text) > limit else ""


def _place_faults(asked: Founding, parent: Jurisdiction | None) -> list[str]:
    faults = []
    if not CODE.fullmatch(asked.code):
        faults.append(f"行政区划代码“{asked.code}”要是 6、9 或 12 位数字")
    if not normal(asked.name):
        faults.append("请写行政区划名称")
    if asked.level not in _LEVELS:
        faults.append(f"没有“{asked.level}”这个层级，可写 {'、'.join(_LEVELS)}")
    if asked.parent and parent is None:
        faults.append(f"没有上级行政区划 {asked.parent}，先建立上级，或不写 --parent")
    elif parent and asked.level in _LEVELS and _LEVELS.index(parent.level) >= _LEVELS.index(asked.level):
        faults.append(f"上级{parent.name}是{parent.get_level_display()}，不高于{Jurisdiction.Level(asked.level).label}")
    lengths = ((Jurisdiction, "name", normal(asked.name)), (Agency, "name", normal(asked.office)))
    faults += [fault for model, name, text in lengths if (fault := _too_long(model, name, text))]
    return [*faults, *(fault for fault in [_too_long(Agency, "short_name", normal(asked.office_short))] if fault)]


def found(asked: Founding) -> Founded:
    """The jurisdiction, its government and the government's office as competent department (条例第三条), and the first account there.

    Raises ActionRefused with every reason; a code that exists is refused before anything else is looked at.
    """
    if there := Jurisdiction.objects.filter(code=asked.code).first():
        raise ActionRefused(f"{there.name}（{there.code}）已经建立，不用再建")
    parent = Jurisdiction.objects.filter(code=asked.parent).first() if asked.parent else None
    username = User.normalize_username(asked.username.strip())
    faults = _place_faults(asked, parent) + account_faults(username, asked.display_name)
    if User.objects.filter(username=username).exists():
        faults.append(f"用户名 {username} 已有人使用，换一个")
    if faults:
        raise ActionRefused(faults)
    password = fresh_password()
    try:
        with transaction.atomic():
            place = Jurisdiction.objects.create(code=asked.code, name=normal(asked.name), level=asked.level, parent=parent)
            record("place.founded", place, actor=None, new=fields_of(place), place=place.pk)
            if government := _GOVERNMENT_OFFICE.fullmatch(normal(asked.office)):
                register_agency(place, government[1], "", Agency.Kind.GOVERNMENT, None)
            office = register_agency(place, asked.office, asked.office_short, Agency.Kind.OFFICE, None, is_competent=True)
            user = User.objects.create_user(username, password=password, display_name=asked.display_name.strip())
            roles = [Membership.Role.OFFICE, *([Membership.Role.HEAD] if asked.head else [])]
            record("account.opened", user, actor=None, new=fields_of(user, "username", "display_name"), place=place.pk)
            for role in roles:
                note_post(Membership.objects.create(user=user, agency=office, role=role))
    except IntegrityError as error:  # somebody founded it, or took the name, in the same moment
        raise ActionRefused(f"{asked.code} 或用户名 {username} 刚刚被另一次建立占用") from error
    return Founded(place, office, user, password)


@dataclass(frozen=True)
class AgencyRow:
    """One row of the table. `kind` is the Chinese name of Agency.Kind; `parent` a name or code, in the table or the directory."""

    line: int
    name: str
    kind: str
    short_name: str = ""
    code: str = ""
    aliases: Sequence[str] = ()
    sections: Sequence[str] = ()
    parent: str = ""


@dataclass
class ImportedAgencies:
    created: list[Agency] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Names that are in the directory already; these agencies are left as they are."""


def _row_faults(row: AgencyRow, seen: dict[str, int], meant: dict[str, str]) -> list[str]:
    """What is wrong with the row in itself, or beside the rows above it (`seen`: name → line) and whom short names mean (`meant`).

    Notes the row's own wordings in `meant`.
    """
    name = normal(row.name)
    if not name:
        return ["名称是空的，填写机构全称"]
    if name in seen:
        return [f"“{name}”与第 {seen[name]} 行重复，删去一行"]
    faults = []
    if row.kind not in Agency.Kind.labels:
        faults.append(f"没有“{row.kind}”这个类别，写{'、'.join(Agency.Kind.labels)}之一")
    for wording in {normal(text) for text in (row.short_name, *row.aliases)} - {"", name}:
        if (holder := meant.setdefault(wording, name)) != name:
            faults.append(f"“{wording}”已指{holder}，一个称谓只能对应一个机构，删去或改写")
    lengths: list[tuple[type[Agency | Section], str, str]] = [(Agency, "name", name), (Agency, "short_name", normal(row.short_name))]
    lengths += [(Agency, "code", row.code), *((Section, "name", section) for section in row.sections)]
    faults += [fault + "，写短些" for model, key, text in lengths if (fault := _too_long(model, key, text))]
    return faults


def _register(place: Jurisdiction, row: AgencyRow) -> Agency:
    kind = Agency.Kind.values[Agency.Kind.labels.index(row.kind)]
    agency = register_agency(place, row.name, row.short_name, kind, None, code=row.code, announce=False)
    for alias in row.aliases:
        if normal(alias) not in (agency.name, agency.short_name):
            add_alias(agency, alias, None, announce=False)
    sections = [Section(agency=agency, name=name) for name in dict.fromkeys(map(normal, row.sections)) if name]
    note_sections(Section.objects.bulk_create(sections))
    return agency


def _set_parents(place: Jurisdiction, made: list[tuple[AgencyRow, Agency]]) -> list[tuple[int, str]]:
    """主管单位 of the new agencies; returns the rows whose parent is nobody, or in the end themselves."""
    known: dict[str, Agency] = {}
    for agency in Agency.objects.filter(valid_to__isnull=True).order_by("pk"):
        own = agency.jurisdiction_id == place.pk
        for text in (agency.code, normal(agency.name), *([agency.short_name] if own and agency.short_name else [])):
            if own or text not in known:
                known[text] = agency
    faults, above = [], {}
    for row, agency in made:
        if row.parent:
            parent = known.get(row.parent) or known.get(normal(row.parent))
            if parent is None:
                faults.append((row.line, f"没有主管单位“{row.parent}”，写全称、简称或代码，或在表中加上它"))
            else:
                above[agency.pk] = parent
    for row, agency in made:
        walked, here = {agency.pk}, above.get(agency.pk)
        while here is not None and here.pk not in walked:
            walked.add(here.pk)
            here = above.get(here.pk)
        if here is not None:
            faults.append((row.line, f"主管单位“{row.parent}”转回到自己，改正其中一行"))
        elif agency.pk in above:
            agency.parent = above[agency.pk]
            agency.save(update_fields=["parent"])
            record("agency.subordinated", agency, actor=None, new=fields_of(agency, "parent_id"), agency_id=agency.pk, place=place.pk)
    return faults


def import_agencies(
    place: Jurisdiction, rows: Sequence[AgencyRow], *, announce: bool = True, unread: Sequence[tuple[int, str]] = ()
) -> ImportedAgencies:
    """Registers the rows whose name is new. RowsRefused names every bad row, those the caller could not read (`unread`) among them.

    Then nothing stays written. `announce` False: nobody hears of it, because the caller's transaction will not stand (a dry run).
    """
    result = ImportedAgencies()
    faults = list(unread)
    made: list[tuple[AgencyRow, Agency]] = []
    seen: dict[str, int] = {}
    with transaction.atomic():
        living = Agency.objects.filter(jurisdiction=place, valid_to__isnull=True).values_list("name", "short_name")
        there = {normal(name) for name, _short in living}
        meant = {normal(short): normal(name) for name, short in living if short}
        fresh = []
        for row in rows:
            if (name := normal(row.name)) in there and name not in seen:
                result.skipped.append(name)
            elif wrong := _row_faults(row, seen, meant):
                faults += [(row.line, fault) for fault in wrong]
            else:
                fresh.append(row)
            seen.setdefault(name, row.line)
        for row in sorted(fresh, key=lambda row: not row.code):  # given codes first: the others take numbers left over
            try:
                with transaction.atomic():
                    made.append((row, _register(place, row)))
            except ActionRefused as error:
                faults += [(row.line, reason) for reason in error.reasons]
        if not faults:
            faults += _set_parents(place, made)
        if faults:
            transaction.set_rollback(True)
        elif made and announce:
            directory_changed.send(sender=Agency, jurisdiction=place, actor=None, registered=[agency for _row, agency in made])
    if faults:
        raise RowsRefused(faults)
    result.created = [agency for _row, agency in sorted(made, key=lambda pair: pair[0].line)]
    return result

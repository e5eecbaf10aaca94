"""机构职能、内设机构职责、办公信息 kept by the agency itself or the openness office of its place; every change is in the journal and makes
a new version of the guide where the guide says it (guides.py). The same values again change nothing and are no deed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies import guides
from gongkai.agencies.access import require_office, scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, AgencyProfile, GuideText, Jurisdiction, Section, User
from gongkai.agencies.names import normal
from gongkai.agencies.signals import profile_confirmed
from gongkai.journal.actions import fields_of, record

OF_AGENCY = ("address", "phone")
OF_PROFILE = (
    "functions",
    "office_hours",
    "fax",
    "email",
    "postal_code",
    "website",
    "map_text",
    "intake_name",
    "intake_address",
    "intake_hours",
    "intake_phone",
    "intake_fax",
    "intake_email",
    "intake_postal_code",
    "intake_url",
)
FIELDS = OF_AGENCY + OF_PROFILE
MOST_FUNCTIONS, LONGEST_FUNCTION = 60, 500
_TELEPHONE = re.compile(r"[0-9０-９()（）\-－ 　+、,，;；转拨]{5,40}")
_EMAIL = re.compile(r"[^@\s<>]{1,64}@[A-Za-z0-9.-]{3,60}")
NONE_SAID = "未设"
"""A field may say in words that there is no such thing (未设传真)."""


def role_reason(agency: Agency, actor: Any) -> str:
    """Why this person does not keep what the agency tells of itself; empty when he does. `None` is the operator at the command line."""
    if actor is None:
        return ""
    scope = scope_of(actor)
    if scope.is_office_of(agency.jurisdiction_id) or scope.acts_for(agency.pk):
        return ""
    return "机构信息由本单位经办人、审核人、负责人或本地区政务公开主管部门维护"


def confirm_reason(agency: Agency, actor: Any) -> str:
    """核对 is for who answers: a reviewer or the head of the agency, or the openness office of the place."""
    if actor is None:
        return ""
    scope = scope_of(actor)
    if scope.is_office_of(agency.jurisdiction_id) or scope.directs(agency.pk):
        return ""
    return "机构信息由本单位审核人、负责人或本地区政务公开主管部门核对"


def clean(values: Mapping[str, str]) -> dict[str, str]:
    """Blanks at the ends and empty lines dropped; functions lose the numbers they were copied with, for the page numbers them itself."""
    found = {}
    for name, value in values.items():
        if name == "functions":
            lines = (re.sub(r"^\s*(?:[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．]\s*)", "", line).strip() for line in value.splitlines())
            found[name] = "\n".join(line for line in lines if line)
        else:
            found[name] = " ".join(value.split())
    return found


def value_reasons(values: Mapping[str, str]) -> dict[str, str]:
    """Field → why it cannot be so; `values` are clean."""
    wrong: dict[str, str] = {}
    for name, value in values.items():
        model: Any = Agency if name in OF_AGENCY else AgencyProfile
        most = model._meta.get_field(name).max_length
        if "\x00" in value:
            wrong[name] = "有不能保存的字符，请重新输入"
        elif most and len(value) > most:
            wrong[name] = f"不能超过 {most} 个字"
        elif value and not value.startswith(NONE_SAID) and (said := _form_reason(name, value)):
            wrong[name] = said
    return wrong


def _form_reason(name: str, value: str) -> str:
    if name.endswith(("phone", "fax")) and not _TELEPHONE.fullmatch(value):
        return "写成带区号的号码，如 0000-0000001；没有的写“未设”"
    if name.endswith("email") and not _EMAIL.fullmatch(value):
        return "写成 name@example.gov.cn 的样子；没有的写“未设”"
    if name.endswith("postal_code") and not re.fullmatch(r"[0-9]{6}", value):
        return "邮政编码是六位数字"
    if name in ("website", "intake_url") and not re.fullmatch(r"https?://[^\s<>\"]{4,190}", value):
        return "网址以 http:// 或 https:// 开头"
    if name == "functions":
        lines = value.splitlines()
        if len(lines) > MOST_FUNCTIONS:
            return f"职能最多 {MOST_FUNCTIONS} 条，一行一条"
        if long := next((n for n, line in enumerate(lines, 1) if len(line) > LONGEST_FUNCTION), 0):
            return f"第 {long} 条超过 {LONGEST_FUNCTION} 个字，拆成几条"
    return ""


def living_reasons(agency: Agency) -> list[str]:
    return [f"{agency.name}已于 {agency.valid_to} 撤销，信息不再修改"] if agency.valid_to else []


@transaction.atomic
def save_profile(agency: Agency, actor: User | None, values: Mapping[str, str]) -> bool:
    """`values`: any of FIELDS, those left out stay as they are. Whether anything changed.

    Raises NotAllowed, or ActionRefused with every reason.
    """
    if refusal := role_reason(agency, actor):
        raise NotAllowed(refusal)
    cleaned = clean({name: value for name, value in values.items() if name in FIELDS})
    reasons = living_reasons(agency) + [f"{label_of(name)}：{said}" for name, said in value_reasons(cleaned).items()]
    if reasons:
        raise ActionRefused(reasons)
    locked = Agency.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=agency.pk)
    profile, _made = AgencyProfile.objects.get_or_create(agency=locked)
    old: dict[str, Any] = {}
    for name, value in cleaned.items():
        row: Any = locked if name in OF_AGENCY else profile
        if (was := getattr(row, name)) != value:
            old[name] = was
            setattr(row, name, value)
    if not old:
        return False
    if changed := [name for name in old if name in OF_AGENCY]:
        locked.save(update_fields=changed)
    profile.save()
    new = {name: cleaned[name] for name in old}
    record("agency.profile_changed", locked, actor=actor, old=old, new=new, agency_id=locked.pk, place=locked.jurisdiction_id)
    guides.renew([_loaded(locked.pk)], actor, f"修改{'、'.join(label_of(name) for name in old)}")
    return True


def _loaded(pk: int) -> Agency:
    return Agency.objects.select_related("jurisdiction", "profile").get(pk=pk)


def label_of(name: str) -> str:
    model: Any = Agency if name in OF_AGENCY else AgencyProfile
    return str(model._meta.get_field(name).verbose_name)


def confirm_reasons(agency: Agency) -> list[str]:
    """Why it cannot be confirmed now: what lacks must be filled in first."""
    if agency.kind not in guides.rules().kinds:
        return living_reasons(agency)
    return living_reasons(agency) + [f"{field.label}还没有填写：{field.mend}" for field in guides.missing(agency)]


@transaction.atomic
def confirm(agency: Agency, actor: User | None, on: date | None = None) -> bool:
    """核对: all of it is as it is in truth on this day. A second time on the same day changes nothing."""
    if refusal := confirm_reason(agency, actor):
        raise NotAllowed(refusal)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise ActionRefused("核对日期不能晚于今天")
    Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    fresh = Agency.objects.select_related("jurisdiction", "profile").get(pk=agency.pk)
    if reasons := confirm_reasons(fresh):
        raise ActionRefused(reasons)
    profile = guides.profile_of(fresh)
    if profile.confirmed_on == day:
        return False
    old = {"confirmed_on": profile.confirmed_on}
    profile.confirmed_on, profile.confirmed_by = day, actor
    profile.save()
    record(
        "agency.profile_confirmed", fresh, actor=actor, old=old, new={"confirmed_on": day}, agency_id=fresh.pk, place=fresh.jurisdiction_id
    )
    guides.renew([_loaded(fresh.pk)], actor, "核对")
    profile_confirmed.send(sender=AgencyProfile, agency=fresh, on=day, actor=actor)
    return True


# -- 内设机构 ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_section(
    agency: Agency,
    actor: User | None,
    *,
    name: str,
    functions: str = "",
    phone: str = "",
    position: int | None = None,
    section: Section | None = None,
) -> Section:
    """A section added, or changed when `section` is given or one of the name is there. One that has ended begins again."""
    if refusal := role_reason(agency, actor):
        raise NotAllowed(refusal)
    name, said = normal(name), clean({"functions": functions, "phone": phone})
    reasons = living_reasons(agency)
    if not name or len(name) > 80:
        reasons.append("请写内设机构名称，不超过 80 个字")
    reasons += [f"{'职责' if field == 'functions' else '电话'}：{why}" for field, why in value_reasons(said).items()]
    if reasons:
        raise ActionRefused(reasons)
    Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    row = section or Section.objects.filter(agency=agency, name=name).first()
    made = row is None
    if row is None:
        last = agency.sections.order_by("-position").values_list("position", flat=True).first() or 0
        row = Section(agency=agency, position=last + 1)
    old = {} if made else fields_of(row, "name", "functions", "phone", "position", "valid_to")
    row.name, row.functions, row.phone, row.valid_to = name, said["functions"], said["phone"], None
    row.position = position or row.position
    new = fields_of(row, "name", "functions", "phone", "position", "valid_to")
    if old == new:
        return row
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ActionRefused(f"{agency.name}已有“{name}”，请改它的那一条") from error
    verb = "section.added" if made else "section.changed"
    record(verb, row, actor=actor, old=old, new=new, agency_id=agency.pk, place=agency.jurisdiction_id, note=name)
    return row


@transaction.atomic
def end_section(section: Section, actor: User | None, on: date) -> Section:
    """撤销: `on` is its last day; its people and past work keep their row. A second time changes nothing."""
    agency = section.agency
    if refusal := role_reason(agency, actor):
        raise NotAllowed(refusal)
    if section.valid_to is not None:
        return section
    if on > timezone.localdate():
        raise ActionRefused("撤销日期不能晚于今天")
    section.valid_to = on
    section.save(update_fields=["valid_to"])
    record(
        "section.ended",
        section,
        actor=actor,
        new={"valid_to": on},
        agency_id=agency.pk,
        place=agency.jurisdiction_id,
        note=section.name,
    )
    return section


# -- the words of a place ---------------------------------------------------------------------------------------------


@transaction.atomic
def set_guide_text(place: Jurisdiction, actor: User | None, part: str, text: str) -> bool:
    """A part of every guide of the place in its own words; empty takes the words of the rules again. Whether anything changed."""
    require_office(actor, place.pk, "指南的通用文字")
    rule = guides.rules().part(part)
    if rule is None:
        raise ActionRefused("指南没有这一部分")
    text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    if len(text) > 5000 or "\x00" in text:
        raise ActionRefused(f"“{rule.title}”的文字不能超过 5000 个字，不能有特殊字符")
    Jurisdiction.objects.select_for_update().get(pk=place.pk)
    row = GuideText.objects.filter(jurisdiction=place, part=part).first()
    if (row.text if row else "") == text:
        return False
    old = {"text": row.text} if row else {}
    if not text:
        assert row is not None
        row.delete()
        about: Any = ("guidetext", f"{place.code} {part}")
    else:
        about, _made = GuideText.objects.update_or_create(jurisdiction=place, part=part, defaults={"text": text})
    record("guide.worded", about, actor=actor, old=old, new={"text": text}, place=place.pk, note=rule.title)
    guides.renew(guides.of_place(place), actor, f"修改“{rule.title}”")
    return True

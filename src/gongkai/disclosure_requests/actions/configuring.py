"""依申请公开设置 of a place, by its openness office: what the law leaves to it, and what it may set stricter. Every change stands in the
journal with the old and the new value."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from django.core.exceptions import ValidationError

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Jurisdiction, User
from gongkai.disclosure_requests.actions.base import insist, lock, perform
from gongkai.disclosure_requests.models import Deed, PlaceSettings

FIELDS = (
    *("confirm_at_once", "sends_receipt", "clarify_days", "frequent_items", "charges", "reconsideration_organ", "court"),
    *("retention_years", "without_script", "plain_an_hour", "contact_test_days", "number_pattern", "reply_pattern"),
)
BOUNDS: Mapping[str, tuple[int, int]] = {
    "clarify_days": (1, 60),
    "frequent_items": (1, 1000),
    "retention_years": (1, 100),
    "plain_an_hour": (1, 1000),
    "contact_test_days": (0, 365),
}
PATTERNS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "number_pattern": (("code",), ("year",), ("n",)),
    "reply_pattern": (("agency", "code"), ("year",), ("n",)),
}
"""What a pattern must hold, one of each: without it two requests would have one number."""
MAY = ("code", "agency", "place", "year", "n")


def configure_role(actor: User, place_id: int) -> str:
    return "" if scope_of(actor).is_office_of(place_id) else "依申请公开设置由本地区政务公开主管部门确定"


def reasons(values: Mapping[str, Any]) -> list[str]:
    """Why these values cannot be set, a sentence each."""
    found = []
    for name, (least, most) in BOUNDS.items():
        if name in values and not least <= values[name] <= most:
            found.append(f"“{_label(name)}”写 {least} 到 {most} 之间的整数")
    for name, wanted in PATTERNS.items():
        if name in values:
            found += _pattern_reasons(_label(name), str(values[name]), wanted)
    return found


def _label(name: str) -> str:
    return str(PlaceSettings._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _pattern_reasons(label: str, pattern: str, wanted: tuple[tuple[str, ...], ...]) -> list[str]:
    sample = {"code": "990100-03", "agency": "发改", "place": "990100", "year": 2026, "n": 1}
    try:
        named = {field for _text, field, _spec, _conversion in Formatter().parse(pattern) if field is not None}
        if named - set(MAY):
            raise ValueError
        pattern.format(**sample)
    except (ValueError, KeyError, IndexError, AttributeError):
        return [f"“{label}”里只能用 {'、'.join(f'{{{name}}}' for name in MAY)}，花括号要成对，例如 {{n:05d}}"]
    missing = [" 或者 ".join(f"{{{name}}}" for name in names) for names in wanted if not named & set(names)]
    return [f"“{label}”缺少 {'、'.join(missing)}，编号会重复"] if missing else []


def configure(place: Jurisdiction, actor: User, *, key: str, values: Mapping[str, Any]) -> PlaceSettings:
    """Sets what is named in `values` (of FIELDS); the rest stays. What has been numbered, reckoned or closed already stays as it was."""
    insist(configure_role(actor, place.pk), reasons(values))
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown
    row = PlaceSettings.objects.filter(jurisdiction=place).first()

    def work() -> PlaceSettings:
        lock(place)
        made = PlaceSettings.objects.select_for_update().filter(jurisdiction=place).first() or PlaceSettings(jurisdiction=place)
        for name, value in values.items():
            setattr(made, name, value)
        try:
            made.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            insist("", error.messages)
        made.save()
        return made

    text = f"依申请公开设置：{place.name}"
    return perform(Deed.Kind.CONFIGURED, actor, key, row, work, request=None, text=text)

"""申请编号、答复文号 and 查询码. A number is taken once, under lock, whoever takes one at the same moment."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date

from django.conf import settings
from django.db import transaction

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.disclosure_requests.models import PlaceSettings, Serial

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I, which nobody reads out right over the telephone."""
CODE_LENGTH = 8


def settings_of(place: Jurisdiction) -> PlaceSettings:
    """What the place has set, or the defaults (an unsaved row)."""
    read: PlaceSettings | None = place.__dict__.get("settings_read")  # loaded.load, for a page
    if read is not None:
        return read
    return PlaceSettings.objects.filter(jurisdiction=place).first() or PlaceSettings(jurisdiction=place)


def request_number(agency: Agency, on: date) -> str:
    """The next 申请编号 of the agency. Runs inside the caller's transaction, so that a refused form uses none up."""
    pattern = settings_of(agency.jurisdiction).number_pattern
    return _next("request", pattern, agency, on)


def reply_number(agency: Agency, on: date) -> str:
    """The next 答复文号 of the agency (发文字号: 机关代字、年份、序号, GB/T 9704-2012)."""
    pattern = settings_of(agency.jurisdiction).reply_pattern
    return _next("reply", pattern, agency, on)


def correction_number(agency: Agency, on: date) -> str:
    """The next number of a 更正申请 of the agency."""
    return _next("correction", "{code}-更正-{year}-{n:03d}", agency, on)


def _next(scope: str, pattern: str, agency: Agency, on: date) -> str:
    assert transaction.get_connection().in_atomic_block
    values = {"code": agency.code, "agency": agency.short_name or agency.name, "place": agency.jurisdiction.code, "year": on.year}
    period = f"{agency.pk}:{on.year}"
    Serial.objects.get_or_create(scope=scope, period=period)
    row = Serial.objects.select_for_update().get(scope=scope, period=period)
    row.last += 1
    row.save(update_fields=["last"])
    return pattern.format(**values, n=row.last)


def new_check_code() -> str:
    """What the applicant keeps, with the number, to see the case: forty bits, shown once."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def check_digest(number: str, code: str) -> str:
    """What the database keeps of a code. Tries are limited (WRONG_CODES), so that a fast digest is enough."""
    words = f"{number}\0{''.join(code.split()).upper()}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).hexdigest()

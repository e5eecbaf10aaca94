"""Requests for the tests, made through the verbs of the product."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import filing
from gongkai.disclosure_requests.asked import Asked
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest

ID_CARD = "11010519491231002X"
"""The example of GB 11643, nobody's."""
CREDIT_CODE = "91350100M000100Y43"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def picture(name: str = "身份证.png", more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG + more, "image/png")


def told(cast: Cast, **changes: Any) -> Asked:
    """A citizen's request to 市发改委, complete."""
    values: dict[str, Any] = {
        "agency": cast.reform,
        "channel": DisclosureRequest.Channel.ONLINE,
        "kind": Applicant.Kind.NATURAL,
        "name": "赵申请",
        "identity_kind": Applicant.Identity.ID_CARD,
        "identity_number": ID_CARD,
        "phone": "13800138000",
        "email": "zhao@example.cn",
        "description": "请公开2025年清河市重大建设项目批准结果的清单。",
        "identity_files": [picture()],
        "consented_at": timezone.now(),
        "notice_version": "2026-01",
    }
    return Asked(**(values | changes))


def filed(cast: Cast, key: str = "", **changes: Any) -> filing.Filed:
    return filing.file(told(cast, **changes), None, key=key or filing.new_key())


def received(cast: Cast, **changes: Any) -> DisclosureRequest:
    """Handed in at the counter today, so that its clock runs."""
    return filing.file(
        told(cast, channel=DisclosureRequest.Channel.COUNTER, shown=True, identity_files=[], **changes), cast.drafter, key=filing.new_key()
    ).request


def accepted(cast: Cast, **changes: Any) -> DisclosureRequest:
    """Received, registered and accepted: ready to be worked on."""
    row = received(cast, **changes)
    row = filing.register(row, cast.drafter, key=filing.new_key())
    return filing.accept(row, cast.drafter, key=filing.new_key())

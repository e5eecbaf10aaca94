"""Words that leave the circle of the handlers: nothing in them may tell of a person."""

from __future__ import annotations

from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.screening.copies import personal

SHORTEST = 2
"""Characters of a name from which on finding it in a text means something."""


def personal_reasons(text: str, request: DisclosureRequest | None = None) -> list[str]:
    """Why these words may not go out: personal numbers found by the screening kernel, and the applicant of the case by name, telephone or
    address. Each sentence shows what was found masked, never whole."""
    found = [f"文字里有个人信息（{hit.masked}），请删去" for hit in personal(text)]
    applicant = Applicant.objects.filter(request=request).first() if request is not None else None
    if applicant is not None:
        told = {"姓名或者名称": applicant.name, "联系人": applicant.contact, "电话": applicant.phone, "地址": applicant.address}
        plain = "".join(text.split())
        for label, value in told.items():
            words = "".join(value.split())
            if len(words) >= SHORTEST and words in plain:
                found.append(f"文字里有申请人的{label}，请删去")
    return list(dict.fromkeys(found))

"""What a request must say (条例第二十九条), judged the same for the citizen's form, the counter and the mailbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import validate_email

from gongkai.agencies.models import Agency
from gongkai.deeds.performing import text_reasons
from gongkai.disclosure_requests.casefiles import file_reasons
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.screening import masking
from gongkai.screening.checksums import is_credit_code, is_id15, is_id18
from gongkai.screening.copies import personal

LONGEST = 20_000
"""Characters of a description; a longer one comes as a file."""
SUBJECT = 60
Identity, Route, Channel = Applicant.Identity, DisclosureRequest.Route, DisclosureRequest.Channel
AS_IT_CAME = (Channel.REGISTERED_POST, Channel.ORDINARY_MAIL, Channel.FAX, Channel.EMAIL)
"""Taken down from what somebody sent, complete or not."""
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was told, before it has a number. `shown` says that the identity proof was shown at the counter, so that no copy of
    it is kept; `subject` is the short line for lists, made from the description where nobody wrote one."""

    agency: Agency
    channel: str
    kind: str
    name: str
    identity_kind: str
    description: str
    identity_number: str = ""
    representative: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    help_needed: str = ""
    subject: str = ""
    wanted_number: str = ""
    features: str = ""
    purpose: str = ""
    form: str = DisclosureRequest.Form.ELECTRONIC
    route: str = Route.ONLINE
    suggests_opening: bool = False
    shown: bool = False
    submitted_at: datetime | None = None
    arrived_at: datetime | None = None
    confirmed_at: datetime | None = None
    consented_at: datetime | None = None
    notice_version: str = ""
    offered: dict[str, int] = field(default_factory=dict)
    identity_files: Sequence[File[Any]] = ()
    files: Sequence[File[Any]] = ()

    def line(self) -> str:
        """The short line of the lists, personal numbers masked."""
        words = " ".join((self.subject or self.description or self.wanted_number).split())
        shown = masking.apply(words, personal(words))
        return shown if len(shown) <= SUBJECT else shown[: SUBJECT - 1] + "…"


def reasons(asked: Asked) -> list[str]:
    """What is missing or wrong, a sentence for each; empty when the request can be taken. By letter or fax whatever came is taken, and what
    is missing is asked for in the clarification (条例第三十条)."""
    found = [*_too_long(asked), *file_reasons([*asked.identity_files, *asked.files])] if _files(asked) else _too_long(asked)
    if not (asked.description.strip() or asked.wanted_number.strip() or asked.files):
        found.append("请写明所需政府信息的名称、文号或者便于查询的其他特征")
    if not asked.name.strip():
        found.append("请填写申请人的姓名或者名称")
    if asked.channel not in AS_IT_CAME:
        found += [*_identity(asked), *_contact(asked)]
    return found


def _files(asked: Asked) -> bool:
    return bool(asked.identity_files or asked.files)


def _too_long(asked: Asked) -> list[str]:
    found = text_reasons(asked.description, asked.features, most=LONGEST)
    return found + text_reasons(
        *(asked.name, asked.identity_number, asked.representative, asked.contact, asked.phone, asked.email, asked.address),
        *(asked.postcode, asked.help_needed, asked.subject, asked.wanted_number, asked.purpose),
        most=500,
    )


def _identity(asked: Asked) -> list[str]:
    number = asked.identity_number.strip().upper()
    natural = asked.kind == Applicant.Kind.NATURAL
    found = []
    if natural == (asked.identity_kind == Identity.CREDIT_CODE):
        found.append("自然人请选身份证件，法人和其他组织请选统一社会信用代码")
    elif not number:
        found.append("请填写证件号码")
    elif asked.identity_kind == Identity.ID_CARD and not (is_id18(number) or is_id15(number)):
        found.append("居民身份证号码不对，请核对后重新输入")
    elif asked.identity_kind == Identity.CREDIT_CODE and not is_credit_code(number):
        found.append("统一社会信用代码不对，请核对后重新输入")
    if not (asked.identity_files or asked.shown):
        found.append("请上传身份证明的扫描件或者照片" if natural else "请上传营业执照、登记证书的扫描件或者照片")
    if not natural and not asked.contact.strip():
        found.append("请填写联系人")
    return found


def _contact(asked: Asked) -> list[str]:
    found = []
    phone, email = asked.phone.strip(), asked.email.strip()
    if not (phone or email or asked.address.strip()):
        found.append("请至少填写电话、电子邮箱、通信地址中的一项，以便联系您")
    if phone and not _PHONE.fullmatch(phone):
        found.append("联系电话只能有数字、空格、括号和横线")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            found.append("电子邮箱的写法不对，请核对")
    if asked.route == Route.EMAIL and not email:
        found.append("选择以电子邮件获取，请填写电子邮箱")
    if asked.route == Route.POST and not asked.address.strip():
        found.append("选择邮寄，请填写通信地址")
    return found

"""收到的邮件: kept once, taken down as a request or set aside with a reason; and the test letters to the address of the guide."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, AgencyProfile, User
from gongkai.disclosure_requests import access, casefiles
from gongkai.disclosure_requests.actions import filing
from gongkai.disclosure_requests.actions.base import NOT_YOURS, insist, lock, perform
from gongkai.disclosure_requests.asked import Asked
from gongkai.disclosure_requests.intake import letters
from gongkai.disclosure_requests.models import ContactTest, Deed, IncomingMail, PlaceSettings
from gongkai.disclosure_requests.numbers import ALPHABET
from gongkai.reminders.models import Message

CODE = re.compile(r"GK-([A-HJ-NP-Z2-9]{8})")
"""What a test letter carries in its subject; an answer or a bounce brings it back."""


BATCH = 20
"""Test letters of one tick."""


def keep(agency: Agency, raw: bytes) -> bool:
    """Keeps a letter sealed, once; whether it is new. A letter that answers a test is set aside by itself."""
    message_id = letters.identity(raw)
    if IncomingMail.objects.filter(agency=agency, message_id=message_id).exists():
        return False
    letter = letters.read(raw)
    made: list[IncomingMail] = []
    key = "mail:" + hashlib.sha256(f"{agency.pk}:{message_id}".encode()).hexdigest()

    def work() -> IncomingMail:
        row = IncomingMail(
            agency=agency,
            message_id=message_id,
            sender=letter.sender or "没有写发件人",
            subject=letter.subject,
            sent_at=letter.sent_at,
            arrived_at=timezone.now(),
        )
        row.raw.save("mail.eml", ContentFile(raw), save=False)
        made.append(row)
        if told := _answer_test(agency, letter):
            row.set_aside_at, row.set_aside_reason = row.arrived_at, told
        row.save()
        return row

    kept = None
    try:
        kept = perform(Deed.Kind.MAILED, None, key, agency, work, request=None, clash="这封邮件已经读入")
    except BaseException as error:
        if isinstance(error, ActionRefused) and IncomingMail.objects.filter(agency=agency, message_id=message_id).exists():
            return False
        raise
    finally:
        for row in made:  # of a transaction that was rolled back, the file goes too
            if row is not kept:
                row.raw.storage.delete(str(row.raw.name))
    return any(row is kept for row in made)


def _answer_test(agency: Agency, letter: letters.Letter) -> str:
    found = CODE.search(f"{letter.subject}\n{letter.text[:5000]}")
    test = ContactTest.objects.filter(agency=agency, code=found[1]).first() if found else None
    if test is None:
        return ""
    if letter.is_report:
        test.bounced = test.bounced or "收件的邮件服务器退回"
        test.save(update_fields=["bounced"])
        return "指南邮箱试信被退回"
    test.answered_at = test.answered_at or timezone.now()
    test.save(update_fields=["answered_at"])
    return "指南邮箱试信的回执"


def no_role(actor: User, agency: Agency) -> str:
    return "" if access.acts_for(actor, agency) else NOT_YOURS


def open_reasons(mail: IncomingMail) -> list[str]:
    if mail.request_id is not None:
        return ["这封邮件已经登记为申请"]
    return [f"这封邮件已经标为不作申请处理：{mail.set_aside_reason}"] if mail.set_aside_at else []


def set_aside(mail: IncomingMail, actor: User, *, key: str, reason: str) -> IncomingMail:
    """Not a request: advertising, a question about the weather, a letter that was answered."""
    insist(no_role(actor, mail.agency), open_reasons(mail))
    if not reason.strip():
        raise ActionRefused("请写明为什么不作申请处理")

    def work() -> IncomingMail:
        row = lock(mail)
        insist("", open_reasons(row))
        row.set_aside_at, row.set_aside_reason = timezone.now(), reason.strip()[:300]
        row.save(update_fields=["set_aside_at", "set_aside_reason"])
        return row

    return perform(Deed.Kind.MAILED, actor, key, mail, work, request=None, text=f"不作申请处理：{reason}")


def read(mail: IncomingMail) -> letters.Letter:
    with mail.raw.storage.open(str(mail.raw.name)) as opened:
        return letters.read(opened.read())


def attachments(letter: letters.Letter) -> tuple[list[InMemoryUploadedFile], list[str]]:
    """The attachments that can be kept with a case, and why the others cannot."""
    good, bad = [], []
    for part in letter.files:
        file = InMemoryUploadedFile(BytesIO(part.content), None, part.name, "application/octet-stream", len(part.content), None)
        reasons = casefiles.file_reasons([file])
        if reasons:
            bad += reasons
        else:
            file.seek(0)
            good.append(file)
    return good, bad


def take_down(mail: IncomingMail, actor: User, told: Asked, *, key: str) -> filing.Filed:
    """登记为申请: what the letter brought goes into the case with what the form says; the letter is done with in the same transaction."""
    insist(no_role(actor, mail.agency), [])
    if told.agency.pk != mail.agency_id:
        raise ActionRefused("邮件发给哪个机关，就登记给哪个机关；不属于本机关的，登记以后转办")
    good, _bad = attachments(read(mail))
    sent = mail.sent_at if mail.sent_at is not None and mail.sent_at <= mail.arrived_at else None
    told = replace(told, files=[*told.files, *good], submitted_at=told.submitted_at or sent, arrived_at=told.arrived_at or mail.arrived_at)
    with transaction.atomic():
        row = lock(mail)
        done = filing.file(told, actor, key=key)
        if row.request_id != done.request.pk:
            insist("", open_reasons(row))
            row.request = done.request
            row.save(update_fields=["request"])
    return done


def guide_address(agency: Agency) -> str:
    """The e-mail of the guide: of the office that takes requests in, else of the agency."""
    profile = AgencyProfile.objects.filter(agency=agency).first()
    return (profile.intake_email or profile.email) if profile is not None else ""


def test_reasons(agency: Agency, latest: ContactTest | None) -> list[str]:
    found = [] if guide_address(agency) else ["指南里没有电子邮箱，请先到机构信息里填写"]
    if latest is not None and latest.sent_at > timezone.now() - timedelta(hours=1):
        found.append("一小时以内刚发过试信，请等候")
    return found


def send_test(agency: Agency, actor: User, *, key: str, make_code: Callable[[], str] | None = None) -> ContactTest:
    """试信 to the address that the guide gives to everybody: whoever reads there answers it, and the code comes back."""
    if not access.acts_for(actor, agency):
        raise NotAllowed("试信由本机关的工作人员发出")
    return _send_test(agency, actor, key, make_code)


def _send_test(agency: Agency, actor: User | None, key: str, make_code: Callable[[], str] | None = None) -> ContactTest:
    latest = ContactTest.objects.filter(agency=agency).first()

    def work() -> ContactTest:
        insist("", test_reasons(agency, latest))
        code = make_code() if make_code else "".join(secrets.choice(ALPHABET) for _ in range(8))
        now = timezone.now()
        address = guide_address(agency)
        made = ContactTest.objects.create(agency=agency, address=address, code=code, sent_at=now)
        Message.objects.create(
            key=f"contact:{made.pk}",
            channel=Message.Channel.MAIL,
            agency=agency,
            address=address,
            made_at=now,
            next_at=now,
            sealed_at=now,
            subject=f"政府信息公开指南邮箱试信 GK-{code}",
            body=f"这是{agency.display_name}核对政府信息公开指南联系方式的试信。\n\n"
            f"收到后请直接回复这封邮件（标题里的 GK-{code} 不要删），或者在工作台“收件核对”里点“收到了”。\n",
        )
        return made

    return perform(Deed.Kind.CONFIGURED, actor, key, agency, work, request=None, text="发出指南邮箱试信")


def tick() -> int:
    """自动试信 by the worker: every address of a guide is tried again after the days its place has set; nothing where no mail leaves this
    installation. A batch at a time, how many were sent. Harmless twice: the key is that of the agency and the day."""
    if not settings.MAIL_URL:
        return 0
    latest = ContactTest.objects.filter(agency=OuterRef("pk")).order_by("-sent_at").values("sent_at")[:1]
    published = Q(profile__intake_email__gt="") | Q(profile__email__gt="")
    rows = Agency.objects.filter(published, valid_to__isnull=True).annotate(tried_at=Subquery(latest)).select_related("jurisdiction")
    own = {row.jurisdiction_id: row.contact_test_days for row in PlaceSettings.objects.all()}
    now, sent = timezone.now(), 0
    for agency in rows.order_by(F("tried_at").asc(nulls_first=True), "pk"):
        days = own.get(agency.jurisdiction_id, PlaceSettings().contact_test_days)
        if not days or (agency.tried_at is not None and agency.tried_at > now - timedelta(days)):
            continue
        try:
            _send_test(agency, None, f"contact-test:{agency.pk}:{timezone.localdate(now)}")
        except ActionRefused:
            continue
        sent += 1
        if sent >= BATCH:
            break
    return sent


def answered(test: ContactTest, actor: User, *, key: str, code: str) -> ContactTest:
    """收到了: somebody who reads there says so, by the code of the letter."""
    if not access.acts_for(actor, test.agency):
        raise NotAllowed("由本机关的工作人员登记")
    if code.strip().upper().removeprefix("GK-") != test.code:
        raise ActionRefused("回执码不对，请照试信标题里 GK- 后面的八个字填写")

    def work() -> ContactTest:
        row = lock(test)
        row.answered_at = row.answered_at or timezone.now()
        row.save(update_fields=["answered_at"])
        return row

    return perform(Deed.Kind.CONFIGURED, actor, key, test, work, request=None, text="收到试信")

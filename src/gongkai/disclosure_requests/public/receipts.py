"""The receipt: what is shown once after filing, what goes out by e-mail, and the picture that leads a telephone to the progress page."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.reminders.letters import address
from gongkai.reminders.models import Message

KEY = "request-receipt:{pk}"
KEPT = timedelta(days=7)


def progress_address(number: str) -> str:
    """The page of progress with the number filled in; never with the code."""
    return f"{reverse('requests:progress')}?{urlencode({'number': number})}"


def picture(number: str) -> SafeString:
    code = segno.make(address(progress_address(number)), error="m", micro=False)
    return mark_safe(code.svg_inline(border=2, omitsize=True, title="进度查询的二维码"))  # noqa: S308 — drawn by segno, not from what anybody typed


def send(row: DisclosureRequest, email: str) -> None:
    """The receipt by e-mail, in the transaction that files. Without the check code and without what was asked: letters lie open."""
    if not email.strip():
        return
    now = timezone.now()
    body = (
        f"您向{row.agency.name}提出的政府信息公开申请已经提交。\n\n"
        f"申请编号：{row.number}\n提交时间：{timezone.localtime(row.submitted_at or now):%Y-%m-%d %H:%M}\n\n"
        f"查进度：{address(progress_address(row.number))}\n"
        "要用提交后显示的查询码；查询码不通过邮件发送。查询码遗失的，请带身份证明与受理机关联系。\n\n"
        f"--\n{settings.SITE['name']}自动发出，请勿回复。\n"
    )
    Message.objects.get_or_create(
        key=KEY.format(pk=row.pk),
        defaults={
            "channel": Message.Channel.MAIL,
            "agency_id": row.agency_id,
            "address": email.strip(),
            "made_at": now,
            "next_at": now,
            "sealed_at": now,
            "subject": f"政府信息公开申请收件回执 {row.number}",
            "body": body,
        },
    )


def tell(row: DisclosureRequest, name: str, service_id: int) -> None:
    """That a letter of the case is there to be read, to the address the applicant gave, in the transaction that sends it. The letter itself
    and what was asked stay behind number and code."""
    applicant = Applicant.objects.filter(request=row).first()
    email = applicant.email.strip() if applicant is not None else ""
    if not email:
        return
    now = timezone.now()
    body = (
        f"您的政府信息公开申请（编号：{row.number}）有新的文书：{name}。\n\n"
        f"请凭申请编号和查询码查看、下载：{address(progress_address(row.number))}\n\n"
        f"--\n{settings.SITE['name']}自动发出，请勿回复。\n"
    )
    Message.objects.get_or_create(
        key=KEY.format(pk=f"letter:{service_id}"),
        defaults={
            "channel": Message.Channel.MAIL,
            "agency_id": row.agency_id,
            "address": email,
            "made_at": now,
            "next_at": now,
            "sealed_at": now,
            "subject": f"政府信息公开{name} {row.number}",
            "body": body,
        },
    )


def forget(now: datetime) -> int:
    """An address of an applicant does not stay in the outbox: what was sent goes the next day, what could not be sent after a week."""
    rows = Message.objects.filter(key__startswith=KEY.format(pk=""))
    sent, _ = rows.filter(state=Message.State.SENT, sent_at__lt=now - timedelta(days=1)).delete()
    failed, _ = rows.filter(state=Message.State.FAILED, made_at__lt=now - KEPT).delete()
    return sent + failed

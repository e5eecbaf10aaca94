"""变更订阅: an e-mail address asks to be told when one document changes, confirms it by the link sent there, and leaves with one press.

Letters go out through the outbox of reminders, made in the transaction of what they tell. An address that is never confirmed is forgotten,
one that leaves is removed. Asking is limited, so that nobody's box is filled by another.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from gongkai.agencies.errors import ActionRefused
from gongkai.publications.models import Document, Edition, Subscription
from gongkai.publications.visible import live_editions
from gongkai.reminders.letters import address
from gongkai.reminders.models import Message

HOUR, WAIT = timedelta(hours=1), timedelta(days=3)
"""A link not opened for `WAIT` is worth nothing."""
FROM_ONE_PLACE, TO_ONE_ADDRESS = 10, 5
"""Asked in an hour from one client address; waiting for one e-mail address."""
FULL = "申请得太多了，请过一小时再试"


def token_of(row: Subscription) -> str:
    digest = salted_hmac("gongkai.publications.subscription", f"{row.pk}:{row.document_id}:{row.email}", algorithm="sha256").hexdigest()
    return f"{row.pk}-{digest[:40]}"


def subscription_of(token: str) -> Subscription | None:
    """The row behind a link; None for one that never was, or that left."""
    number, _, _ = token.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    row = Subscription.objects.select_related("document__agency").filter(pk=int(number)).first()
    return row if row is not None and constant_time_compare(token_of(row), token) else None


def ask(document: Document, email: str, client: str) -> None:
    """Sends the confirmation link. Whoever asks learns nothing of who has subscribed: the answer is the same. Raises ActionRefused."""
    email, now = email.strip().lower(), timezone.now()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ActionRefused("邮箱地址不对，请检查") from error
    if len(email) > 254:
        raise ActionRefused("邮箱地址不对，请检查")
    if not live_editions().filter(document=document).exists():
        raise ActionRefused("这份文件现在没有公开，不能订阅")
    place = salted_hmac("gongkai.publications.asked_from", client or "?", algorithm="sha256").hexdigest()[:32]
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=document.pk)
        waiting = Subscription.objects.filter(confirmed_at__isnull=True)
        if waiting.filter(asked_from=place, asked_at__gt=now - HOUR).count() >= FROM_ONE_PLACE:
            raise ActionRefused(FULL)
        row = Subscription.objects.filter(document=document, email=email).first()
        if row is not None and (row.confirmed_at or row.asked_at > now - HOUR):
            return
        if waiting.filter(email=email).exclude(pk=row.pk if row else 0).count() >= TO_ONE_ADDRESS:
            raise ActionRefused(FULL)
        row = row or Subscription(document=document, email=email)
        row.asked_at, row.asked_from = now, place
        row.save()
        link = address(reverse("documents:subscription", args=[token_of(row)]))
        title = title_of(document)
        body = f"有人用这个邮箱订阅《{title}》的变更。\n\n是您本人的，请打开链接确认：\n{link}\n\n不是您本人的，不用理会，三天后自动失效。"
        _letter(f"subscribe:{row.pk}:{int(now.timestamp())}", document, email, f"请确认订阅：{title}", body, now)


def title_of(document: Document) -> str:
    row = live_editions().filter(document=document).select_related("revision").first()
    return row.revision.title if row is not None and row.revision is not None else document.index_number


@transaction.atomic
def confirm(row: Subscription) -> Subscription:
    """The link was opened and the button pressed; pressing again changes nothing."""
    kept = Subscription.objects.select_for_update().filter(pk=row.pk).first()
    if kept is None or (kept.confirmed_at is None and kept.asked_at < timezone.now() - WAIT):
        raise ActionRefused("这个链接已经失效，请回到文件页面重新订阅")
    if kept.confirmed_at is None:
        kept.confirmed_at, kept.asked_from = timezone.now(), ""
        kept.save(update_fields=["confirmed_at", "asked_from"])
    return kept


def leave(row: Subscription) -> None:
    """The address is forgotten."""
    row.delete()


def forget_unconfirmed(now: datetime | None = None) -> int:
    """Addresses whose link was never opened."""
    return Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lt=(now or timezone.now()) - WAIT).delete()[0]


def tell(edition: Edition, now: datetime) -> int:
    """Letters of a major change to everybody who confirmed, in the transaction that publishes it; how many."""
    document, revision = edition.document, edition.revision
    if revision is None:
        return 0
    page = address(reverse("documents:document", args=[document.pk]))
    rows = Subscription.objects.filter(document=document, confirmed_at__isnull=False).order_by("pk")
    letters = []
    for row in rows.iterator(chunk_size=500):
        out = address(reverse("documents:subscription", args=[token_of(row)]))
        body = f"《{revision.title}》有重要修改：\n\n{edition.change_note}\n\n全文：{page}\n\n--\n退订（打开后按一下）：{out}"
        letters.append(_made(f"change:{edition.pk}:{row.pk}", document, row.email, f"有修改：{revision.title}", body, now))
    Message.objects.bulk_create(letters, batch_size=500, ignore_conflicts=True)
    return len(letters)


def _letter(key: str, document: Document, to: str, subject: str, body: str, now: datetime) -> None:
    Message.objects.bulk_create([_made(key, document, to, subject, body, now)], ignore_conflicts=True)


def _made(key: str, document: Document, to: str, subject: str, body: str, now: datetime) -> Message:
    return Message(
        key=key,
        channel=Message.Channel.MAIL,
        agency_id=document.agency_id,
        address=to,
        made_at=now,
        next_at=now,
        sealed_at=now,
        subject=" ".join(subject.split())[:120],
        body=body,
    )

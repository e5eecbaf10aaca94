"""邮件订阅: an e-mail address asks to be told when one document changes or when something comes onto a list, confirms it by the link sent
there, and leaves with one press (RFC 8058).

Letters go out through the outbox of reminders, made in the transaction of what they tell. An address that is never confirmed is forgotten,
one that leaves is removed, also from the outbox. Asking is limited, so that nobody's box is filled by another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency
from gongkai.publications.models import Document, Edition, Push, Subscription
from gongkai.publications.public import facets
from gongkai.publications.visible import live_editions
from gongkai.reminders.letters import address
from gongkai.reminders.models import Message

HOUR, WAIT = timedelta(hours=1), timedelta(days=3)
"""A link not opened for `WAIT` is worth nothing."""
FROM_ONE_PLACE, TO_ONE_ADDRESS = 10, 5
"""Asked in an hour from one client address; waiting for one e-mail address."""
OF_ONE_ADDRESS = 30
"""Lists one address may follow."""
MAX_WORDS = 100
FULL = "申请得太多了，请过一小时再试"
KEY = "subscription:{pk}:"
"""Every letter to a subscriber has a key that begins like this: by it the headers find the way out, and leaving finds the letters."""


def token_of(row: Subscription) -> str:
    digest = salted_hmac("gongkai.publications.subscription", f"{row.pk}:{row.document_id}:{row.list_key}:{row.email}", algorithm="sha256")
    return f"{row.pk}-{digest.hexdigest()[:40]}"


def subscription_of(token: str) -> Subscription | None:
    """The row behind a link; None for one that never was, or that left."""
    number, _, _ = token.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    row = Subscription.objects.select_related("document__agency").filter(pk=int(number)).first()
    return row if row is not None and constant_time_compare(token_of(row), token) else None


def way_out(row: Subscription) -> str:
    return address(reverse("documents:subscription", args=[token_of(row)]))


def headers_of(message: Message) -> Mapping[str, str]:
    """The way out where mail programs show it as a button (RFC 2369, RFC 8058); nothing for other letters."""
    head, _, rest = message.key.partition(":")
    if head != "subscription":
        return {}
    row = Subscription.objects.filter(pk=int(rest.partition(":")[0])).first()
    return {"List-Unsubscribe": f"<{way_out(row)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if row is not None else {}


def list_key(chosen: Mapping[str, str], words: str) -> str:
    """The same conditions in any order are the same list."""
    return hashlib.sha256(json.dumps([sorted(chosen.items()), words], ensure_ascii=False).encode()).hexdigest()


def name_of(row: Subscription) -> str:
    """What is followed, in words."""
    if row.document is not None:
        return f"《{title_of(row.document)}》的变更"
    said = [facets.words(row.chosen) if row.chosen else "", f"含有“{row.words}”" if row.words else ""]
    return "新公开的政府信息" + (f"（{'，'.join(filter(None, said))}）" if any(said) else "")


def title_of(document: Document) -> str:
    row = live_editions().filter(document=document).select_related("revision").first()
    return row.revision.title if row is not None and row.revision is not None else document.index_number


def ask(document: Document, email: str, client: str) -> None:
    """To be told of the changes of one document. Raises ActionRefused."""
    if not live_editions().filter(document=document).exists():
        raise ActionRefused("这份文件现在没有公开，不能订阅")
    _ask(Subscription(document=document), email, client)


def ask_list(chosen: Mapping[str, str], words: str, rhythm: str, email: str, client: str) -> None:
    """To be told what comes onto a list. `chosen`: facet → value that is known. Raises ActionRefused."""
    words = " ".join(words.replace("\x00", "").split())
    if len(words) > MAX_WORDS:
        raise ActionRefused(f"搜索词不能超过 {MAX_WORDS} 个字")
    if rhythm not in Subscription.Rhythm.values:
        raise ActionRefused("请选多久发一次")
    _ask(Subscription(chosen=dict(chosen), words=words, list_key=list_key(chosen, words), rhythm=rhythm), email, client)


def _ask(wanted: Subscription, email: str, client: str) -> None:
    """Sends the confirmation link. Whoever asks learns nothing of who has subscribed: the answer is the same."""
    wanted.email, now = _checked(email), timezone.now()
    place = salted_hmac("gongkai.publications.asked_from", client or "?", algorithm="sha256").hexdigest()[:32]
    with transaction.atomic():
        sender = wanted.document.agency_id if wanted.document else None
        agency = Agency.objects.select_for_update().filter(**({"pk": sender} if sender else {})).order_by("pk").first()
        if agency is None:
            raise ActionRefused("本站还没有机构，不能订阅")
        waiting = Subscription.objects.filter(confirmed_at__isnull=True)
        if waiting.filter(asked_from=place, asked_at__gt=now - HOUR).count() >= FROM_ONE_PLACE:
            raise ActionRefused(FULL)
        mine = Subscription.objects.filter(email=wanted.email)
        row = mine.filter(document=wanted.document, list_key=wanted.list_key).first()
        if row is not None and row.confirmed_at and wanted.list_key and row.rhythm != wanted.rhythm:
            raise ActionRefused("这个列表已经在订阅里；要改多久发一次，请先按邮件里的链接退订，再重新订阅")
        if row is not None and (row.confirmed_at or row.asked_at > now - HOUR):
            return
        if waiting.filter(email=wanted.email).exclude(pk=row.pk if row else 0).count() >= TO_ONE_ADDRESS:
            raise ActionRefused(FULL)
        if wanted.list_key and mine.exclude(list_key="").count() >= OF_ONE_ADDRESS:
            return  # says nothing of who follows what
        row = row or wanted
        row.asked_at, row.asked_from = now, place
        row.save()
        what = name_of(row)
        body = f"有人用这个邮箱订阅{what}。\n\n是您本人的，请打开链接确认：\n{way_out(row)}\n\n不是您本人的，不用理会，三天后自动失效。"
        send([letter(row, f"ask:{int(now.timestamp())}", agency.pk, f"请确认订阅：{what}", body, now)])


def _checked(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ActionRefused("邮箱地址不对，请检查") from error
    if len(email) > 254:
        raise ActionRefused("邮箱地址不对，请检查")
    return email


@transaction.atomic
def confirm(row: Subscription) -> Subscription:
    """The link was opened and the button pressed; pressing again changes nothing."""
    kept = Subscription.objects.select_for_update().filter(pk=row.pk).first()
    if kept is None or (kept.confirmed_at is None and kept.asked_at < timezone.now() - WAIT):
        raise ActionRefused("这个链接已经失效，请回到原来的页面重新订阅")
    if kept.confirmed_at is None:
        kept.confirmed_at, kept.asked_from = timezone.now(), ""
        kept.save(update_fields=["confirmed_at", "asked_from"])
    return kept


@transaction.atomic
def leave(row: Subscription) -> None:
    """The address is forgotten: here, and in every letter that went or waited to go there."""
    Message.objects.filter(key__startswith=KEY.format(pk=row.pk)).delete()
    Subscription.objects.filter(pk=row.pk).delete()


def forget_unconfirmed(now: datetime | None = None) -> int:
    """Addresses whose link was never opened."""
    rows = Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lt=(now or timezone.now()) - WAIT)
    gone = list(rows[:500])
    for row in gone:
        leave(row)
    return len(gone)


def tell(edition: Edition, now: datetime) -> int:
    """Letters of a major change to everybody who confirmed, in the transaction that publishes it; how many."""
    document, revision = edition.document, edition.revision
    if revision is None:
        return 0
    page = address(reverse("documents:document", args=[document.pk]))
    rows = Subscription.objects.filter(document=document, confirmed_at__isnull=False).order_by("pk")
    letters = []
    for row in rows.iterator(chunk_size=500):
        body = f"《{revision.title}》有重要修改：\n\n{edition.change_note}\n\n全文：{page}\n\n--\n退订（打开后按一下）：{way_out(row)}"
        letters.append(letter(row, f"change:{edition.pk}", document.agency_id, f"有修改：{revision.title}", body, now))
    send(letters)
    if letters:
        Push.objects.create(kind=Push.Kind.CHANGE, at=now, edition=edition, documents=1, letters=len(letters))
    return len(letters)


def letter(row: Subscription, occasion: str, agency: int, subject: str, body: str, now: datetime) -> Message:
    """Sealed from the start; the same occasion is the same letter however often it is made."""
    return Message(
        key=KEY.format(pk=row.pk) + occasion,
        channel=Message.Channel.MAIL,
        agency_id=agency,
        address=row.email,
        made_at=now,
        next_at=now,
        sealed_at=now,
        subject=" ".join(subject.split())[:120],
        body=body,
    )


def send(letters: list[Message]) -> None:
    Message.objects.bulk_create(letters, batch_size=500, ignore_conflicts=True)

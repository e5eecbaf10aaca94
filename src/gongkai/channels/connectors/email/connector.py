"""电子邮件 to media, archives, libraries, through the outbox of the house: each address is one letter with its own retries, and is written
once however often it is asked for (the letter's key)."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from gongkai.channels.connectors.base import WITHDRAW, Connector, DeliveryError, Package, Prepared, Receipt, Target
from gongkai.channels.connectors.email.form import EmailForm
from gongkai.reminders.masking import masked
from gongkai.reminders.models import Message

State = Message.State
SUBJECTS = {"publish": "公开：", "update": "有修改：", "withdraw": "已撤下："}


class Email(Connector):
    name = "email"
    label = "电子邮件"
    help = "发给登记的媒体、档案馆、图书馆邮箱；每个邮箱一封，发不出的自动重试。"
    media: ClassVar[tuple[str, ...]] = ("press", "broadcast", "archive", "other")
    form = EmailForm

    def prepare(self, package: Package, target: Target) -> Prepared:
        lines = [f"{package.agency}：《{package.title}》"]
        if package.action == WITHDRAW:
            lines += [f"这份信息已经撤下：{package.reason}", "请不要再转载，已经转载的请一并撤下。", f"说明：{package.url}"]
        else:
            if package.reason:
                lines.append(f"修改说明：{package.reason}")
            abstract = str(package.data.get("abstract") or "")
            lines += [abstract] if abstract else []
            lines.append(f"全文：{package.url}")
            lines += [f"附件：{file.title} {file.url}" for file in package.files]
            if target.settings.get("full_text"):
                lines += ["", package.text]
        body = "\n\n".join(lines)
        return Prepared(package, body.encode(), body)

    def deliver(self, prepared: Prepared, target: Target) -> Receipt:
        return self._letters(prepared, target)

    def withdraw(self, prepared: Prepared, target: Target) -> Receipt:
        return self._letters(prepared, target)

    def _letters(self, prepared: Prepared, target: Target) -> Receipt:
        package, now = prepared.package, timezone.now()
        addresses = target.settings.get("addresses") or []
        if not addresses:
            raise DeliveryError("没有收件邮箱，请在渠道设置里填写", permanent=True)
        letters = [
            Message(
                key=f"channel:{package.key}:{hashlib.sha256(to.encode()).hexdigest()[:32]}",
                channel=Message.Channel.MAIL,
                agency_id=package.agency_id,
                address=to,
                made_at=now,
                next_at=now,
                sealed_at=now,
                subject=" ".join(f"{SUBJECTS[package.action]}{package.title}".split())[:120],
                body=prepared.body.decode(),
            )
            for to in addresses
        ]
        Message.objects.bulk_create(letters, batch_size=200, ignore_conflicts=True)
        # Asked again after a failure: those that were given up begin again, those that went out stay.
        _of(package).filter(state=State.FAILED).update(state=State.QUEUED, attempts=0, next_at=now, error="")
        return Receipt(f"已交发件箱 {len(letters)} 封", done=False)

    def status(self, package: Package, target: Target) -> Receipt:
        states = list(_of(package).values_list("state", "address", "error"))
        failed = [(to, error) for state, to, error in states if state == State.FAILED]
        sent = sum(state == State.SENT for state, _to, _error in states)
        if failed:
            raise DeliveryError(f"{len(failed)} 个邮箱没有发到，如 {masked(failed[0][0])}：{failed[0][1]}", permanent=True)
        return Receipt(f"{len(states)} 封已发 {sent} 封", done=bool(states) and sent == len(states))


def _of(package: Package) -> QuerySet[Message]:
    return Message.objects.filter(key__startswith=f"channel:{package.key}:")

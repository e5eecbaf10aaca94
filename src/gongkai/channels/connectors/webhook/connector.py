"""系统对接: one signed JSON POST for each delivery, only to hosts that the operator lists (reminders/channels/webhook.py)."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from gongkai.channels.connectors.base import LONGEST_ADDRESS, LONGEST_ANSWER, Connector, DeliveryError, Package, Prepared, Receipt, Target
from gongkai.channels.connectors.webhook.form import WebhookForm
from gongkai.reminders.channels import ChannelError
from gongkai.reminders.channels.webhook import post, refusal


class Webhook(Connector):
    name = "webhook"
    label = "系统对接（Webhook）"
    help = "公开、修改、撤下时把内容发给另一个系统，带签名；对方可以在回答里写明发布地址。"
    media: ClassVar[tuple[str, ...]] = ()
    signs = True
    form = WebhookForm

    def prepare(self, package: Package, target: Target) -> Prepared:
        told: dict[str, Any] = {
            "key": package.key,
            "action": package.action,
            "document": package.document,
            "edition": package.edition,
            "title": package.title,
            "url": package.url,
            "agency": package.agency,
            "at": timezone.localtime(package.at).isoformat(timespec="seconds"),
            "reason": package.reason or None,
            "earlier": list(package.earlier),
            "content": package.data or None,
        }
        body = json.dumps(told, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
        return Prepared(package, body.encode(), body)

    def deliver(self, prepared: Prepared, target: Target) -> Receipt:
        return self._post(prepared, target)

    def withdraw(self, prepared: Prepared, target: Target) -> Receipt:
        return self._post(prepared, target)

    def _post(self, prepared: Prepared, target: Target) -> Receipt:
        try:
            status, answer = post(str(target.settings.get("url", "")), target.secret, prepared.body, prepared.package.key)
        except ChannelError as error:
            raise DeliveryError(str(error), permanent=error.permanent, down=not error.permanent) from error
        return Receipt(f"对方回答 {status}"[:LONGEST_ANSWER], address=_address(answer))

    def trouble(self, target: Target) -> str:
        return refusal(str(target.settings.get("url", "")))


def _address(answer: bytes) -> str:
    """Where it stands, if the other side says so: {"address": "https://…"}."""
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    url = found.get("address") if isinstance(found, dict) else None
    if not isinstance(url, str) or not url.startswith(("https://", "http://")) or len(url) > LONGEST_ADDRESS:
        return ""
    return url if all(" " < sign != "\x7f" for sign in url) else ""

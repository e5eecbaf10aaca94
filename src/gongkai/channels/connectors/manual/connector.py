"""人工发布: the text is prepared to copy; a person posts it (微信、微博、头条、报刊、公报、广播电视) and records where it stands."""

from __future__ import annotations

from typing import ClassVar

from gongkai.channels.connectors.base import WITHDRAW, Connector, DeliveryError, Package, Prepared, Receipt, Target
from gongkai.channels.connectors.manual.form import ManualForm


class Manual(Connector):
    name = "manual"
    label = "人工发布"
    help = "系统备好文字，由人发到微信、微博、报刊、广播电视等，发好后登记地址。"
    media: ClassVar[tuple[str, ...]] = ()
    by_hand = True
    form = ManualForm

    def prepare(self, package: Package, target: Target) -> Prepared:
        if package.action == WITHDRAW:
            words = f"《{package.title}》已经撤下，请删除已经发布的内容。原因：{package.reason}"
            return Prepared(package, words.encode(), words)
        tail = [str(target.settings.get("ending") or ""), f"全文：{package.url}"]
        end = "\n\n".join(filter(None, tail))
        text = package.text
        most = target.settings.get("most")
        room = int(most) - len(package.title) - len(end) - 4 if most else None
        if room is not None and len(text) > room:
            text = text[: max(room - 1, 0)] + "…" if room > 0 else ""
        words = "\n\n".join(filter(None, [package.title, text, end]))
        return Prepared(package, words.encode(), words)

    def deliver(self, prepared: Prepared, target: Target) -> Receipt:
        raise DeliveryError("这个渠道由人发布，发好以后请登记地址", permanent=True)

    def withdraw(self, prepared: Prepared, target: Target) -> Receipt:
        raise DeliveryError("这个渠道由人撤下，撤下以后请登记", permanent=True)

"""订阅源: nothing is pushed. The public feed has every live document; readers come and fetch it."""

from __future__ import annotations

from typing import ClassVar

from django.urls import reverse

from gongkai.channels.connectors.atom.form import AtomForm
from gongkai.channels.connectors.base import Connector, Package, Prepared, Receipt, Target
from gongkai.reminders.letters import address


class Atom(Connector):
    name = "atom"
    label = "Atom 订阅源"
    help = "公众和媒体用阅读器订阅，不用推送；公开后即在订阅源里，撤下后即不在。"
    media: ClassVar[tuple[str, ...]] = ("website",)
    form = AtomForm

    def prepare(self, package: Package, target: Target) -> Prepared:
        return Prepared(package, words=package.title)

    def deliver(self, prepared: Prepared, target: Target) -> Receipt:
        return Receipt("已在订阅源里", address=address(reverse("documents:feed", args=["atom"])))

    def withdraw(self, prepared: Prepared, target: Target) -> Receipt:
        return Receipt("已不在订阅源里")

"""How letters leave the house: one module for each way, behind one small interface."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from gongkai.reminders.channels.base import ChannelError as ChannelError
from gongkai.reminders.models import Message


class Channel(Protocol):
    def send(self, message: Message) -> None:
        """Hands the letter over. Raises ChannelError. Sending twice must be recognisable as one: the identity comes from the row."""


def channel_for(message: Message) -> Channel:
    if message.channel == Message.Channel.WEBHOOK:
        from gongkai.reminders.channels.webhook import Webhook

        return Webhook()
    if settings.MAIL_URL:
        from gongkai.reminders.channels.smtp import Smtp

        return Smtp.at(settings.MAIL_URL)
    from gongkai.reminders.channels.file import Folder

    return Folder(settings.DATA_DIR / "mail")

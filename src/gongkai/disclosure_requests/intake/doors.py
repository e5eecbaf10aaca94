"""The only doors to the mailbox of an agency: for the people who act for it. Out of scope is 404."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from gongkai.disclosure_requests.access import agencies_of
from gongkai.disclosure_requests.models import IncomingMail


def mails_for(user: Any) -> QuerySet[IncomingMail]:
    return IncomingMail.objects.select_related("agency__jurisdiction", "request").filter(agency__in=agencies_of(user))


def access_mail(user: Any, pk: int) -> IncomingMail:
    row = mails_for(user).filter(pk=pk).first()
    if row is None:
        raise Http404("没有这封邮件，或者不在您的范围内")
    return row


def masked_address(sender: str) -> str:
    """z***@example.cn: the list shows where a letter came from, not from whom."""
    address = sender.rpartition("<")[2].strip(" >")
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if at else "***"

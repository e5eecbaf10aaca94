"""What writing a reply and giving files with it share."""

from __future__ import annotations

from gongkai.disclosure_requests import loaded
from gongkai.disclosure_requests.actions.base import open_reasons
from gongkai.disclosure_requests.models import DisclosureRequest, Reply


def current(request: DisclosureRequest) -> Reply | None:
    return loaded.reply_of(request)


def draft_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if request.received_on is None:
        found.append("收到申请的日期还没有确定")
    reply = current(request)
    if reply is not None and reply.signed_at is not None:
        found.append("答复已经签发")
    elif reply is not None and reply.proposed_at is not None:
        found.append("答复正在审核，收回以后才能修改")
    return found

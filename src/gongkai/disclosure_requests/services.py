"""A letter of the case goes out: one row for each sending, which is also the proof that the law's notice was given."""

from __future__ import annotations

from datetime import date

from gongkai.disclosure_requests.models import DisclosureRequest, Reply, Service
from gongkai.disclosure_requests.replying import tasks

LETTERS = {
    "receipt": "收件回执",
    "clarification": "补正告知书",
    "extension": "延期答复告知书",
    "third_party": "第三方意见征询书",
    "third_party_told": "向第三方告知书",
    "organ": "征求意见函",
    "fee": "信息处理费收费通知书",
    "frequency": "说明理由通知书",
    "transfer": "转办告知书",
    "reply": "答复",
}
"""Letter → its name. Those to the applicant stand on the progress page as well."""
TO_APPLICANT = frozenset({"receipt", "clarification", "extension", "fee", "frequency", "transfer", "reply"})


def send(
    request: DisclosureRequest,
    letter: str,
    on: date,
    *,
    route: str = "",
    served_on: date | None = None,
    proof: str = "",
    reply: Reply | None = None,
) -> Service:
    """Notes that a letter was sent, by the route the applicant chose unless told otherwise. On the internet it is served when it is there
    to be read; on paper when its proof comes back (actions/serving.py). Its PDF and Word file come into the case by the worker
    (letters/files.py); the row stands at once."""
    way = route or request.route
    if way == DisclosureRequest.Route.ONLINE and served_on is None and letter in TO_APPLICANT:
        served_on, proof = on, proof or "网上送达"
    made = Service.objects.create(request=request, letter=letter, reply=reply, route=way, sent_on=on, served_on=served_on, proof=proof)
    tasks.after_commit(tasks.keep_letter, made.pk)
    return made

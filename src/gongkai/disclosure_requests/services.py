"""A letter of the case goes out: one row for each sending, which is also the proof that the law's notice was given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gongkai.disclosure_requests.letters.values import day
from gongkai.disclosure_requests.models import Consultation, DisclosureRequest, Reply, Service
from gongkai.disclosure_requests.public import receipts
from gongkai.disclosure_requests.replying import tasks

LETTERS = {
    "receipt": "收件回执",
    "clarification": "补正告知书",
    "extension": "延期答复告知书",
    "delay": "延迟答复告知书",
    "third_party": "第三方意见征询书",
    "third_party_told": "向第三方告知书",
    "organ": "征求意见函",
    "fee": "信息处理费收费通知书",
    "frequency": "说明理由通知书",
    "transfer": "转办告知书",
    "reply": "答复",
}
"""Letter → its name. Those to the applicant stand on the progress page as well."""
TO_APPLICANT = frozenset({"receipt", "clarification", "extension", "delay", "fee", "frequency", "transfer", "reply"})
Route = DisclosureRequest.Route


def send(
    request: DisclosureRequest,
    letter: str,
    on: date,
    *,
    route: str = "",
    served_on: date | None = None,
    proof: str = "",
    reply: Reply | None = None,
    consultation: Consultation | None = None,
    told: Mapping[str, str] | None = None,
    again_for: Service | None = None,
) -> Service:
    """Notes that a letter was sent, by the route the applicant chose unless told otherwise. On the internet it is served when it is there
    to be read; on paper when its proof comes back (actions/serving.py). Its PDF and Word file come into the case by the worker
    (letters/files.py); the row stands at once, with the agency and the days that hold now (`told` adds to them). An applicant who is
    written to on the internet or by e-mail, and gave an address, is told there that something is to be read."""
    way = route or request.route
    mine = letter in TO_APPLICANT
    if way == Route.ONLINE and served_on is None and mine:
        served_on, proof = on, proof or "网上送达"
    due_on = request.obligation.due_on if request.obligation is not None else None
    made = Service.objects.create(
        request=request,
        letter=letter,
        reply=reply,
        agency=request.agency,
        consultation=consultation,
        told={"收到日期": day(request.received_on), "答复期限": day(due_on), **(told or {})},
        again_for=again_for,
        route=way,
        sent_on=on,
        served_on=served_on,
        proof=proof,
    )
    if mine and way in (Route.ONLINE, Route.EMAIL):
        receipts.tell(request, LETTERS[letter], made.pk)
    tasks.after_commit(tasks.keep_letter, made.pk)
    return made

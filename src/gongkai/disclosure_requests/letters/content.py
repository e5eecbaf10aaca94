"""A letter, whatever it is written as: number, title, addressee, paragraphs, whom to ask, who signs and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from gongkai.agencies.guides import profile_of
from gongkai.agencies.models import Agency
from gongkai.disclosure_requests import numbers
from gongkai.disclosure_requests.letters import values
from gongkai.disclosure_requests.letters.wording import article_of, fill, letter_of, wording
from gongkai.disclosure_requests.models import Applicant, Correction, DisclosureRequest, Reply, Service
from gongkai.disclosure_requests.remedies import remedies
from gongkai.formats.annual_report.outcomes import outcomes

SEAL = "（印章）"
LAW = "《中华人民共和国政府信息公开条例》"
NOT_NUMBERED = "（签发后编号）"
_LEFT = re.compile(r"\s+")
_NAME = re.compile(r"[^\s\d，,；;：:、（()）]+")
"""Who stands at the beginning of 申请人和联系方式."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`paragraphs` in order, the remedy last. `contact`: 联系人、电话 in a line, empty where the agency has told none."""

    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    contact: str
    agency: str
    date_words: str
    heading: str = ""
    """The agency before the title, as official letters have it."""

    @property
    def whole_title(self) -> str:
        return f"{self.heading}{self.title}"

    @property
    def text(self) -> str:
        return "\n".join((self.whole_title, self.number, self.addressee, *self.paragraphs, self.contact))


def contact_of(agency: Agency) -> str:
    """From what the agency's guide says of its 政府信息公开工作机构 (条例第十二条)."""
    profile = profile_of(agency)
    parts = [
        ("联系单位", profile.intake_name),
        ("联系电话", profile.intake_phone or agency.phone),
        ("地址", profile.intake_address or agency.address),
    ]
    return "，".join(f"{label}：{words.strip()}" for label, words in parts if words and words.strip())


def masked_name(name: str) -> str:
    return f"{name[:1]}**" if name else "申请人"


def of_reply(reply: Reply, *, named: bool, on: date | None = None) -> Letter:
    """The reply's letter. `named`: with the applicant's name, for handlers and for the applicant; masked otherwise."""
    request = reply.request
    outcome = outcomes()[reply.outcome]
    held = on or (timezone.localdate(reply.signed_at) if reply.signed_at else timezone.localdate())
    text = values.text_with_files(reply) if reply.pk else reply.text
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    article = article_of(outcome, reply.situation)
    plain = _LEFT.sub("", text)
    if article not in plain:
        paragraphs.append(f"本答复依据{LAW}{article}作出。")
    cited = [words for one in reply.grounds if (words := values.ground_words(one))]
    if cited:
        paragraphs.append(f"不予公开的依据：{'；'.join(cited)}。")
    place = numbers.settings_of(request.jurisdiction)
    paragraphs.append(remedies(outcome, request.agency, place.reconsideration_organ, place.court, held).text)
    title = reply.template.title if reply.template else _national_title(reply)
    return _letter(request, title, reply.number or NOT_NUMBERED, paragraphs, held, named)


def _national_title(reply: Reply) -> str:
    outcome = outcomes()[reply.outcome]
    one = outcome.situation(reply.situation)
    return one.letter if one else outcome.letter


def proposed_text(request: DisclosureRequest, reply: Reply, on: date) -> tuple[str, str, object]:
    """(body filled with what the form was told, version of the words, the place's template or None)."""
    outcome = outcomes()[reply.outcome]
    words = wording(letter_of(outcome, reply.situation), request.jurisdiction, on)
    files = values.given_names(reply) if reply.pk else []
    known = values.of_request(request, values.applicant_of(request))
    known |= values.of_reply(outcome, reply.situation, reply.answers, reply.grounds, files)
    return fill(words.body, known), words.version, words.template


def of_service(service: Service, *, named: bool = True) -> Letter:
    """The letter that was sent, in the words and with the days that held on the day of sending, by the agency that sent it."""
    request = service.request
    if service.letter == "reply" and service.reply is not None:
        return of_reply(service.reply, named=named)
    words = wording(service.letter, request.jurisdiction, service.sent_on)
    agency = service.agency or request.agency
    known = values.of_request(request, values.applicant_of(request)) | {"机关": agency.name}
    known |= values.of_service(service) | {name: words_ for name, words_ in service.told.items() if words_}
    asked = service.consultation
    if asked is not None:
        known["申请人"] = ""
    paragraphs = [line.strip() for line in fill(words.body, known, gaps=False).splitlines() if line.strip()]
    addressee = None
    if asked is not None:
        addressee = asked.agency.name if asked.agency else asked.party
    return _letter(request, words.title, request.number, paragraphs, service.sent_on, named, addressee, agency)


def of_correction(row: Correction) -> Letter:
    """告知书 of an answered 更正申请 (条例第四十一条). What was not corrected may be contested by either road."""
    assert row.answered_on is not None
    letter, agency = f"correction.{row.result}", row.agency
    words = wording(letter, agency.jurisdiction, row.answered_on)
    known = {"称呼": "你（单位）", "机关": agency.name, "收到日期": values.day(row.received_on)}
    known |= {"有误的记录": row.record, "更正说明": row.words, "有权更正的机关": row.to}
    paragraphs = [line.strip() for line in fill(words.body, known, gaps=False).splitlines() if line.strip()]
    if row.result != Correction.Result.CORRECTED:
        place = numbers.settings_of(agency.jurisdiction)
        paragraphs.append(remedies(outcomes()["other"], agency, place.reconsideration_organ, place.court, row.answered_on).text)
    named = _NAME.match(row.applicant.strip())
    return Letter(
        title=words.title,
        number=row.number,
        addressee=named[0] if named else "申请人",
        paragraphs=tuple(paragraphs),
        contact=contact_of(agency),
        agency=agency.name,
        date_words=values.day(row.answered_on),
        heading=agency.name,
    )


def _letter(
    request: DisclosureRequest,
    title: str,
    number: str,
    paragraphs: list[str],
    on: date,
    named: bool,
    addressee: str | None = None,
    agency: Agency | None = None,
) -> Letter:
    sender = agency or request.agency
    if addressee is None:
        told = values.applicant_of(request)
        name = told.name if isinstance(told, Applicant) else ""
        addressee = (name if named else masked_name(name)) or "申请人"
    return Letter(
        title=title,
        number=number,
        addressee=addressee,
        paragraphs=tuple(paragraphs),
        contact=contact_of(sender),
        agency=sender.name,
        date_words=values.day(on),
        heading=sender.name,
    )

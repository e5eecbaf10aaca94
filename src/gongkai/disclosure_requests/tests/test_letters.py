"""Every outcome through the form to a letter that says what the law wants said, read back from Word and PDF; the words of a place."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import docx
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import clarifying, replying, serving, templating
from gongkai.disclosure_requests.actions.filing import new_key
from gongkai.disclosure_requests.letters import content, files, wording
from gongkai.disclosure_requests.letters.wording import NEED_WORDS
from gongkai.disclosure_requests.models import (
    CaseFile,
    Clarification,
    Consultation,
    FeeNotice,
    FrequencyCheck,
    LetterTemplate,
    Reply,
    Service,
)
from gongkai.disclosure_requests.replying import choosing, making
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.formats.annual_report.outcomes import outcomes


def words_of(name: str, data: bytes) -> str:
    """The text of a letter without white space, as it is read."""
    if name.endswith(".docx"):
        found = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    else:
        document = pypdfium2.PdfDocument(data)
        found = "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    return re.sub(r"\s+", "", found)


def history(case: Any, code: str) -> None:
    """What must have come before an outcome."""
    today = timezone.localdate()
    day = today - timedelta(days=30)
    if code == "clarification_lapsed":
        Clarification.objects.create(request=case, items="年份", issued_on=day, due_on=today, lapsed_on=today)
    if code == "still_unclear":
        Clarification.objects.create(request=case, items="年份", issued_on=day, due_on=today, answered_at=timezone.now())
    if code == "fee_lapsed":
        FeeNotice.objects.create(request=case, by="item", quantity=45, amount=5500, issued_on=day, lapsed_on=today)
    if code == "unreasonable_frequency":
        FrequencyCheck.objects.create(
            request=case, facts="本月第40件", asked_on=day, judged_on=today, reasonable=False, words="没有正当理由"
        )
    if code == "third_party_rights":
        Consultation.objects.create(
            request=case, kind="third_party", party="某公司", asked="是否同意", sent_on=day, answered_on=today, opinion="refuses"
        )


@pytest.mark.parametrize("letter", list(choosing.choices()))
def test_each_outcome_from_the_form_to_its_letter(cast: Cast, letter: str, client: Client, django_capture_on_commit_callbacks: Any) -> None:
    choice = choosing.choices()[letter]
    case = accepted(cast)
    history(case, choice.outcome.code)
    client.force_login(cast.user("drafter"))
    address = reverse("request_cases:draft_reply", args=[case.pk])
    chosen = client.get(address).content.decode()
    assert f"?letter={letter}" in chosen and choice.article in chosen
    form = client.get(f"{address}?letter={letter}").context["form"]
    asked = {name.removeprefix("need_") for name in form.fields if name.startswith("need_")}
    assert asked == set(replying.asked_of(choice.outcome, choice.situation)), "the form asks what the outcome needs, no more"
    told = {f"need_{need}": f"所填的{NEED_WORDS[need]}" for need in asked}
    data: dict[str, Any] = {"letter": letter, "key": str(uuid4()), "version": "0", "text": "", "made": "", **told}
    if "grounds" in form.fields:
        data["grounds"] = [form.fields["grounds"].choices[0][0]]
    generated = client.post(address, {**data, "do": "generate"}).context["form"]["text"].value()
    assert choice.article in generated and all(words in generated for words in told.values())
    saved = client.post(address, {**data, "text": generated, "do": "save"})
    reply = Reply.objects.get(request=case)
    assert saved.status_code == 302 and (reply.outcome, reply.situation) == (choice.outcome.code, choice.situation)
    if "documents" in choice.outcome.asked(choice.situation):
        give_text(cast, reply, covered=choice.outcome.code == "partly_open")
        text = reply.text.replace("【待填：提供的文件】", "《清单》")
        version = Reply.objects.get(pk=reply.pk).version
        replying.draft(
            case,
            cast.drafter,
            key=new_key(),
            outcome=reply.outcome,
            situation=reply.situation,
            text=text,
            answers=reply.answers,
            grounds=reply.grounds,
            version=version,
        )
    reply = signed(cast, Reply.objects.get(pk=reply.pk))
    with django_capture_on_commit_callbacks():
        sent = serving.send_reply(reply, cast.drafter, key=new_key())
    files.keep(sent.pk)
    files.keep(sent.pk)
    sent = Service.objects.get(pk=sent.pk)
    assert CaseFile.objects.filter(request=case, kind="letter").count() == 2, "kept once as PDF and once as Word"
    for fmt in ("docx", "pdf"):
        name, content_ = files.letter_file(sent, fmt)
        text = words_of(name, content_)
        one = choice.outcome.situation(choice.situation)
        for words in (one.letter if one else choice.outcome.letter, reply.number, choice.article, "赵申请", "（印章）", cast.reform.name):
            assert re.sub(r"\s+", "", words) in text, (fmt, words)
        assert all(words in text for words in told.values())
        assert ("应当先" in text) == choice.outcome.is_refusal
        assert ("也可以" in text) != choice.outcome.is_refusal


def give_text(cast: Cast, reply: Reply, *, covered: bool) -> None:
    document = docx.Document()
    document.add_paragraph("项目清单：甲项目，联系人王某某。")
    out = io.BytesIO()
    document.save(out)
    replying.attach(reply.request, cast.drafter, key=new_key(), files=[ContentFile(out.getvalue(), name="清单.docx")])
    source = CaseFile.objects.get(request=reply.request, kind="found")
    areas = [{"page": 0, "box": None, "match": "王某某", "reason": "第十五条 第三方合法权益"}] if covered else []
    made = replying.give(reply, cast.drafter, key=new_key(), source=source, areas=areas)
    making.make(made.pk)
    made.refresh_from_db()
    assert (made.failed, made.made_at is not None) == ("", True)


def signed(cast: Cast, reply: Reply) -> Reply:
    reply = replying.propose(reply, cast.drafter, key=new_key())
    say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
    replying.review(reply, cast.reviewer, key=new_key(), step="content", **say)
    if "second" in replying.steps_of(reply):
        replying.review(reply, cast.head, key=new_key(), step="second", **say)
    replying.review(reply, cast.secrecy_reviewer, key=new_key(), step="secrecy", **say)
    return replying.sign(reply, cast.head, key=new_key())


def test_every_outcome_and_procedure_has_words_that_pass_their_own_check() -> None:
    codes = {wording.outcome_of(letter)[0].code for letter in wording.letters() if wording.outcome_of(letter)}  # type: ignore[index]
    assert codes == set(outcomes()) and len(codes) == 21
    for letter in wording.letters():
        own = wording.national(letter, date(2026, 3, 1))
        assert wording.template_reasons(letter, own.title, own.body) == [], letter
        title, body = wording.sample(letter, own.title, own.body)
        assert title and "{" not in body and wording.UNFILLED not in body


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("根据{条款}，{检索的范围和方法}，{申请人姓名}", "不认识的填入项：{申请人姓名}"),
        ("根据条例，{检索的范围和方法}", "缺少必须的填入项：{条款}"),
        ("根据{条款}，{检索的范围和方法", "花括号没有成对"),
        ("", "标题和正文都要填写"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_in_one_sentence(body: str, sentence: str) -> None:
    assert any(sentence in reason for reason in wording.template_reasons("not_held.not_existing", "告知书", body))


BODY = "经检索（{检索的范围和方法}），没有您要的信息。依据：条例{条款}。清河市的文字。"


def test_a_place_has_its_own_words_and_what_was_written_keeps_its_own(cast: Cast) -> None:
    case = accepted(cast)
    today = timezone.localdate()
    letter = "not_held.not_existing"
    before = replying.draft(case, cast.drafter, key="d1", outcome="not_held", situation="not_existing", text="旧文字")
    with pytest.raises(NotAllowed, match="政务公开主管部门拟写"):
        templating.draft_template(cast.city, cast.drafter, key="n", letter=letter, title="告知书", body=BODY, effective_from=today)
    made = templating.draft_template(
        cast.city, cast.openness_officer, key="t", letter=letter, title="告知书", body=BODY, effective_from=today
    )
    assert wording.wording(letter, cast.city, today).template is None, "a draft is used by nobody"
    with pytest.raises(NotAllowed):
        templating.approve_template(made, cast.head, key="a0")
    templating.approve_template(made, cast.office_head, key="a")
    held = wording.wording(letter, cast.city, today)
    assert held.template == made and held.version == "第 1 版"
    assert wording.wording(letter, cast.east, today).template == made, "a county without words of its own uses its city's"
    assert wording.wording(letter, cast.elsewhere, today).template is None
    assert "旧文字" in content.of_reply(Reply.objects.get(pk=before.pk), named=True).text
    second = templating.draft_template(
        cast.city, cast.openness_officer, key="t2", letter=letter, title="新", body=BODY, effective_from=today + timedelta(days=9)
    )
    assert second.version == 2
    templating.approve_template(second, cast.office_head, key="a2")
    assert wording.wording(letter, cast.city, today).template == made
    assert wording.wording(letter, cast.city, today + timedelta(days=9)).template == second


def test_the_settings_page_previews_and_saves(cast: Cast, client: Client) -> None:
    client.force_login(cast.user("openness_officer"))
    letter = "petition"
    address = reverse("request_cases:template", args=[cast.city.pk, letter])
    page = client.get(address).content.decode()
    assert "{应当走的渠道}" in page and "必须有" in page
    today = timezone.localdate()
    data = {"key": str(uuid4()), "title": "告知书", "body": "{条款}{应当走的渠道}{事实和理由}{谁}", "effective_from": today}
    wrong = client.post(address, data)
    assert wrong.status_code == 409 and "不认识的填入项：{谁}" in wrong.content.decode()
    data["body"] = "依据{条款}，{应当走的渠道}，{事实和理由}。"
    assert "依据第十六条第一款" in client.post(address, {**data, "do": "preview"}).content.decode()
    assert not LetterTemplate.objects.exists()
    assert client.post(address, {**data, "key": str(uuid4())}).status_code == 302
    row = LetterTemplate.objects.get()
    client.force_login(cast.user("office_head"))
    assert "批准" in client.get(address).content.decode()
    client.post(reverse("request_cases:template_verb", args=[row.pk, "approve"]), {"key": str(uuid4())})
    row.refresh_from_db()
    assert row.approved_by == cast.office_head
    client.force_login(cast.user("stranger"))
    assert client.get(address).status_code == 404
    assert client.get(reverse("request_cases:templates", args=[cast.city.pk])).status_code == 404


def test_a_clarification_notice_says_what_and_until_when(cast: Cast) -> None:
    case = accepted(cast)
    due_on = timezone.localdate() + timedelta(days=20)
    clarifying.ask(case, cast.drafter, key="c", items="请写明年份", due_on=due_on)
    service = Service.objects.get(request=case, letter="clarification")
    for fmt in ("docx", "pdf"):
        text = words_of(*files.letter_file(service, fmt))
        assert "政府信息公开申请补正告知书" in text and "请写明年份" in text and "第三十条" in text and "赵申请" in text
        assert f"{due_on.year}年{due_on.month}月{due_on.day}日" in text


@pytest.mark.parametrize(
    "letter", ["receipt", "extension", "delay", "third_party", "third_party_told", "organ", "fee", "frequency", "transfer"]
)
def test_every_procedural_letter_can_be_written(cast: Cast, letter: str) -> None:
    case = accepted(cast)
    today = timezone.localdate()
    service = Service.objects.create(request=case, letter=letter, route="post", sent_on=today)
    if letter in ("delay", "frequency"):
        FrequencyCheck.objects.create(request=case, facts="本月第12件", asked_on=today, delayed_to=today + timedelta(60))
    third = letter.startswith("third_party")
    if third or letter == "organ":
        service.consultation = Consultation.objects.create(
            request=case,
            kind="third_party" if third else "organ",
            party="某公司",
            asked="是否同意公开合同",
            sent_on=today,
            overridden=letter == "third_party_told",
            override_reason="饮水安全",
        )
    name, data = files.letter_file(service, "docx")
    text = words_of(name, data)
    assert wording.national(letter, today).title in text and "{" not in text
    assert ("某公司：" in text) == (third or letter == "organ")
    assert ("赵申请" in text) != (third or letter == "organ"), "a third party is not told who asks"


def test_only_handlers_see_the_name_on_a_letter(cast: Cast, client: Client) -> None:
    case = accepted(cast)
    reply = replying.draft(case, cast.drafter, key="d", outcome="petition", text="正文")
    address = reverse("request_cases:reply_letter", args=[reply.pk, "docx"])
    for person, named in (("drafter", True), ("secrecy_reviewer", False)):
        client.force_login(cast.user(person))
        text = words_of("x.docx", client.get(address).content)
        assert ("赵申请" in text) == named and ("赵**" in text) != named
    for person in ("other_officer", "openness_officer", "county_officer"):
        client.force_login(cast.user(person))
        assert client.get(address).status_code == 404


def test_what_is_not_filled_in_stops_the_proposal(cast: Cast) -> None:
    case = accepted(cast)
    reply = replying.draft(
        case, cast.drafter, key="d", outcome="petition", text="【待填：应当走的渠道】", answers={"channel": "信访局", "ground": "投诉"}
    )
    with pytest.raises(ActionRefused, match="待填"):
        replying.propose(reply, cast.drafter, key="p")

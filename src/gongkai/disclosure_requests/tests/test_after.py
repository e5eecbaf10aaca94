"""What follows a reply: correction, reconsideration and suit, suggestions, opening, frequent answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import contesting, correcting, frequent, opening, replying, serving, sorting, suggesting
from gongkai.disclosure_requests.actions.duties import open_duties
from gongkai.disclosure_requests.after.offers import offers
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, Remedy, Reply
from gongkai.disclosure_requests.queries import state_of
from gongkai.disclosure_requests.tests.cases import CREDIT_CODE, accepted, received
from gongkai.disclosure_requests.tests.test_replying import drafted, reviewed
from gongkai.journal.models import Entry
from gongkai.obligations.models import Obligation, RuleSwitch
from gongkai.obligations.switching import install
from gongkai.publications.models import Document, Edition
from gongkai.publications.signals import opened


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def laws(cast: Cast) -> None:
    """Every rule about requests in use, also those a place switches on by itself."""
    since = timezone.localdate() - timedelta(400)
    install(cast.city, None, since)
    wanted = {"remedy.answer", "remedy.answer_simple", "remedy.suit_answer", "request.suggestion"}
    for rule in wanted - set(RuleSwitch.objects.values_list("rule", flat=True)):
        RuleSwitch.objects.create(
            jurisdiction=cast.city, rule=rule, on=True, since=since, decided_by=cast.openness_officer, decided_at=timezone.now()
        )


@pytest.fixture
def closed(cast: Cast, laws: None) -> DisclosureRequest:
    case = accepted(cast)
    serving.send_reply(replying.sign(reviewed(cast, case), cast.head, key="sign"), cast.drafter, key="send")
    return DisclosureRequest.objects.get(pk=case.pk)


def correction(cast: Cast, today: date, **more: Any) -> Any:
    told = {"applicant": "孙三 13800138000", "record": "2024年批复的地址", "claim": "门牌号错了", "received_on": today}
    return correcting.register(cast.reform, cast.drafter, **{"key": "c", **told, **more})


def test_a_correction_is_registered_answered_and_proven(cast: Cast, laws: None, today: date) -> None:
    row = correction(cast, today)
    assert row.number == f"{cast.reform.code}-更正-{today.year}-001"
    assert [duty.rule for duty in open_duties("correction_requested", row.pk)] == ["request.correct"]
    with pytest.raises(ActionRefused, match="有权更正的机关"):
        correcting.answer(row, cast.drafter, key="a", result="transferred", words="转送", answered_on=today)
    with pytest.raises(NotAllowed):
        correcting.answer(row, cast.other_officer, key="a", result="corrected", words="已改", answered_on=today)
    correcting.answer(row, cast.drafter, key="a", result="corrected", words="地址已改为12号", answered_on=today)
    assert open_duties("correction_requested", row.pk) == []
    kept = " ".join(Entry.objects.values_list("new", flat=True))
    assert "孙三" not in kept
    assert "门牌号" not in kept
    with pytest.raises(ActionRefused, match="已于"):
        correcting.answer(row, cast.drafter, key="b", result="refused", words="不改", answered_on=today)


@pytest.mark.parametrize(
    ("kind", "procedure", "rule"),
    [
        ("reconsideration", "ordinary", "remedy.answer"),
        ("reconsideration", "simple", "remedy.answer_simple"),
        ("suit", "ordinary", "remedy.suit_answer"),
    ],
)
def test_a_remedy_has_its_days_and_its_proof(cast: Cast, closed: Any, today: date, kind: str, procedure: str, rule: str) -> None:
    row = contesting.file(closed, cast.drafter, key="f", kind=kind, organ="清河市人民政府", filed_on=today, procedure=procedure)
    assert not Obligation.objects.filter(rule=rule).exists(), "the days run from the copy"
    row = contesting.served(row, cast.drafter, key="s", on=today)
    duty = Obligation.objects.get(rule=rule)
    assert duty.due_on is not None
    assert duty.due_on > today
    contesting.answered(row, cast.drafter, key="a", on=today)
    duty.refresh_from_db()
    assert duty.fulfilled_on == today
    done = contesting.conclude(row, cast.drafter, key="c", result="upheld", result_words="维持", closed_on=today)
    assert (done.result, done.closed_on) == ("upheld", today)
    assert state_of(closed) == "closed"


def test_a_suit_after_reconsideration_names_it(cast: Cast, closed: Any, today: date) -> None:
    with pytest.raises(ActionRefused, match="前一程序"):
        contesting.file(closed, cast.drafter, key="f", kind="suit_after", organ="清河区人民法院", filed_on=today)
    with pytest.raises(ActionRefused, match="不能早于收到申请"):
        contesting.file(closed, cast.drafter, key="f", kind="suit", organ="清河区人民法院", filed_on=today - timedelta(400))


def test_a_reply_set_aside_is_answered_again_and_the_year_stays(cast: Cast, closed: Any, today: date) -> None:
    first = Reply.objects.get()
    row = contesting.file(closed, cast.drafter, key="f", kind="reconsideration", organ="清河市人民政府", filed_on=today, served_on=today)
    with pytest.raises(ActionRefused, match="只有结果纠正"):
        contesting.conclude(row, cast.drafter, key="x", result="upheld", result_words="维持", closed_on=today, answer_again_by=today)
    by = today + timedelta(20)
    contesting.conclude(
        row, cast.drafter, key="c", result="corrected", result_words="撤销，责令重新答复", closed_on=today, answer_again_by=by
    )
    case = DisclosureRequest.objects.get(pk=closed.pk)
    assert (case.outcome, case.closed_on, case.reopened_on) == ("not_held", today, today)
    assert state_of(case) == "handling"
    first.refresh_from_db()
    assert "清河市人民政府" in first.replaced_reason
    duty = Obligation.objects.get(rule="request.reply", share__startswith="重新答复")
    assert (duty.due_on, duty.fulfilled_on) == (by, None)
    reply = drafted(cast, case, key="d2", text="经再次检索，本机关没有您申请的信息。")
    assert reply.pk != first.pk
    reply = replying.propose(reply, cast.drafter, key="p2")
    say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
    replying.review(reply, cast.reviewer, key="r21", step="content", **say)
    replying.review(reply, cast.secrecy_reviewer, key="r22", step="secrecy", **say)
    reply = replying.sign(reply, cast.head, key="s2")
    serving.send_reply(reply, cast.drafter, key="send2")
    case.refresh_from_db()
    duty.refresh_from_db()
    assert (case.outcome, case.closed_on, case.reopened_on, state_of(case)) == ("not_held", today, None, "closed")
    assert duty.fulfilled_on == today
    assert case.obligation is not None
    case.obligation.refresh_from_db()
    assert case.obligation.fulfilled_on == today, "the first answer was in time, whatever became of it"
    assert Remedy.objects.get().result == "corrected"


def test_a_suggestion_goes_out_without_the_applicant(cast: Cast, closed: Any) -> None:
    told = {"to": cast.finance, "problem": "补助发放没有公示", "advice": "按月公示"}
    for problem in ("赵申请反映补助没有公示", "电话13800138000的人反映"):
        with pytest.raises(ActionRefused, match="请删去"):
            suggesting.suggest(cast.reform, cast.drafter, key="x", request=closed, **{**told, "problem": problem})
    row = suggesting.suggest(cast.reform, cast.drafter, key="s", request=closed, **told)
    duty = Obligation.objects.get(rule="request.suggestion")
    assert duty.evidence.filter(record_kind="suggestion", record_id=row.pk).exists()
    with pytest.raises(NotAllowed, match="回复"):
        suggesting.answer(row, cast.drafter, key="a", words="已公示")
    row = suggesting.answer(row, cast.other_officer, key="a", words="已按月公示")
    assert row.answered_at is not None
    assert not Deed.objects.filter(request_id=closed.pk, actor=cast.other_officer).exists(), "who answers is not in the case"


def many(cast: Cast) -> list[DisclosureRequest]:
    one = received(cast)
    other = received(cast, kind="commercial", name="某某公司", identity_kind="credit_code", identity_number=CREDIT_CODE, contact="周五")
    return [one, other]


def test_what_several_ask_is_offered_decided_and_published(cast: Cast, laws: None) -> None:
    one, other = many(cast)
    received(cast, description="请公开城市绿化养护合同的全部附件和验收意见。")
    found = offers([cast.reform.pk])
    assert [([row.pk for row in offer.rows], offer.people) for offer in found] == [([one.pk, other.pk], 2)]
    sorting.match(other, cast.drafter, key="m", other=one)
    assert len(open_duties("asked_by_many", one.pk)) == 1
    row = opening.propose(cast.reform, cast.drafter, key="p", subject="重大建设项目批准结果清单", requests=[one, other])
    assert offers([cast.reform.pk]) == []
    with pytest.raises(NotAllowed):
        opening.decide(row, cast.drafter, key="d", accepted=True, reason="可以公开")
    row = opening.decide(row, cast.head, key="d", accepted=True, reason="不涉及秘密和个人信息")
    document = Document.objects.get(pk=row.document_id)
    edition = Edition.objects.get(document=document)
    assert edition.revision is not None
    assert edition.revision.title == "重大建设项目批准结果清单"
    assert len(open_duties("asked_by_many", one.pk)) == 1, "until it is published"
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.LIVE, published_at=timezone.now())
    opened.send(sender=Edition, edition=Edition.objects.get(pk=edition.pk), actor=cast.head)
    assert open_duties("asked_by_many", one.pk) == []


def test_what_is_not_opened_closes_the_duty_with_its_reason(cast: Cast, laws: None) -> None:
    one, other = many(cast)
    sorting.match(other, cast.drafter, key="m", other=one)
    row = opening.propose(cast.reform, cast.drafter, key="p", subject="清单", requests=[one, other])
    opening.decide(row, cast.head, key="d", accepted=False, reason="含商业秘密，分别答复")
    assert open_duties("asked_by_many", one.pk) == []
    assert not Document.objects.exists()


def test_an_applicant_who_suggests_opening_is_offered_alone(cast: Cast) -> None:
    row = received(cast, suggests_opening=True)
    assert [(offer.rows[0].pk, offer.suggested) for offer in offers([cast.reform.pk])] == [(row.pk, True)]


def test_a_frequent_answer_is_reviewed_by_another(cast: Cast, closed: Any) -> None:
    with pytest.raises(ActionRefused, match="姓名"):
        frequent.draft(cast.reform, cast.reviewer, key="1", question="赵申请问什么", answer="见官网", request=closed)
    row = frequent.draft(cast.reform, cast.reviewer, key="1", question="项目清单在哪里看？", answer="在重大项目栏目。", request=closed)
    with pytest.raises(NotAllowed, match="自己拟写"):
        frequent.publish(row, cast.reviewer, key="2")
    row = frequent.publish(row, cast.head, key="2")
    assert row.reviewed_by == cast.head
    with pytest.raises(ActionRefused, match="已经公开"):
        frequent.draft(cast.reform, cast.drafter, key="3", question="改", answer="改", row=row)
    assert frequent.withdraw(row, cast.drafter, key="4", reason="政策变了").withdrawn_at is not None

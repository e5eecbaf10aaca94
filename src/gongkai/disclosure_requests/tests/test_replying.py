"""A reply is drafted by one, reviewed by others, signed by the head and sent: nothing goes out without its reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import replying, serving
from gongkai.disclosure_requests.models import DisclosureRequest, PlaceSettings, Reply
from gongkai.disclosure_requests.queries import state_of
from gongkai.disclosure_requests.remedies import remedies
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations.models import Obligation

FULL: dict[str, Any] = {
    "outcome": "not_held",
    "situation": "",
    "text": "经检索，本机关没有您申请的信息。",
    "answers": {"search": "档案系统全文检索"},
}


@pytest.fixture
def case(cast: Cast) -> DisclosureRequest:
    return accepted(cast)


def drafted(cast: Cast, case: DisclosureRequest, **changes: Any) -> Reply:
    outcome = changes.get("outcome", "not_held")
    one = outcomes()[outcome]
    situation = one.situations[0].code if one.situations else ""
    answers = dict.fromkeys(replying.asked_of(one, situation), "写明")
    values = {"outcome": outcome, "situation": situation, "text": "答复正文", "answers": answers, "key": "draft"} | changes
    return replying.draft(case, cast.drafter, **values)


def reviewed(cast: Cast, case: DisclosureRequest, **changes: Any) -> Reply:
    reply = replying.propose(drafted(cast, case, **changes), cast.drafter, key="propose")
    say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
    replying.review(reply, cast.reviewer, key="r1", step="content", **say)
    if "second" in replying.steps_of(reply):
        replying.review(reply, cast.head, key="r2", step="second", **say)
    replying.review(reply, cast.secrecy_reviewer, key="r3", step="secrecy", **say)
    return reply


def test_the_road_of_a_reply(cast: Cast, case: DisclosureRequest) -> None:
    reply = replying.sign(reviewed(cast, case), cast.head, key="sign")
    assert reply.number == f"市发改委公开〔{timezone.localdate().year}〕1号"
    assert state_of(case) == "signed"
    sent = serving.send_reply(reply, cast.drafter, key="send")
    case.refresh_from_db()
    assert (case.outcome, case.closed_on, state_of(case)) == ("not_held", timezone.localdate(), "closed")
    assert sent.served_on == timezone.localdate(), "on the internet it is there to be read"
    duty = Obligation.objects.get(disclosure_request=case)
    assert duty.fulfilled_on == timezone.localdate()
    with pytest.raises(ActionRefused, match="已于"):
        serving.send_reply(reply, cast.drafter, key="send2")


@pytest.mark.parametrize("step", ["content", "secrecy"])
def test_nothing_is_signed_without_each_review(cast: Cast, case: DisclosureRequest, step: str) -> None:
    reply = replying.propose(drafted(cast, case), cast.drafter, key="p")
    who = {"content": cast.reviewer, "secrecy": cast.secrecy_reviewer}[step]
    replying.review(reply, who, key="r", step=step, conclusion="passed", basis="条例", version=reply.version)
    with pytest.raises(ActionRefused, match="还没有通过"):
        replying.sign(reply, cast.head, key="s")
    with pytest.raises(ActionRefused, match="还没有签发"):
        serving.send_reply(reply, cast.drafter, key="x")


def test_a_refusal_needs_a_second_reviewer(cast: Cast, case: DisclosureRequest) -> None:
    reply = replying.propose(drafted(cast, case, outcome="internal_affairs"), cast.drafter, key="p")
    assert replying.steps_of(reply) == ("content", "second", "secrecy")
    say = {"conclusion": "passed", "basis": "条例第十六条", "version": reply.version}
    with pytest.raises(ActionRefused, match="请先由审核人审核"):
        replying.review(reply, cast.head, key="r0", step="second", **say)
    replying.review(reply, cast.reviewer, key="r1", step="content", **say)
    with pytest.raises(NotAllowed, match="另一步骤"):
        replying.review(reply, cast.reviewer, key="r2", step="second", **say)


def test_nobody_reviews_or_signs_what_they_wrote(cast: Cast, case: DisclosureRequest) -> None:
    reply = replying.draft(case, cast.head, key="d", **FULL)
    Reply.objects.filter(pk=reply.pk).update(proposed_at=timezone.now())
    reply.refresh_from_db()
    assert "自己拟写" in replying.may_review(cast.user("head"), reply, "content")
    assert "自己拟写" in replying.sign_role(cast.user("head"), reply)


def test_a_review_counts_for_the_version_it_saw(cast: Cast, case: DisclosureRequest) -> None:
    reply = reviewed(cast, case)
    reply = replying.recall(reply, cast.drafter, key="back")
    reply = replying.draft(case, cast.drafter, key="again", version=reply.version, **(FULL | {"situation": reply.situation}))
    assert replying.passed(reply) == {}
    with pytest.raises(ActionRefused, match="还没有送审"):
        replying.review(reply, cast.reviewer, key="late", step="content", conclusion="passed", basis="条例", version=1)


def test_two_savers_lose_nothing(cast: Cast, case: DisclosureRequest) -> None:
    reply = drafted(cast, case)
    with pytest.raises(ActionRefused, match="别人刚刚保存"):
        replying.draft(case, cast.drafter, key="second", version=0, **FULL)
    assert Reply.objects.get(pk=reply.pk).text == "答复正文"


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("clarification_lapsed", "逾期不补正"),
        ("still_unclear", "先告知补正"),
        ("fee_lapsed", "逾期不缴费"),
        ("third_party_rights", "征求第三方意见"),
        ("open", "提供的文件"),
    ],
)
def test_an_outcome_needs_what_the_law_says_came_before(cast: Cast, case: DisclosureRequest, outcome: str, sentence: str) -> None:
    changes = {"situation": "supplied"} if outcome == "open" else {}
    reply = drafted(cast, case, outcome=outcome, **changes)
    assert any(sentence in reason for reason in replying.propose_reasons(reply))


def test_the_form_asks_only_what_the_outcome_needs(cast: Cast, case: DisclosureRequest) -> None:
    reply = replying.draft(case, cast.drafter, key="d", outcome="petition", text="正文")
    assert [r for r in replying.propose_reasons(reply) if r.startswith("还没有填写")] == ["还没有填写：应当走的渠道、事实和理由"]
    assert set(replying.NEED_WORDS) >= {need for one in outcomes().values() for need in one.needs}


def test_the_remedy_switches_by_outcome(cast: Cast) -> None:
    refused = remedies(outcomes()["state_secret"], cast.reform, "", "", date(2026, 3, 1))
    assert "应当先" in refused.text and "60日" in refused.text and "15日" in refused.text
    both = remedies(outcomes()["not_held"], cast.reform, "清河市人民政府", "清河区人民法院", date(2026, 3, 1))
    assert "也可以" in both.text and "6个月" in both.text and "清河区人民法院" in both.text
    assert "应当先" not in both.text


def test_by_post_it_is_served_when_the_proof_comes(cast: Cast, case: DisclosureRequest) -> None:
    reply = replying.sign(reviewed(cast, case), cast.head, key="sign")
    sent = serving.send_reply(reply, cast.drafter, key="send", route="post")
    assert sent.served_on is None
    with pytest.raises(ActionRefused, match="凭证"):
        serving.served(sent, cast.drafter, key="v", on=timezone.localdate(), proof="")
    sent = serving.not_served(sent, cast.drafter, key="v", reason="查无此人，退回")
    again = serving.send_again(Reply.objects.get(pk=reply.pk), cast.drafter, key="w", route="pick_up")
    serving.served(again, cast.drafter, key="x", on=timezone.localdate(), proof="本人签收")
    assert Reply.objects.get(pk=reply.pk).served_on == timezone.localdate()


def test_people_of_another_agency_do_nothing(cast: Cast, case: DisclosureRequest) -> None:
    reply = drafted(cast, case)
    for person in (cast.other_officer, cast.other_head, cast.openness_officer, cast.county_officer):
        with pytest.raises(NotAllowed):
            replying.draft(case, person, key="n", version=1, **FULL)
        with pytest.raises(NotAllowed):
            replying.propose(reply, person, key="n2")
        assert replying.may_review(person, reply, "secrecy")
        assert replying.sign_role(person, reply)
    assert PlaceSettings.objects.count() == 0

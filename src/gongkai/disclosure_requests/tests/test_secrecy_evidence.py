"""That every reply was reviewed for secrecy by another person stands on its duty, and a reply without it proves nothing (S2-30)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import contesting, replying, serving
from gongkai.disclosure_requests.models import DisclosureRequest, ReplyReview
from gongkai.disclosure_requests.replying import secrecy
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.disclosure_requests.tests.test_replying import drafted, reviewed
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.proving import prove_by_fact


@pytest.fixture
def case(cast: Cast) -> DisclosureRequest:
    return accepted(cast)


def evidence(duty: Obligation) -> list[tuple[str, str]]:
    return list(Evidence.objects.filter(obligation=duty).order_by("pk").values_list("record_kind", "result"))


def duty_of(case: DisclosureRequest) -> Obligation:
    return Obligation.objects.get(pk=case.obligation_id)


def test_the_review_stands_on_the_duty_and_does_not_meet_it(cast: Cast, case: DisclosureRequest, client: Client) -> None:
    reply = reviewed(cast, case)
    assert evidence(duty_of(case)) == []
    reply = replying.sign(reply, cast.head, key="sign")
    assert evidence(duty_of(case)) == [("reply_secrecy", "passed")]
    assert duty_of(case).fulfilled_on is None, "a review is no answer"
    client.force_login(cast.user("drafter"))
    page = client.get(reverse("obligations:detail", args=[case.obligation_id])).content.decode()
    assert "答复的保密审查：市发改委公开" in page and "李保密" in page
    assert reverse("request_cases:reply", args=[reply.pk]) in page and "另附答复的保密审查记录" in page
    serving.send_reply(reply, cast.drafter, key="send")
    assert evidence(duty_of(case)) == [("reply_secrecy", "passed"), ("reply", "passed")]
    assert duty_of(case).fulfilled_on == timezone.localdate()


def test_a_reply_without_its_review_proves_nothing(cast: Cast, case: DisclosureRequest) -> None:
    reply = replying.sign(reviewed(cast, case), cast.head, key="sign")
    serving.send_reply(reply, cast.drafter, key="send")
    ReplyReview.objects.filter(reply=reply, step="secrecy").update(version=reply.version + 1)  # past the verbs
    assert prove_by_fact("reply", reply.pk) == 1 and prove_by_fact("reply_secrecy", reply.pk) == 1
    assert evidence(duty_of(case)) == [("reply_secrecy", "failed"), ("reply", "failed")]
    assert duty_of(case).fulfilled_on is None
    reasons = list(Evidence.objects.filter(obligation=case.obligation_id).values_list("reason", flat=True))
    assert all("保密审查" in reason or "拟稿人以外的人" in reason for reason in reasons)


def test_a_review_of_an_earlier_version_or_by_the_author_is_none(cast: Cast, case: DisclosureRequest) -> None:
    reply = reviewed(cast, case)
    assert secrecy.review_of(reply) is not None
    replying.recall(reply, cast.drafter, key="recall")
    reply = drafted(cast, case, key="again", version=reply.version, text="改过的正文")
    assert secrecy.review_of(reply) is None
    row = ReplyReview.objects.get(reply=reply, step="secrecy")
    row.version = reply.version
    row.save()
    assert secrecy.review_of(reply) is not None
    reply.author = row.reviewer
    assert secrecy.review_of(reply) is None


def test_the_answer_given_again_has_its_own(cast: Cast, case: DisclosureRequest) -> None:
    serving.send_reply(replying.sign(reviewed(cast, case), cast.head, key="sign"), cast.drafter, key="send")
    case.refresh_from_db()
    today = timezone.localdate()
    suit = contesting.file(case, cast.drafter, key="f", kind="suit", organ="清河区人民法院", filed_on=today)
    told = {"result": "corrected", "result_words": "撤销，责令重新答复", "closed_on": today, "answer_again_by": today + timedelta(20)}
    contesting.conclude(suit, cast.drafter, key="c", **told)
    case = DisclosureRequest.objects.get(pk=case.pk)
    reply = replying.propose(drafted(cast, case, key="d2", text="经再次检索，没有。"), cast.drafter, key="p2")
    say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
    replying.review(reply, cast.reviewer, key="r21", step="content", **say)
    replying.review(reply, cast.secrecy_reviewer, key="r22", step="secrecy", **say)
    reply = replying.sign(reply, cast.head, key="s2")
    again = Obligation.objects.get(rule="request.reply", subject_id=case.pk, share__startswith="重新答复")
    assert evidence(again) == [("reply_secrecy", "passed")] and again.fulfilled_on is None
    serving.send_reply(reply, cast.drafter, key="send2")
    assert Obligation.objects.get(pk=again.pk).fulfilled_on == today
    assert len(evidence(duty_of(case))) == 2, "the first answer keeps its own"

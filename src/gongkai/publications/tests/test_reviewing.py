"""送审、三审、保密审查逐项、退回、送请确定: who may, when, and that nothing counts that was not seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Membership
from gongkai.conftest import Cast
from gongkai.publications import gates
from gongkai.publications.access import documents_for
from gongkai.publications.actions import reviewing
from gongkai.publications.actions.reviewing import Verdict
from gongkai.publications.models import (
    Edition,
    Evaluation,
    LabelRecord,
    Review,
    Workflow,
)
from gongkai.publications.reviewing import workflow
from gongkai.publications.tests.flowing import agree, keys, proposed, put_file, through, whole
from gongkai.publications.tests.making import draft, revise

BASIS = "政府信息公开条例第十七条"


def test_three_people_take_a_text_to_ready(cast: Cast) -> None:
    edition = proposed(cast)
    assert edition.state == "review"
    assert [step.id for step in workflow.waiting_steps(edition)] == ["check", "secrecy"]
    agree(cast, edition, "check")
    agree(cast, edition, "secrecy")
    assert edition.state == "review" and gates.publish_reasons(edition) == ["“审签”还没有通过（由负责人办理）"]
    agree(cast, edition, "approve")
    assert edition.state == "ready" and gates.publish_reasons(edition) == []
    assert set(workflow.done_steps(edition)) == {"check", "secrecy", "approve"}
    points = dict(LabelRecord.objects.filter(document=edition.document).values_list("point", "label"))
    assert points == {"slip": "此件公开发布", "register": "此件公开发布"}


def test_the_last_word_waits_for_what_stands_before_it(cast: Cast) -> None:
    edition = proposed(cast)
    with pytest.raises(ActionRefused, match="“审签”要等"):
        agree(cast, edition, "approve")
    agree(cast, edition, "secrecy")  # beside the check, not after it
    with pytest.raises(ActionRefused, match="“审签”要等“审核”通过"):
        agree(cast, edition, "approve")


def test_nobody_reviews_his_own_text(cast: Cast) -> None:
    Membership.objects.create(user=cast.drafter, agency=cast.reform, role="reviewer")
    Membership.objects.create(user=cast.drafter, agency=cast.reform, role="secrecy_reviewer")
    edition = proposed(cast)
    for step in ("check", "secrecy"):
        with pytest.raises(NotAllowed, match="这份文稿是您写的"):
            agree(cast, edition, step, by=cast.user("drafter"))


def test_who_saved_the_text_once_does_not_review_it(cast: Cast) -> None:
    edition = draft(cast.reform, cast.drafter, **whole())
    revise(edition, cast.reviewer, **whole())
    revise(edition, cast.drafter, **whole())
    edition = reviewing.submit(edition, cast.user("drafter"), key=keys())
    with pytest.raises(NotAllowed, match="这份文稿是您写的"):
        agree(cast, edition, "check")


def test_one_person_does_one_step(cast: Cast) -> None:
    Membership.objects.create(user=cast.reviewer, agency=cast.reform, role="head")
    edition = proposed(cast)
    agree(cast, edition, "check")
    agree(cast, edition, "secrecy")
    with pytest.raises(NotAllowed, match="您已经办理了“审核”"):
        agree(cast, edition, "approve", by=cast.user("reviewer"))


@pytest.mark.parametrize("who", ["drafter", "other_officer", "other_head", "county_officer", "stranger", "openness_officer"])
def test_others_do_not_review(cast: Cast, who: str) -> None:
    edition = proposed(cast)
    with pytest.raises(NotAllowed):
        agree(cast, edition, "check", by=cast.user(who))
    assert not Review.objects.exists()


def test_the_openness_office_stands_in_where_nobody_holds_the_role(cast: Cast) -> None:
    Membership.objects.filter(agency=cast.reform, role="reviewer").delete()
    edition = proposed(cast)
    agree(cast, edition, "check", by=cast.user("openness_officer"))
    assert "check" in workflow.done_steps(edition)


def test_a_later_save_voids_what_was_reviewed(cast: Cast) -> None:
    edition = through(cast)
    revise(edition, cast.drafter, **whole(body="<p>改过的正文。</p>"))
    assert workflow.done_steps(edition) == {}
    assert len(gates.publish_reasons(edition)) == 3


def test_a_review_counts_for_the_text_its_reviewer_saw(cast: Cast) -> None:
    edition = proposed(cast)
    seen = edition.revision_id
    revise(edition, cast.drafter, **whole(body="<p>偷偷改过。</p>"))
    with pytest.raises(ActionRefused, match="文稿又保存过"):
        reviewing.review(edition, cast.user("reviewer"), key=keys(), step="check", revision_id=seen or 0, conclusion="passed", basis=BASIS)


def test_a_return_says_what_to_mend_and_opens_the_draft(cast: Cast) -> None:
    edition = proposed(cast)
    with pytest.raises(ActionRefused, match="怎样修改"):
        agree(cast, edition, "check", conclusion="returned")
    made = agree(cast, edition, "check", conclusion="returned", opinion="第三条与上位法不一致")
    assert edition.state == "draft" and made.opinion == "第三条与上位法不一致"
    revise(edition, cast.drafter, **whole(body="<p>已改。</p>"))
    edition = reviewing.submit(edition, cast.user("drafter"), key=keys())
    agree(cast, edition, "check")
    assert "check" in workflow.done_steps(edition)


def test_what_is_ready_can_still_be_returned(cast: Cast) -> None:
    edition = through(cast)
    with pytest.raises(ActionRefused, match="已经通过"):
        agree(cast, edition, "approve")
    agree(cast, edition, "approve", conclusion="returned", opinion="情况有变")
    assert edition.state == "draft"


def test_secrecy_is_reviewed_item_by_item(cast: Cast) -> None:
    edition = draft(cast.reform, cast.drafter, **whole())
    version = put_file(edition, cast.drafter, "名单.xlsx")
    edition = reviewing.submit(edition, cast.user("drafter"), key=keys())
    text = Verdict(None, "passed", BASIS)

    def secrecy(*items: Verdict, conclusion: str = "passed") -> Review:
        return agree(cast, edition, "secrecy", conclusion=conclusion, items=items)

    with pytest.raises(ActionRefused, match="“名单.xlsx”还没有审查结论"):
        secrecy(text)
    with pytest.raises(ActionRefused, match="依据"):
        secrecy(text, Verdict(version.pk, "passed", " "))
    with pytest.raises(ActionRefused, match="总的结论不能是“同意公开”"):
        secrecy(text, Verdict(version.pk, "withheld", BASIS))
    made = secrecy(text, Verdict(version.pk, "passed", BASIS, "已遮盖证件号码"))
    assert [(item.version_id, item.conclusion) for item in made.items.all()] == [(None, "passed"), (version.pk, "passed")]


def test_redaction_is_asked_for_and_then_agreed_to(cast: Cast) -> None:
    edition = proposed(cast)
    agree(cast, edition, "secrecy", conclusion="redact", items=(Verdict(None, "redact", BASIS, "删去第二条"),))
    assert edition.state == "draft", "what is not redacted yet goes back"
    revise(edition, cast.drafter, **whole(redacted=True))
    edition = reviewing.submit(edition, cast.user("drafter"), key=keys())
    agree(cast, edition, "secrecy", conclusion="redact", items=(Verdict(None, "redact", BASIS),))
    assert "secrecy" in workflow.done_steps(edition)


def test_a_withheld_policy_goes_to_the_openness_office_before_the_head(cast: Cast) -> None:
    edition = proposed(cast, kind="normative", **_withheld())
    assert [step.id for step in workflow.steps_for(edition)] == ["check", "secrecy", "office", "approve"]
    for step in ("check", "secrecy"):
        agree(cast, edition, step, conclusion="withheld")
    with pytest.raises(ActionRefused, match="政务公开主管部门审定"):
        agree(cast, edition, "approve", conclusion="withheld")
    with pytest.raises(NotAllowed):
        agree(cast, edition, "office", conclusion="withheld", by=cast.user("county_officer"))
    agree(cast, edition, "office", conclusion="withheld", by=cast.user("openness_officer"))
    agree(cast, edition, "approve", conclusion="withheld")
    assert edition.state == "ready"
    assert Evaluation.objects.get(document=edition.document).conclusion == "keep"


def test_agreeing_to_open_is_no_answer_to_a_text_that_withholds(cast: Cast) -> None:
    edition = proposed(cast, **_withheld())
    agree(cast, edition, "check", conclusion="passed", opinion="可以公开，请改")
    assert edition.state == "draft" and workflow.done_steps(edition) == {}


def test_an_open_question_blocks_until_it_is_answered(cast: Cast) -> None:
    edition = through(cast)
    asked = reviewing.inquire(edition, cast.user("secrecy_reviewer"), key=keys(), question="是否属于工作秘密？", to_words="市国家保密局")
    assert gates.publish_reasons(edition) == ["已送请市国家保密局确定，还没有答复；没有答复前不得公开"]
    with pytest.raises(ActionRefused, match="正等待答复"):
        reviewing.inquire(edition, cast.user("drafter"), key=keys(), question="再问", to_words="市国家保密局")
    today = timezone.localdate()
    with pytest.raises(ActionRefused, match="不能早于"):
        reviewing.determine(asked, cast.user("drafter"), key=keys(), answer="可以", allowed=True, on=today - timedelta(1))
    reviewing.determine(asked, cast.user("drafter"), key=keys(), answer="可以公开", allowed=True, on=today)
    edition = Edition.objects.get(pk=edition.pk)
    assert gates.publish_reasons(edition) == [] and edition.state == "ready"


def test_a_no_sends_the_text_back(cast: Cast) -> None:
    edition = through(cast)
    asked = reviewing.inquire(edition, cast.user("head"), key=keys(), question="能否公开？", to=cast.office)
    reviewing.determine(asked, cast.user("drafter"), key=keys(), answer="属于工作秘密", allowed=False, on=timezone.localdate())
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.state == "draft"
    assert any("确定不能公开" in reason for reason in gates.publish_reasons(edition))


def test_recall_keeps_what_was_reviewed(cast: Cast) -> None:
    edition = proposed(cast)
    agree(cast, edition, "check")
    edition = reviewing.recall(edition, cast.user("drafter"), key=keys())
    assert edition.state == "draft"
    edition = reviewing.submit(edition, cast.user("drafter"), key=keys())
    assert [step.id for step in workflow.waiting_steps(edition)] == ["secrecy"]


def test_the_same_form_twice_makes_one_review(cast: Cast) -> None:
    edition = proposed(cast)
    key = keys()
    first = agree(cast, edition, "check", key=key)
    assert agree(cast, edition, "check", key=key) == first
    assert Review.objects.count() == 1


def test_an_incomplete_draft_says_everything_it_lacks(cast: Cast) -> None:
    edition = draft(cast.reform, cast.drafter, body="")
    with pytest.raises(ActionRefused) as refused:
        reviewing.submit(edition, cast.user("drafter"), key=keys())
    assert "没有正文也没有附件，请补上" in refused.value.reasons and len(refused.value.reasons) > 1


def test_a_place_and_a_column_set_their_own_steps(cast: Cast) -> None:
    steps = [
        {"id": "a", "name": "科室审核", "role": "reviewer", "kind": "content"},
        {"id": "b", "name": "保密审查", "role": "secrecy_reviewer", "kind": "secrecy"},
    ]
    Workflow.objects.create(jurisdiction=cast.city, steps=steps)
    edition = proposed(cast)
    assert [step.name for step in workflow.steps_for(edition)] == ["科室审核", "保密审查"]
    agree(cast, edition, "a")
    agree(cast, edition, "b")
    assert edition.state == "ready"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([{"id": "a", "name": "审", "role": "head", "kind": "content"}], "至少要有一步保密审查"),
        ([{"id": "a", "name": "审", "role": "head", "kind": "secrecy"}], "至少要有一步内容审核"),
        ([{"id": "a", "name": "审", "role": "king", "kind": "content"}], "角色和类别"),
        ([{"id": "a", "name": "审", "role": "head", "kind": "content"}] * 2, "不能重复"),
    ],
)
def test_steps_that_would_leave_a_gate_out_are_refused(steps: list[dict[str, str]], words: str) -> None:
    assert any(words in reason for reason in workflow.step_reasons(steps))


def test_a_step_passes_once_for_a_revision_whatever_comes_together(cast: Cast) -> None:
    edition = proposed(cast)
    made = agree(cast, edition, "check")
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            edition=edition,
            revision=made.revision,
            step="check",
            kind="content",
            reviewer=cast.head,
            conclusion="passed",
            basis=BASIS,
            at=timezone.now(),
        )


def _withheld() -> dict[str, Any]:
    return {"attribute": "withheld", "label": "此件不予公开", "ground": "16.personnel", "ground_words": "人事管理信息"}


def test_a_step_added_later_is_done_before_anything_is_opened(cast: Cast) -> None:
    edition = through(cast)
    steps = [{"id": s.id, "name": s.name, "role": s.role, "kind": s.kind} for s in workflow.rules().steps]
    steps.append({"id": "legal", "name": "政务公开主管部门复核", "role": "openness_office", "kind": "content", "reach": "competent"})
    Workflow.objects.create(jurisdiction=cast.city, steps=steps)
    edition = Edition.objects.get(pk=edition.pk)
    assert gates.publish_reasons(edition) == ["“政务公开主管部门复核”还没有通过（由政务公开办办理）"]
    agree(cast, edition, "legal", by=cast.user("openness_officer"))
    assert gates.publish_reasons(Edition.objects.get(pk=edition.pk)) == []


def test_who_agreed_may_take_it_back_while_others_review(cast: Cast) -> None:
    edition = proposed(cast)
    agree(cast, edition, "check")
    agree(cast, edition, "check", conclusion="returned", opinion="漏看了附件")
    assert edition.state == "draft" and "check" not in workflow.done_steps(edition)


def test_the_people_of_its_office_review_for_a_government(cast: Cast) -> None:
    """人民政府 has no staff: its office drafts, checks and signs for it (条例第三条)."""
    Membership.objects.create(user=cast.office_drafter, agency=cast.office, role="secrecy_reviewer")
    edition = draft(cast.government, cast.openness_officer, **whole())
    edition = reviewing.submit(edition, cast.user("openness_officer"), key=keys())
    assert {row.pk for row in documents_for(cast.user("office_head"))} == {edition.document_id}
    assert not documents_for(cast.user("other_head")).exists() and not documents_for(cast.user("stranger")).exists()
    agree(cast, edition, "check", by=cast.user("openness_colleague"))  # nobody at the office is reviewer: the openness office stands in
    agree(cast, edition, "secrecy", by=cast.user("office_drafter"))
    with pytest.raises(NotAllowed):
        agree(cast, edition, "approve", by=cast.user("head"))
    agree(cast, edition, "approve", by=cast.user("office_head"))
    assert edition.state == "ready"

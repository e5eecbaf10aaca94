"""What the words of a task ask for, handing it in, and the check that looks for it."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.obligations import actions, deliverables
from gongkai.obligations.actions import ActionRefused, Proof
from gongkai.obligations.deliverables import asked_for, expected, missing, rules
from gongkai.obligations.models import DeliverableProof, Step, StepFile
from gongkai.obligations.proofs import public_links

TODAY = date(2026, 3, 2)
THREE = ["公开事项目录", "公开标准", "公开流程"]
TITLE = "梳理、编制政务公开事项目录、公开标准和公开流程"
LINK = "https://qinghe.example/ml"


def key() -> str:
    return str(uuid.uuid4())


def paper(name: str = "目录.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "公开事项目录\n1. 财政预决算".encode())


@pytest.fixture
def duty(make_obligation, cast):
    obligation = make_obligation(title=TITLE)
    actions.acknowledge(obligation, cast.drafter, key=key())
    return obligation


def completed(duty, cast, **given):
    return actions.request_completion(duty, cast.drafter, key=key(), text="已编制并公开", done_on=TODAY, **given)


# ---- the rules ----


def test_the_rules_are_well_formed():
    idents = [rule.ident for rule in rules()]
    assert len(idents) == len(set(idents)) > 5
    assert all(rule.examples and rule.wanted for rule in rules())


@pytest.mark.parametrize(("ident", "example"), [(rule.ident, words) for rule in rules() for words in rule.examples])
def test_every_example_fits_its_own_rule(ident, example):
    assert ident in {deliverable.rule for deliverable in asked_for(example, TODAY)}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (TITLE, THREE),
        ("健全基层政务公开工作机制", ["制度文本"]),
        ("根据县级政务公开网络平台技术规范升级完善政务公开平台", ["规范对照结果"]),
        ("建立试点工作领导小组,组建专班", ["领导小组成立文件", "领导小组成员名单"]),
        ("制定出台实施方案,在本区网站公开并报送省政务公开办备案", ["实施方案", "公开网址", "备案回执"]),
        ("制定本单位实施方案", ["实施方案"]),
        ("对照要点逐项自查，11月20日前形成自查报告", ["自查报告"]),
        ("编制政务服务事项目录。逐项列明申请条件、办理流程、收费标准", ["目录文本"]),
        ("迎接上级部门验收", []),
        ("按月公开全市财政收支情况", []),
        ("发挥领导小组作用，落实各项制度", []),
        ("", []),
    ],
)
def test_words_and_what_they_ask_for(words, names):
    assert [deliverable.name for deliverable in asked_for(words, TODAY)] == names


def test_line_breaks_and_half_width_marks_make_no_difference():
    assert asked_for("梳理、编制 政务公开\n事项目录,公开标准 和公开流程", TODAY) == asked_for(TITLE, TODAY)


def test_a_rule_counts_from_its_first_day(make_obligation):
    since = rules()[0].effective_from
    assert asked_for(TITLE, since)
    assert not asked_for(TITLE, date(since.year - 1, 1, 1))
    assert not expected(make_obligation(title=TITLE, starts_on=date(since.year - 1, 1, 1)))


def test_the_words_of_the_source_count_too(issued_plan):
    plan = issued_plan()
    task = plan.tasks.first()
    duty = actions.Obligation.objects.get(subject_id=task.pk)
    assert deliverables.expected_of(duty) == []
    plan.tasks.filter(pk=task.pk).update(text="公开重大建设项目。建立健全项目信息公开制度。")
    duty = actions.Obligation.objects.get(pk=duty.pk)  # a page reads its task once
    assert [d.name for d in deliverables.expected_of(duty)] == ["制度文本"]


# ---- handing in ----


def test_files_and_the_address_are_kept_under_the_names_of_what_they_are(duty, cast):
    step = completed(duty, cast, link=LINK, proofs=[Proof("公开事项目录", paper()), Proof("公开标准")])
    rows = {proof.name: proof.file for proof in step.proofs.all()}
    assert rows.keys() == {"公开事项目录", "公开标准"}
    assert rows["公开事项目录"].name == "目录.txt"
    assert rows["公开标准"] is None
    assert missing(duty) == ["公开流程"]


def test_progress_hands_in_as_well_and_one_file_may_be_several_things(duty, cast):
    both = paper("标准和流程.txt")
    step = actions.report_progress(duty, cast.drafter, key=key(), proofs=[Proof("公开标准", both), Proof("公开流程", both)])
    assert StepFile.objects.filter(step=step).count() == 1
    assert missing(duty) == ["公开事项目录"]


def test_the_same_form_twice_hands_in_once(duty, cast):
    form = key()
    for _ in range(2):
        actions.report_progress(duty, cast.drafter, key=form, text="已报", proofs=[Proof("公开标准", paper())])
    assert DeliverableProof.objects.count() == StepFile.objects.count() == 1


@pytest.mark.parametrize(
    ("proofs", "sentence"),
    [
        ([Proof("无关材料", paper())], "没有要求“无关材料”"),
        ([Proof("公开标准")], "请填写公开链接"),
        ([Proof("公开标准", SimpleUploadedFile("病毒.exe", b"MZ"))], "类型不能上传"),
        ([Proof("公开标准", SimpleUploadedFile("空.txt", b""))], "是空文件"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(duty, cast, proofs, sentence):
    with pytest.raises(ActionRefused, match=sentence):
        actions.report_progress(duty, cast.drafter, key=key(), text="已报", proofs=proofs)
    assert not DeliverableProof.objects.exists()
    assert not Step.objects.filter(kind="progress").exists()


def test_a_receipt_is_a_file_and_an_address_a_link(make_obligation, cast):
    duty = make_obligation(title="制定出台实施方案，在本区网站公开并报送省政务公开办备案")
    actions.acknowledge(duty, cast.drafter, key=key())
    with pytest.raises(ActionRefused, match="“备案回执”请上传文件"):
        actions.report_progress(duty, cast.drafter, key=key(), link=LINK, proofs=[Proof("备案回执")])
    with pytest.raises(ActionRefused, match="“公开网址”请填公开链接"):
        actions.report_progress(duty, cast.drafter, key=key(), link=LINK, proofs=[Proof("公开网址", paper())])


def test_a_proof_is_never_changed_or_removed(duty, cast):
    step = completed(duty, cast, link=LINK, proofs=[Proof("公开标准")])
    proof = step.proofs.get()
    proof.name = "别的"
    for deed in (proof.save, proof.delete, DeliverableProof.objects.all().delete, lambda: DeliverableProof.objects.update(name="别的")):
        with pytest.raises(RuntimeError, match="只增不"):
            deed()
    assert DeliverableProof.objects.get().name == "公开标准"


# ---- the check ----


def test_passing_without_what_was_asked_for_needs_a_reason(duty, cast):
    completed(duty, cast, proofs=[Proof("公开事项目录", paper())])
    office = cast.user("openness_officer")
    assert actions.failure_reasons("pass_check", duty, office) == []
    (reason,) = actions.failure_reasons("pass_check", duty, office, text=" ")
    assert "公开标准、公开流程" in reason
    assert "公开事项目录" not in reason
    with pytest.raises(ActionRefused, match="还缺成果材料：公开标准、公开流程"):
        actions.pass_check(duty, office, key=key())
    duty.refresh_from_db()
    assert duty.fulfilled_on is None
    assert actions.failure_reasons("pass_check", duty, office, text="并入目录，不再单列") == []
    actions.pass_check(duty, office, key=key(), text="标准和流程并入目录，不再单列")
    duty.refresh_from_db()
    assert duty.fulfilled_on == TODAY


def test_passing_with_everything_handed_in_needs_no_words(duty, cast):
    completed(duty, cast, link=LINK, proofs=[Proof(name) for name in THREE])
    office = cast.user("openness_officer")
    assert actions.failure_reasons("pass_check", duty, office, text="") == []
    actions.pass_check(duty, office, key=key())
    duty.refresh_from_db()
    assert duty.fulfilled_on == TODAY


def test_a_task_that_asks_for_nothing_passes_as_before(make_obligation, cast):
    duty = make_obligation()
    actions.acknowledge(duty, cast.drafter, key=key())
    completed(duty, cast, link=LINK)
    actions.pass_check(duty, cast.user("openness_officer"), key=key())
    duty.refresh_from_db()
    assert duty.fulfilled_on == TODAY


# ---- what the public may follow ----


def test_public_links_are_of_fulfilled_duties_and_say_what_stands_there(duty, make_obligation, cast):
    actions.report_progress(duty, cast.drafter, key=key(), text="内部情况", link="https://inner.example/progress")
    actions.report_progress(duty, cast.drafter, key=key(), link="https://qinghe.example/lc", proofs=[Proof("公开流程")])
    completed(duty, cast, link=LINK, proofs=[Proof("公开事项目录"), Proof("公开标准")])
    assert public_links([duty]) == {}
    actions.pass_check(duty, cast.user("openness_officer"), key=key())
    found = public_links([duty, make_obligation()])
    assert [(link.name, link.url) for link in found[duty.pk]] == [
        ("公开流程", "https://qinghe.example/lc"),
        ("公开事项目录、公开标准", LINK),
    ]
    assert found.keys() == {duty.pk}


def test_the_address_of_a_returned_request_is_not_shown(make_obligation, cast):
    duty = make_obligation()
    office = cast.user("openness_officer")
    actions.acknowledge(duty, cast.drafter, key=key())
    completed(duty, cast, link="https://qinghe.example/wrong")
    actions.return_work(duty, office, key=key(), reason="链接打不开")
    completed(duty, cast, link=LINK)
    actions.pass_check(duty, office, key=key())
    assert [(link.name, link.url) for link in public_links([duty])[duty.pk]] == [("公开结果", LINK)]


# ---- the unit's own date ----


def test_a_unit_sets_a_date_of_its_own_before_the_due_date(make_obligation, cast):
    duty = make_obligation()
    step = actions.assign(duty, cast.head, key=key(), inner_due_on=date(2026, 10, 15))
    duty.refresh_from_db()
    assert duty.inner_due_on == date(2026, 10, 15)
    assert "内部期限 2026-10-15" in step.text
    with pytest.raises(ActionRefused, match="不能晚于任务的期限 2026-11-30"):
        actions.assign(duty, cast.head, key=key(), inner_due_on=date(2026, 12, 1))
    actions.assign(duty, cast.head, key=key(), section=cast.section)
    duty.refresh_from_db()
    assert (duty.section, duty.inner_due_on) == (cast.section, date(2026, 10, 15))

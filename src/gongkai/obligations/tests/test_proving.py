"""Evidence closes an obligation: who hands in, judges, withdraws; what is checked by fact; withdrawing reopens."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Leader, Membership
from gongkai.journal.models import Entry
from gongkai.obligations import actions, proving, queries
from gongkai.obligations.models import Evidence, Obligation, Step, StepFile
from gongkai.obligations.opening import NewObligation, open_obligation

DAY = date(2026, 3, 2)
AUTOMATIC = {"kinds": ["release"], "checks": ["published", "in_time", "by_owner"]}


def key():
    return str(uuid.uuid4())


def a_file(name="佐证.txt"):
    return SimpleUploadedFile(name, "公开页面截图说明".encode())


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-03-10 02:00:00+00:00", tick=False):
        yield


@pytest.fixture
def duty(cast, make_obligation, releases):
    return make_obligation(proof=AUTOMATIC)


def give_file(obligation, actor, on=DAY, **fields):
    return proving.hand_in(obligation, actor, **{"key": key(), "kind": "file", "file": a_file(), "proves": "会议纪要", "on": on} | fields)


def test_a_record_that_passes_every_check_needs_no_person(cast, duty, releases):
    row = proving.hand_in(duty, cast.drafter, key=key(), kind="record", record=releases.publish(1, DAY))
    assert (row.result, row.on, row.proves, row.checked_by, row.url) == ("passed", DAY, "第1号发布", None, "/r/1/")
    assert duty.fulfilled_on == DAY == Obligation.objects.get(pk=duty.pk).fulfilled_on == duty.shown_on
    texts = [(s.kind, s.actor, s.text) for s in duty.steps.order_by("pk")]
    assert texts == [
        ("evidence", cast.drafter, "发布：第1号发布。"),
        ("judged", None, "自动核查：符合。任务于 2026-03-02 办结。"),
    ]
    assert [e.action for e in Entry.objects.order_by("pk")] == ["evidence.handed_in", "obligation.settled"]


@pytest.mark.parametrize(
    ("facts", "proof", "says"),
    [
        ({"published_on": None}, AUTOMATIC, "还没有公开"),
        ({"published_on": date(2026, 3, 11)}, AUTOMATIC, "还没有到"),
        ({"agency_id": None}, AUTOMATIC, "责任单位是清河市发展和改革委员会"),
        ({"column": "通知公告"}, {"checks": ["column"], "column": "财政预决算"}, "应当发布在“财政预决算”"),
        ({"title": "座谈会"}, {"checks": ["leader"]}, "没有写明由"),
        ({}, {"kinds": ["plan"], "checks": ["published"]}, "不能证明这项任务"),
    ],
)
def test_a_check_that_fails_says_what_why_and_how_to_mend(cast, make_obligation, releases, facts, proof, says):
    leader = Leader.objects.create(agency=cast.reform, name="周明", post="主任")
    duty = make_obligation(proof=proof, leader=leader)
    record = releases.publish(1, **{"on": facts.pop("published_on", DAY), **facts})
    row = proving.hand_in(duty, cast.drafter, key=key(), kind="record", record=record)
    assert row.result == "failed"
    assert says in row.reason
    assert "；" in row.reason
    assert duty.fulfilled_on is None
    assert Evidence.objects.get().pk == row.pk  # stays in sight


def test_late_is_done_late_and_the_proof_says_so(cast, make_obligation, releases):
    duty = make_obligation(proof=AUTOMATIC, due_on=date(2026, 2, 27))
    row = proving.record_proves(duty, *releases.publish(1, DAY))
    assert (row.result, row.reason) == ("passed", "晚于期限 2026-02-27，按逾期办结计")
    assert queries.with_state(Obligation.objects.all(), date(2026, 3, 10)).get().state == "done_late"


def test_what_was_published_before_the_period_proves_the_one_before(cast, make_obligation, releases):
    duty = make_obligation(proof=AUTOMATIC, period="2026-03", starts_on=date(2026, 3, 1))
    row = proving.record_proves(duty, *releases.publish(1, date(2026, 2, 27)))
    assert row.result == "failed"
    assert "上一期" in row.reason


def test_a_withdrawn_publication_reopens_and_a_new_one_closes(cast, duty, releases):
    row = proving.record_proves(duty, *releases.publish(1, DAY))
    releases.change(1, published_on=None)
    assert proving.prove_by_fact("release", 1) == 1
    duty.refresh_from_db()
    row.refresh_from_db()
    assert (duty.fulfilled_on, duty.shown_on, row.result) == (None, None, "failed")
    assert duty.steps.order_by("pk").last().text.endswith("任务重新打开。")
    releases.change(1, published_on=date(2026, 3, 9))
    assert proving.prove_by_fact("release", 1) == 1
    assert proving.prove_by_fact("release", 1) == 0
    duty.refresh_from_db()
    assert duty.fulfilled_on == date(2026, 3, 9)
    assert proving.withdraw_record("release", 1, "撤稿") == 1
    duty.refresh_from_db()
    assert duty.fulfilled_on is None
    again = proving.record_proves(duty, "release", 1)
    assert again.pk != row.pk
    assert duty.fulfilled_on == date(2026, 3, 9)


def test_one_deed_proves_several(cast, make_obligation, releases):
    one, two = make_obligation(proof=AUTOMATIC), make_obligation(proof=AUTOMATIC)
    record = releases.publish(1, DAY)
    assert [proving.record_proves(ob, *record).result for ob in (one, two)] == ["passed", "passed"]
    assert proving.record_proves(one, *record).pk == one.evidence.get().pk
    releases.pop(1)
    assert proving.prove_by_fact("release", 1) == 2
    assert not Obligation.objects.filter(fulfilled_on__isnull=False).exists()
    assert "不在系统里" in one.evidence.get().reason


def test_s4_46_two_interpretations_a_year_by_the_named_leader(cast, releases):
    """S4-46 每年解读政策措施不少于2次: other leaders' do not count, and of two the second closes it."""
    mine, other = (Leader.objects.create(agency=cast.reform, name=n, post="主任") for n in ("周明", "吴光"))
    new = NewObligation(
        jurisdiction=cast.city,
        owner=cast.reform,
        source="statute",
        rule="leader-interprets",
        subject_id=0,
        title="解读政策措施",
        basis="S4-46",
        starts_on=date(2026, 1, 1),
        due_on=date(2026, 12, 31),
        period="2026",
        leader=mine,
        quota=proving_quota(">=", 2),
        proof={"kinds": ["release"], "checks": ["published", "by_owner", "leader"]},
    )
    duty = open_obligation(new, None)
    given = [(1, date(2026, 1, 20), mine), (2, date(2026, 2, 3), other), (3, DAY, mine)]
    for number, on, leader in given:
        proving.hand_in(
            duty, cast.drafter, key=key(), kind="record", record=releases.publish(number, on, leader_ids=frozenset({leader.pk}))
        )
        assert duty.fulfilled_on == (DAY if number == 3 else None)
    assert [(e.result, e.leader) for e in duty.evidence.all()] == [("passed", mine), ("failed", None), ("passed", mine)]
    proving.hand_in(duty, cast.drafter, key=key(), kind="record", record=releases.publish(4, DAY, leader_ids=frozenset({mine.pk})))
    proving.withdraw(duty.evidence.get(record_id=1), cast.openness_officer, key(), "不是本人")
    duty.refresh_from_db()
    assert duty.fulfilled_on == DAY  # the third one stands in


def proving_quota(op, value):
    from gongkai.obligations.opening import Quota

    return Quota(op, Decimal(value), "次")


def test_a_file_waits_for_the_office_and_never_for_who_handed_it_in(cast, make_obligation):
    duty = make_obligation()
    row = give_file(duty, cast.drafter)
    assert (row.result, row.file.name, duty.fulfilled_on) == ("to_judge", "佐证.txt", None)
    for nobody in ("drafter", "head", "other_officer", "county_officer", "office_head"):
        with pytest.raises(NotAllowed):
            proving.judge(row, cast.user(nobody), key(), True)
    with pytest.raises(ActionRefused, match="为什么"):
        proving.judge(row, cast.user("openness_officer"), key(), False)
    form = key()
    judged = proving.judge(row, cast.user("openness_officer"), form, True, "纪要已核对")
    assert (judged.result, judged.checked_by, duty.evidence.get().reason) == ("passed", cast.openness_officer, "纪要已核对")
    assert proving.judge(row, cast.user("openness_officer"), form, True, "纪要已核对").pk == row.pk  # the same form twice
    with pytest.raises(ActionRefused, match="已经核查过"):
        proving.judge(row, cast.user("openness_colleague"), key(), False, "不对")
    assert Obligation.objects.get(pk=duty.pk).fulfilled_on == DAY
    assert Step.objects.filter(kind="judged").count() == 1


def test_an_office_that_owns_needs_two_people(cast, make_obligation):
    duty = make_obligation(owner=cast.office)
    row = give_file(duty, cast.openness_officer)
    with pytest.raises(NotAllowed, match="自己的佐证"):
        proving.judge(row, cast.user("openness_officer"), key(), True)
    assert proving.judge(row, cast.user("openness_colleague"), key(), True).result == "passed"


@override_settings(ALLOWED_HOSTS=["gk.example.gov.cn"])
def test_an_address_of_our_own_is_the_record_itself(cast, duty, releases):
    releases.publish(7, DAY)
    row = proving.hand_in(duty, cast.drafter, key=key(), kind="address", url="https://gk.example.gov.cn/plans/7/?x=1")
    assert (row.kind, row.record_kind, row.record_id, row.result, duty.fulfilled_on) == ("record", "release", 7, "passed", DAY)
    with pytest.raises(ActionRefused, match="不是一条公开记录的页面"):
        proving.hand_in(
            duty_open(duty), cast.drafter, key=key(), kind="address", url="https://gk.example.gov.cn/work/ledger/", proves="x", on=DAY
        )


def duty_open(duty):
    for row in duty.evidence.filter(withdrawn_at=None):
        proving.withdraw(row, row.handed_by, key(), "重交")
    duty.refresh_from_db()
    return duty


def test_a_foreign_address_is_for_a_person(cast, duty):
    given = {"kind": "address", "url": "https://www.example.gov.cn/a", "proves": "预算公开页"}
    with pytest.raises(ActionRefused, match="哪一天"):
        proving.hand_in(duty, cast.drafter, key=key(), **given)
    row = proving.hand_in(duty, cast.drafter, key=key(), on=DAY, **given)
    assert (row.result, row.url) == ("to_judge", "https://www.example.gov.cn/a")


def test_a_completion_whose_address_passes_by_fact_is_done_at_once(cast, duty, releases, settings):
    settings.ALLOWED_HOSTS = ["gk.example.gov.cn"]
    releases.publish(7, DAY)
    actions.acknowledge(duty, cast.drafter, key=key())
    given = {"text": "已公开", "done_on": date(2026, 3, 9)}
    actions.request_completion(duty, cast.drafter, key=key(), link="https://gk.example.gov.cn/plans/7/", **given)
    assert duty.fulfilled_on == DAY  # the record's own day, not the one somebody typed
    last = duty.steps.order_by("pk").last()
    assert (last.kind, last.actor) == ("passed", None)
    assert "自动核查" in last.text


def test_a_completion_whose_address_fails_waits_for_the_office(cast, duty, releases, settings):
    settings.ALLOWED_HOSTS = ["gk.example.gov.cn"]
    releases.publish(7, DAY, agency_id=None)
    actions.acknowledge(duty, cast.drafter, key=key())
    actions.request_completion(duty, cast.drafter, key=key(), text="已公开", link="https://gk.example.gov.cn/plans/7/", done_on=DAY)
    assert duty.fulfilled_on is None
    assert duty.evidence.get().result == "failed"
    actions.pass_check(duty, cast.openness_officer, key=key(), text="由本局代发，属实")
    assert duty.fulfilled_on == DAY
    judgement = duty.evidence.get(kind="judgement")
    assert (judgement.checked_by, judgement.handed_by, judgement.reason) == (cast.openness_officer, cast.drafter, "由本局代发，属实")


def test_a_judgement_stands_for_what_is_missing_and_falls_with_the_rest(cast, make_obligation, releases):
    duty = make_obligation(proof=AUTOMATIC, quota_op=">=", quota_value=3, quota_unit="次")
    row = proving.record_proves(duty, *releases.publish(1, date(2026, 2, 2)))
    actions.acknowledge(duty, cast.drafter, key=key())
    actions.request_completion(duty, cast.drafter, key=key(), text="另两次见纪要", done_on=DAY)
    actions.pass_check(duty, cast.openness_officer, key=key(), text="两次均有纪要")
    assert duty.evidence.get(kind="judgement").quantity == 2
    assert duty.fulfilled_on == DAY
    proving.withdraw(row, cast.drafter, key(), "发错")
    assert Obligation.objects.get(pk=duty.pk).fulfilled_on is None
    with pytest.raises(NotAllowed, match="主管部门撤回"):
        proving.withdraw(duty.evidence.get(kind="judgement"), cast.user("head"), key(), "不要了")


def test_no_change_is_signed_by_a_second_person(cast, make_obligation):
    duty = make_obligation(period="2026-Q1", proof={"kinds": ["release"], "checks": ["published"], "no_change": True})
    with pytest.raises(NotAllowed, match="负责人或审核人签署"):
        proving.declare_no_change(duty, cast.drafter, key())
    with pytest.raises(ActionRefused, match="先由本单位另一个人"):
        proving.declare_no_change(duty, cast.reviewer, key())
    prepared = proving.hand_in(duty, cast.reviewer, key=key(), kind="no_change", proves="本季度没有新的收费项目")
    assert (prepared.result, duty.fulfilled_on) == ("to_judge", None)
    with pytest.raises(ActionRefused, match="是您拟的"):
        proving.declare_no_change(duty, cast.reviewer, key())
    with pytest.raises(ActionRefused, match="签署"):
        proving.judge(prepared, cast.openness_officer, key(), True)
    form = key()
    row = proving.declare_no_change(duty, cast.head, form, "情况属实")
    assert proving.declare_no_change(duty, cast.head, form, "情况属实").pk == row.pk == prepared.pk
    assert (row.result, row.checked_by, duty.fulfilled_on) == ("passed", cast.head, date(2026, 3, 10))
    assert duty.steps.filter(kind="no_change").count() == 1


def test_one_person_alone_may_sign_where_the_owner_has_no_second(cast, make_obligation):
    Membership.objects.filter(agency=cast.reform).exclude(user=cast.head).delete()
    duty = make_obligation(period="2026-Q1", proof={"no_change": True})
    proving.declare_no_change(duty, cast.user("head"), key(), "")
    assert duty.fulfilled_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    "fields", [{"period": ""}, {"proof": {"kinds": ["release"]}}, {"starts_on": date(2026, 4, 1)}], ids=["once", "not allowed", "not begun"]
)
def test_no_change_only_where_the_rule_allows_it(cast, make_obligation, fields):
    duty = make_obligation(**{"period": "2026-Q1", "proof": {"no_change": True}, "due_on": date(2026, 6, 30)} | fields)
    with pytest.raises(ActionRefused, match="没有新内容"):
        proving.hand_in(duty, cast.drafter, key=key(), kind="no_change")


def test_merged_duties_share_their_proof(cast, make_obligation, releases):
    main, other = make_obligation(proof=AUTOMATIC, title="甲"), make_obligation(proof=AUTOMATIC, title="乙")
    first = proving.record_proves(main, *releases.publish(1, DAY))
    Obligation.objects.filter(pk=other.pk).update(merged_into=main)
    proving.settle_proof(main)
    other.refresh_from_db()
    assert other.fulfilled_on == DAY
    (copy,) = other.evidence.all()
    assert (copy.copied_from, copy.record_id) == (first, 1)
    with pytest.raises(ActionRefused, match="已并入“甲”一并办理"):
        give_file(other, cast.drafter)
    with pytest.raises(ActionRefused, match="请在那一项撤回"):
        proving.withdraw(copy, cast.openness_officer, key(), "x")
    assert actions.failure_reasons("acknowledge", other, cast.user("drafter")) == [
        "已并入“甲”一并办理，请在那一项办理；那里的佐证同时证明这一项"
    ]
    proving.withdraw(first, cast.drafter, key(), "发错")
    for row in (main, other):
        row.refresh_from_db()
        assert row.fulfilled_on is None
    assert other.evidence.get().withdrawn_reason == "发错"
    proving.record_proves(other, *releases.publish(2, DAY))  # told of the one, it proves the other
    assert main.evidence.filter(record_id=2).exists()
    assert Obligation.objects.filter(fulfilled_on=DAY).count() == 2


def test_hours_are_counted_to_the_moment(cast, make_obligation, releases):
    due = timezone.make_aware(datetime(2026, 3, 2, 15, 0))
    duty = make_obligation(proof=AUTOMATIC, due_on=DAY, due_at=due)
    late = timezone.make_aware(datetime(2026, 3, 2, 15, 1))
    row = proving.record_proves(duty, *releases.publish(1, DAY, published_at=late))
    assert (row.result, row.reason, duty.fulfilled_at) == ("passed", "晚于期限 2026-03-02 15:00，按逾期办结计", late)
    assert queries.with_state(Obligation.objects.all()).get().state == "done_late"
    early = timezone.make_aware(datetime(2026, 3, 2, 14, 59))
    proving.record_proves(duty, *releases.publish(2, DAY, published_at=early))
    assert duty.fulfilled_at == early
    assert queries.with_state(Obligation.objects.all()).get().state == "done"
    with pytest.raises(ActionRefused, match="请写明做到的时刻"):
        give_file(make_obligation(due_on=DAY, due_at=due), cast.drafter)


def test_a_standing_duty_moves_its_date_behind_its_last_proof(cast, releases):
    new = NewObligation(
        jurisdiction=cast.city,
        owner=cast.reform,
        source="catalogue",
        subject_id=1,
        title="要闻动态",
        basis="",
        starts_on=date(2026, 2, 24),
        freshness={"n": 5, "unit": "working_days"},
        proof={"kinds": ["release"], "checks": ["published"]},
    )
    duty = open_obligation(new, None)
    assert duty.due_on == date(2026, 3, 2)  # 02-28 is worked for the holiday
    row = proving.record_proves(duty, *releases.publish(1, DAY))
    assert (duty.due_on, duty.fulfilled_on, duty.shown_on) == (date(2026, 3, 9), None, DAY)
    assert queries.with_state(Obligation.objects.all(), date(2026, 3, 9)).get().state == "due_soon"
    assert queries.with_state(Obligation.objects.all(), date(2026, 3, 10)).get().state == "overdue"
    proving.withdraw(row, cast.drafter, key(), "撤稿")
    duty.refresh_from_db()
    assert (duty.due_on, duty.shown_on) == (date(2026, 3, 2), None)


def test_refused_leaves_nothing_behind(cast, duty, releases, tmp_path, settings):
    with pytest.raises(NotAllowed):
        give_file(duty, cast.openness_officer)
    with pytest.raises(ActionRefused):
        give_file(duty, cast.drafter, on=date(2026, 3, 11))
    with pytest.raises(ActionRefused, match="quantity|数量"):
        give_file(duty, cast.drafter, quantity=0)
    with pytest.raises(ActionRefused, match="内容不是"):
        give_file(duty, cast.drafter, file=a_file("伪装.pdf"))
    proving.record_proves(duty, *releases.publish(1, DAY))
    with pytest.raises(ActionRefused, match="已于 2026-03-02 办结"):
        give_file(duty, cast.drafter)
    Obligation.objects.filter(pk=duty.pk).update(
        fulfilled_on=None, waived_at=timezone.now(), waived_by=cast.office_head, waiver_reason="取消"
    )
    with pytest.raises(ActionRefused, match="已经免除"):
        give_file(duty, cast.drafter)
    assert not StepFile.objects.exists()
    assert not list((tmp_path / "files").rglob("*.*"))


def test_one_form_makes_one_piece_of_evidence(cast, make_obligation):
    one, two, form = make_obligation(), make_obligation(), key()
    first = give_file(one, cast.drafter, key=form)
    assert give_file(one, cast.drafter, key=form).pk == first.pk
    with pytest.raises(ActionRefused, match="已经用于另一条记录"):
        give_file(two, cast.drafter, key=form)
    with pytest.raises(ActionRefused, match="已经用于另一条记录"):
        give_file(one, cast.reviewer, key=form)
    assert Evidence.objects.count() == StepFile.objects.count() == 1


def test_a_record_is_handed_in_once(cast, make_obligation, releases):
    duty = make_obligation(proof={"kinds": ["release"]})
    record = releases.publish(1, DAY)
    assert proving.hand_in(duty, cast.drafter, key=key(), kind="record", record=record).result == "to_judge"
    with pytest.raises(ActionRefused, match="交过"):
        proving.hand_in(duty, cast.drafter, key=key(), kind="record", record=record)


def test_what_a_person_judged_holds_while_the_facts_do(cast, make_obligation, releases):
    duty = make_obligation(proof={"kinds": ["release"], "checks": ["published", "judged"]})
    row = proving.record_proves(duty, *releases.publish(1, DAY))
    assert row.result == "to_judge"
    proving.judge(row, cast.openness_officer, key(), True, "内容合格")
    assert proving.prove_by_fact("release", 1) == 0
    releases.change(1, published_on=None)
    assert proving.prove_by_fact("release", 1) == 1
    releases.change(1, published_on=DAY)
    proving.prove_by_fact("release", 1)
    row.refresh_from_db()
    assert (row.result, row.checked_by) == ("to_judge", None)  # another text may stand there now
    proving.judge(row, cast.openness_colleague, key(), False, "不是这件事")
    assert proving.prove_by_fact("release", 1) == 0  # a person's no stays


@pytest.mark.django_db(transaction=True)
def test_two_judges_at_once(cast, make_obligation, together):
    duty = make_obligation()
    row = give_file(duty, cast.drafter)
    results = together(
        lambda: proving.judge(row, cast.user("openness_officer"), key(), True),
        lambda: proving.judge(row, cast.user("openness_colleague"), key(), False, "不清楚"),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "Evidence"]
    duty.refresh_from_db()
    assert (duty.fulfilled_on is not None) == Evidence.objects.filter(result="passed").exists()
    assert Step.objects.filter(kind="judged").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_several_times_at_once(cast, make_obligation, together):
    duty, form = make_obligation(), key()
    results = together(*[lambda: give_file(duty, cast.user("drafter"), key=form) for _ in range(3)])
    assert len({r.pk for r in results}) == 1
    assert Evidence.objects.count() == 1

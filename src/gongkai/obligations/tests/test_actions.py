"""Every verb with every member of the cast; the order of the work; one form, one record."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from gongkai.agencies.models import Section
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.obligations import actions
from gongkai.obligations.access import access_obligation
from gongkai.obligations.actions import ActionRefused, NotAllowed
from gongkai.obligations.models import Obligation, Step, StepFile

OWNERS = {"drafter", "reviewer", "head"}
OFFICE = {"openness_officer", "openness_colleague"}
MAY = {
    "acknowledge": OWNERS,
    "report_progress": OWNERS,
    "request_completion": OWNERS,
    "pass_check": OFFICE,
    "return_work": OFFICE,
    "assign": {"reviewer", "head"},
    "waive": {"office_head"},
}
DAY = date(2026, 3, 2)


def key():
    return str(uuid.uuid4())


def proof(name="公开.txt"):
    return SimpleUploadedFile(name, "公开页面截图说明".encode())


def do(verb, obligation, actor, cast, form=None):
    form = form or key()
    deeds = {
        "acknowledge": lambda: actions.acknowledge(obligation, actor, key=form),
        "report_progress": lambda: actions.report_progress(obligation, actor, key=form, text="已公开 12 项"),
        "request_completion": lambda: actions.request_completion(
            obligation, actor, key=form, text="全部公开", link="https://www.example.gov.cn/a", done_on=DAY
        ),
        "pass_check": lambda: actions.pass_check(obligation, actor, key=form, text="属实"),
        "return_work": lambda: actions.return_work(obligation, actor, key=form, reason="链接打不开"),
        "assign": lambda: actions.assign(obligation, actor, key=form, section=cast.section, text="本周内"),
        "waive": lambda: actions.waive(obligation, actor, key=form, reason="项目取消"),
    }
    return deeds[verb]()


def ready_for(verb, obligation, cast):
    """Brings the obligation to where the verb may be done."""
    if verb in {"report_progress", "request_completion", "pass_check", "return_work"}:
        do("acknowledge", obligation, cast.drafter, cast)
    if verb in {"pass_check", "return_work"}:
        do("request_completion", obligation, cast.drafter, cast)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    import time_machine

    with time_machine.travel("2026-03-10 02:00:00+00:00", tick=False):
        yield


@pytest.mark.parametrize("verb", list(MAY))
@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may(cast, make_obligation, who, verb):
    obligation = make_obligation(helpers=(cast.finance,))
    ready_for(verb, obligation, cast)
    user, count = cast.user(who), Step.objects.count()
    offered = {v.name: v.reasons for v in actions.available_verbs(obligation, user)}
    if who in MAY[verb]:
        assert offered[verb] == []
        assert actions.failure_reasons(verb, obligation, user) == []
        do(verb, obligation, user, cast)
        assert Step.objects.count() == count + 1
        return
    assert verb not in offered
    assert actions.failure_reasons(verb, obligation, user)
    with pytest.raises(NotAllowed) as refusal:
        do(verb, obligation, user, cast)
    assert str(refusal.value)
    assert Step.objects.count() == count


@pytest.mark.parametrize("verb", list(MAY))
def test_an_office_elsewhere_may_nothing(cast, make_obligation, verb):
    """The county's officer on the city's work, the city's officer on the county's: read is not write."""
    below = make_obligation(owner=cast.east_finance)
    for user in (cast.user("openness_officer"), cast.user("stranger")):
        with pytest.raises(NotAllowed):
            do(verb, below, user, cast)
    assert actions.available_verbs(below, cast.user("openness_officer")) == []


def test_from_acknowledgement_to_fulfilment(cast, make_obligation):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    do("report_progress", obligation, cast.drafter, cast)
    do("request_completion", obligation, cast.drafter, cast)
    do("return_work", obligation, cast.openness_officer, cast)
    obligation.refresh_from_db()
    assert obligation.fulfilled_on is None
    do("request_completion", obligation, cast.reviewer, cast)
    do("pass_check", obligation, cast.openness_officer, cast)
    assert obligation.fulfilled_on == DAY  # the object in hand is current too
    obligation.refresh_from_db()
    assert obligation.fulfilled_on == DAY
    kinds = list(obligation.steps.values_list("kind", "actor__username", "agency__short_name"))
    assert kinds == [
        ("acknowledged", "drafter", "市发改委"),
        ("progress", "drafter", "市发改委"),
        ("completion", "drafter", "市发改委"),
        ("returned", "openness_officer", "市政府办公室"),
        ("completion", "reviewer", "市发改委"),
        ("passed", "openness_officer", "市政府办公室"),
    ]


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("report_progress", "请先签收"),
        ("request_completion", "请先签收"),
        ("pass_check", "还没有申请办结"),
        ("return_work", "还没有申请办结"),
    ],
)
def test_too_early(cast, make_obligation, verb, sentence):
    actor = cast.drafter if verb in {"report_progress", "request_completion"} else cast.openness_officer
    obligation = make_obligation()
    assert sentence in actions.failure_reasons(verb, obligation, actor)[0]
    with pytest.raises(ActionRefused, match=sentence):
        do(verb, obligation, actor, cast)


def test_not_twice(cast, make_obligation):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    with pytest.raises(ActionRefused, match="已经签收"):
        do("acknowledge", obligation, cast.reviewer, cast)
    do("request_completion", obligation, cast.drafter, cast)
    with pytest.raises(ActionRefused, match="等待核查"):
        do("request_completion", obligation, cast.reviewer, cast)


ACTOR = {
    "acknowledge": "drafter",
    "report_progress": "drafter",
    "request_completion": "drafter",
    "pass_check": "openness_officer",
    "return_work": "openness_officer",
    "assign": "head",
    "waive": "office_head",
}


@pytest.mark.parametrize("verb", list(MAY))
@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ({"fulfilled_on": DAY}, "已经办结"),
        ({"replaced_on": DAY}, "新方案"),
        ({"waived_at": timezone.now(), "waiver_reason": "取消"}, "已经免除"),
    ],
)
def test_what_has_ended_is_not_touched(cast, make_obligation, verb, end, sentence):
    if "waived_at" in end:
        end = end | {"waived_by": cast.office_head}
    obligation = make_obligation(**end)
    actor = cast.user(ACTOR[verb])
    assert sentence in actions.failure_reasons(verb, obligation, actor)[0]
    with pytest.raises(ActionRefused, match=sentence):
        do(verb, obligation, actor, cast)
    assert not Step.objects.exists()


def test_nobody_checks_his_own_request(cast, make_obligation):
    """The competent agency owes things too; its officer asks for completion, a colleague checks."""
    obligation = make_obligation(owner=cast.office)
    do("acknowledge", obligation, cast.openness_officer, cast)
    do("request_completion", obligation, cast.openness_officer, cast)
    offered = {v.name: v.reasons for v in actions.available_verbs(obligation, cast.openness_officer)}
    assert "自己的申请" in offered["pass_check"][0]
    for verb in ("pass_check", "return_work"):
        with pytest.raises(NotAllowed, match="自己的申请"):
            do(verb, obligation, cast.openness_officer, cast)
    do("pass_check", obligation, cast.openness_colleague, cast)
    obligation.refresh_from_db()
    assert obligation.fulfilled_on == DAY


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "请说明完成情况"),
        ({"done_on": None}, "请填写完成日期"),
        ({"done_on": date(2026, 3, 11)}, "不能晚于今天"),
        ({"link": "javascript:alert(1)"}, "不是完整的网址"),
        ({"link": "ftp://example.com/a"}, "不是完整的网址"),
        ({"text": "字" * 5001}, "5000"),
        ({"text": "a\x00b"}, "不能保存"),
    ],
)
def test_a_completion_must_say_and_show(cast, make_obligation, fields, sentence):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    given = {"text": "完成", "link": "https://www.example.gov.cn/", "done_on": DAY} | fields
    with pytest.raises(ActionRefused, match=sentence):
        actions.request_completion(obligation, cast.drafter, key=key(), **given)
    assert not Step.objects.filter(kind="completion").exists()


def test_without_address_or_file_the_office_puts_its_judgement_in_words(cast, make_obligation):
    obligation, office = make_obligation(), cast.openness_officer
    do("acknowledge", obligation, cast.drafter, cast)
    actions.request_completion(obligation, cast.drafter, key=key(), text="已在常务会上通报", done_on=DAY)
    (reason,) = actions.failure_reasons("pass_check", obligation, office, text=" ")
    assert "凭什么认定" in reason
    with pytest.raises(ActionRefused, match="凭什么认定"):
        actions.pass_check(obligation, office, key=key(), text=" ")
    assert actions.failure_reasons("pass_check", obligation, office, text="会议纪要已核对") == []
    actions.pass_check(obligation, office, key=key(), text="会议纪要已核对")
    assert Obligation.objects.get(pk=obligation.pk).fulfilled_on == DAY


@pytest.mark.parametrize("shown", [{"link": "https://www.example.gov.cn/a"}, {"files": [proof()]}])
@pytest.mark.parametrize("when", ["progress", "completion"])
def test_what_was_handed_in_speaks_for_itself(cast, make_obligation, shown, when):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    if when == "progress":
        actions.report_progress(obligation, cast.drafter, key=key(), text="已公开", **shown)
    actions.request_completion(obligation, cast.drafter, key=key(), text="完成", done_on=DAY, **(shown if when == "completion" else {}))
    seen = access_obligation(cast.user("openness_officer"), obligation.pk)
    assert actions.failure_reasons("pass_check", seen, cast.openness_officer, text="") == []
    actions.pass_check(obligation, cast.openness_officer, key=key())


def test_reasons_are_all_given_at_once(cast, make_obligation):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    with pytest.raises(ActionRefused) as refusal:
        actions.request_completion(obligation, cast.drafter, key=key(), text="", link="", done_on=None)
    assert len(refusal.value.reasons) == 2


def test_today_is_the_day_in_shanghai(cast, make_obligation):
    import time_machine

    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    with time_machine.travel("2026-03-10 17:00:00+00:00", tick=False):  # already the 11th there
        actions.request_completion(
            obligation, cast.drafter, key=key(), text="完成", link="https://www.example.gov.cn/", done_on=date(2026, 3, 11)
        )


def test_progress_needs_something(cast, make_obligation):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    with pytest.raises(ActionRefused, match="请填写进展"):
        actions.report_progress(obligation, cast.drafter, key=key(), text="  ")
    actions.report_progress(obligation, cast.drafter, key=key(), files=[proof()])
    actions.report_progress(obligation, cast.drafter, key=key(), link="https://www.example.gov.cn/a")


@pytest.mark.parametrize("verb", ["return_work", "waive"])
def test_a_reason_is_required(cast, make_obligation, verb):
    obligation = make_obligation()
    ready_for("pass_check", obligation, cast)
    actor = cast.office_head if verb == "waive" else cast.openness_officer
    with pytest.raises(ActionRefused, match="理由"):
        getattr(actions, verb)(obligation, actor, key=key(), reason=" ")
    if verb == "waive":
        with pytest.raises(ActionRefused, match="500"):
            actions.waive(obligation, actor, key=key(), reason="长" * 501)


def test_waiving_is_signed(cast, make_obligation):
    obligation = make_obligation()
    do("waive", obligation, cast.office_head, cast)
    obligation.refresh_from_db()
    assert (obligation.waived_by, obligation.waiver_reason) == (cast.office_head, "项目取消")
    assert obligation.waived_at is not None


def test_assign(cast, make_obligation):
    obligation = make_obligation()
    do("assign", obligation, cast.head, cast)
    actions.assign(obligation, cast.reviewer, key=key(), person=cast.drafter)
    obligation.refresh_from_db()
    assert (obligation.section, obligation.person) == (cast.section, cast.drafter)
    foreign = Section.objects.create(agency=cast.finance, name="预算科")
    for fields, sentence in (
        ({}, "请选择"),
        ({"section": foreign}, "不是市发改委的内设机构"),
        ({"person": cast.other_officer}, "不在市发改委任职"),
    ):
        with pytest.raises(ActionRefused, match=sentence):
            actions.assign(obligation, cast.head, key=key(), **fields)


def test_files_are_kept_with_name_size_and_digest(cast, make_obligation):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    step = actions.report_progress(obligation, cast.drafter, key=key(), text="见附件", files=[proof("一.txt"), proof("一.txt")])
    rows = list(step.files.order_by("pk"))
    assert [r.name for r in rows] == ["一.txt", "一.txt"]
    assert rows[0].file.name != rows[1].file.name
    assert rows[0].file.read() == "公开页面截图说明".encode()
    assert rows[0].size == len("公开页面截图说明".encode())
    assert len(rows[0].sha256) == 64
    assert rows[0].content_type == "text/plain"


def _stored(settings):
    return [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()]


def test_a_refused_file_leaves_nothing(cast, make_obligation, settings):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    bad = SimpleUploadedFile("程序.exe", b"MZ")
    with pytest.raises(ActionRefused, match="类型不能上传"):
        actions.report_progress(obligation, cast.drafter, key=key(), text="见附件", files=[proof(), bad])
    assert not StepFile.objects.exists()
    assert _stored(settings) == []


def test_a_failure_in_the_middle_leaves_nothing(cast, make_obligation, settings, monkeypatch):
    obligation = make_obligation()
    do("acknowledge", obligation, cast.drafter, cast)
    real, calls = StepFile.save, []

    def save(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(StepFile, "save", save)
    with pytest.raises(OSError, match="disk full"):
        actions.report_progress(obligation, cast.drafter, key=key(), text="见附件", files=[proof(), proof()])
    assert not StepFile.objects.exists()
    assert not Step.objects.filter(kind="progress").exists()
    assert _stored(settings) == []


@pytest.mark.parametrize("verb", list(MAY))
def test_the_same_form_twice_makes_one_record(cast, make_obligation, verb):
    obligation = make_obligation()
    ready_for(verb, obligation, cast)
    actor, form, count = cast.user(ACTOR[verb]), key(), Step.objects.count()
    first = do(verb, obligation, actor, cast, form)
    assert do(verb, obligation, actor, cast, form) == first
    assert Step.objects.count() == count + 1


def test_a_form_is_good_for_one_record_only(cast, make_obligation):
    form = key()
    do("acknowledge", make_obligation(), cast.drafter, cast, form)
    other = make_obligation()
    for who, verb, target in (("drafter", "acknowledge", other), ("drafter", "report_progress", other)):
        with pytest.raises(ActionRefused, match="另一条记录"):
            do(verb, target, cast.user(who), cast, form)
    for bad in ("", "x" * 101):
        with pytest.raises(ActionRefused, match="刷新"):
            actions.acknowledge(other, cast.drafter, key=bad)


def test_a_time_of_a_taken_over_record_is_never_later_than_now(cast, make_obligation):
    obligation = make_obligation()
    before = timezone.now() - timedelta(days=30)
    assert actions.acknowledge(obligation, cast.drafter, key=key(), at=before).at == before
    with pytest.raises(ActionRefused, match="不能晚于现在"):
        actions.report_progress(obligation, cast.drafter, key=key(), text="x", at=timezone.now() + timedelta(minutes=1))


def test_opening_twice_is_harmless(cast, django_assert_num_queries):
    wanted = [
        actions.NewObligation(
            jurisdiction=cast.city,
            owner=agency,
            source="plan_task",
            subject_id=n,
            title=f"第{n}项",
            basis="清政办发〔2026〕1号",
            starts_on=DAY,
            helpers=(cast.human, agency),
        )
        for n in range(1, 51)
        for agency in (cast.reform, cast.finance)
    ]
    first = actions.open_obligations(wanted, cast.openness_officer)
    assert [o.subject_id for o in first] == [w.subject_id for w in wanted]
    again = actions.open_obligations(reversed(wanted), cast.openness_colleague)
    assert {o.pk for o in first} == {o.pk for o in again}
    assert Obligation.objects.count() == 100
    assert Step.objects.filter(kind="opened", actor=cast.openness_officer).count() == 100
    assert first[0].helpers.get().agency == cast.human  # nobody helps himself
    assert actions.open_obligation(wanted[0], None) == first[0]
    assert actions.open_obligations([], None) == []


def test_opening_costs_the_same_for_many(cast):
    from django.test.utils import CaptureQueriesContext

    def cost(start, n):
        wanted = [
            actions.NewObligation(
                jurisdiction=cast.city,
                owner=cast.reform,
                source="plan_task",
                subject_id=start + i,
                title="事项",
                basis="",
                starts_on=DAY,
                helpers=(cast.human,),
            )
            for i in range(n)
        ]
        with CaptureQueriesContext(connection) as queries:
            actions.open_obligations(wanted, None)
        return len(queries)

    few, many = cost(1000, 5), cost(2000, 200)
    # SQLite takes a limited number of values a statement, so a bulk insert is cut in pieces there
    assert many <= few + (0 if connection.vendor == "postgresql" else 20)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_record(cast, make_obligation, together):
    obligation, form = make_obligation(), key()
    results = together(*[lambda: do("acknowledge", obligation, cast.user("drafter"), cast, form) for _ in range(4)])
    assert len({r.pk for r in results}) == 1
    assert Step.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_acknowledge_at_once(cast, make_obligation, together):
    obligation = make_obligation()
    results = together(
        lambda: do("acknowledge", obligation, cast.user("drafter"), cast),
        lambda: do("acknowledge", obligation, cast.user("reviewer"), cast),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "Step"]
    assert Step.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_passes_while_another_returns(cast, make_obligation, together):
    obligation = make_obligation()
    ready_for("pass_check", obligation, cast)
    results = together(
        lambda: do("pass_check", obligation, cast.user("openness_officer"), cast),
        lambda: do("return_work", obligation, cast.user("openness_colleague"), cast),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "Step"]
    obligation.refresh_from_db()
    passed = Step.objects.filter(kind="passed").exists()
    assert (obligation.fulfilled_on is not None) == passed


@pytest.mark.django_db(transaction=True)
def test_the_same_form_for_two_records_at_once(cast, make_obligation, together):
    one, two, form = make_obligation(), make_obligation(), key()
    results = together(
        lambda: do("acknowledge", one, cast.user("drafter"), cast, form),
        lambda: do("acknowledge", two, cast.user("drafter"), cast, form),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "Step"]
    assert Step.objects.count() == 1


@override_settings(DUE_SOON_DAYS=3)
def test_the_window_is_a_setting(cast, make_obligation):
    from gongkai.obligations import queries

    make_obligation(due_on=date(2026, 3, 13))
    make_obligation(due_on=date(2026, 3, 16))
    found = queries.with_state(Obligation.objects.all(), date(2026, 3, 10))
    assert [o.state for o in found] == ["due_soon", "running"]

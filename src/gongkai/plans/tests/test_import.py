"""Import: everything of the reading is kept, or nothing at all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.agencies.models import Agency, AgencySuggestion, CollectiveName
from gongkai.agencies.tests.test_access import EVERYBODY, OFFICE
from gongkai.plans import actions
from gongkai.plans.actions import ActionRefused, NotAllowed, ReadingError
from gongkai.plans.models import Plan, PlanStep, Task, TaskDeadline, TaskUnit
from gongkai.plans.tests.reading_samples import read_plan
from gongkai.reading.model import Mark, Warning


@pytest.fixture
def reads(monkeypatch):
    """What the reader shall answer."""
    answer = []
    monkeypatch.setattr("gongkai.reading.reader.read_plans", lambda data, name: iter(answer))

    def say(*items):
        answer[:] = items

    say(read_plan())
    return say


def tables():
    return [m.objects.count() for m in (Plan, Task, TaskUnit, TaskDeadline, PlanStep, AgencySuggestion, CollectiveName)]


def files(settings):
    return [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()]


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_office_of_the_place_imports(cast, reads, who, settings):
    user = cast.user(who)
    if who in OFFICE:
        assert actions.import_plan(b"x", "要点.txt", cast.city, user)
        return
    with pytest.raises(NotAllowed):
        actions.import_plan(b"x", "要点.txt", cast.city, user)
    assert tables() == [0] * 7
    assert files(settings) == []


def test_everything_read_is_kept(cast, reads):
    read = read_plan(12)
    reads(read)
    (plan,) = actions.import_plan(b"bytes of the file", "要点.txt", cast.city, cast.openness_officer)
    plan.refresh_from_db()
    assert (plan.title, plan.doc_number, plan.issued_on, plan.year) == (read.title, read.doc_number, read.issued_on, 2026)
    assert plan.source_text == read.raw_text
    assert plan.source_file.read() == b"bytes of the file"
    assert plan.source_name == "要点.txt"
    assert "要点" not in plan.source_file.name
    assert plan.warnings == [w.to_dict() for w in read.warnings]
    assert (plan.state, plan.imported_by, plan.opened_at) == ("draft", cast.openness_officer, None)
    tasks = list(plan.tasks.all())
    assert [t.text for t in tasks] == [t.text for t in read.tasks]
    for task, source in zip(tasks, read.tasks, strict=True):
        assert (task.span_start, task.span_end) == source.span
        assert plan.source_text[task.span_start : task.span_end] == source.text
        assert task.path == source.path
        assert task.marks == [m.to_dict() for m in source.marks]
        assert task.quotas == [q.to_dict() for q in source.quotas]
        assert task.channels == source.channels
        assert task.doubts == source.doubts
        assert task.review == "pending"
        limit = task.deadlines.get()
        assert (limit.raw, limit.due, (limit.span_start, limit.span_end)) == ("11月底前", task.due_on, source.deadlines[0].span)
        assert {(u.role, u.text, u.agency) for u in task.units.all()} >= {
            ("lead", "市发改委", cast.reform),
            ("support", "市财政局", cast.finance),
        }
    assert plan.steps.get().kind == "imported"


@pytest.mark.parametrize("text", ["a\r\nb\u3000\u2003c\ufeff\t。\n\n", "〔2026〕１号　㈠\u200b①\ue000𠮷"])
def test_every_character_of_the_original_is_kept(cast, reads, text):
    reads(read_plan(0, raw_text=text))
    (plan,) = actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)
    assert Plan.objects.get(pk=plan.pk).source_text == text


@pytest.mark.parametrize("text", ["有\x00字", "半个\ud800字"])
def test_what_no_database_can_keep_is_refused_in_a_sentence(cast, reads, text, settings):
    reads(read_plan(0, raw_text=text))
    with pytest.raises(ReadingError, match="不能保存的字符"):
        actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)
    assert tables() == [0] * 7
    assert files(settings) == []


def test_unknown_units_become_suggestions_never_agencies(cast, reads):
    reads(read_plan(20))
    before = Agency.objects.count()
    actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)
    assert Agency.objects.count() == before
    suggestion = AgencySuggestion.objects.get()
    assert suggestion.text == "市就业促进中心"
    assert "第10类" in suggestion.context
    assert TaskUnit.objects.filter(text="市就业促进中心", agency__isnull=True).count() == 2


def test_a_unit_named_once_is_doubted_only_when_the_directory_does_not_know_it(cast, reads):
    read = read_plan()
    task = read.tasks[0]
    text = read.raw_text
    spans = {name: (text.index(name), text.index(name) + len(name)) for name in ("市发改委", "市财政局")}
    task.marks += [Mark("lead", "市发改委", spans["市发改委"]), Mark("support", "市财正局", spans["市财政局"])]
    read.warnings += [Warning("只被安排一次", spans["市发改委"], "unit"), Warning("只差一个字", spans["市财政局"], "unit")]
    reads(read)
    (plan,) = actions.import_plan(b"x", "要点.txt", cast.city, cast.openness_officer)
    assert [(w["message"], w["kind"]) for w in plan.warnings] == [("日期前后不一", "dates"), ("只差一个字", "unit")]


def test_collective_and_vague_names(cast, reads):
    read = read_plan(2)
    read.tasks[0].lead, read.tasks[0].support = ["各县区人民政府"], ["相关部门"]
    read.tasks[1].lead, read.tasks[1].support = ["各县区人民政府", "各县区人民政府"], ["市发改委", "市 发改委"]
    reads(read)
    (plan,) = actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)
    assert CollectiveName.objects.get().rule == "lower_governments"
    first = plan.tasks.first()
    assert first.doubts == ["“相关部门”没有说明是哪些单位，请指定"]
    assert not first.units.get(text="相关部门").resolved
    assert not AgencySuggestion.objects.exists()


def test_sections_of_the_issuer_are_known(cast, reads):
    read = read_plan(1, issuer="清河市发展和改革委员会")
    read.tasks[0].lead = ["政策法规科"]
    reads(read)
    (plan,) = actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)
    unit = TaskUnit.objects.get(task__plan=plan, role="lead")
    assert (unit.agency, unit.section) == (cast.reform, cast.section)


def test_the_same_file_again_names_the_plan_that_is_there(cast, reads):
    actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)
    with pytest.raises(ActionRefused, match="清河市2026年政务公开工作要点"):
        actions.import_plan(b"x", "另一个名字.txt", cast.city, cast.openness_officer)
    assert Plan.objects.count() == 1
    actions.import_plan(b"x", "a.txt", cast.east, cast.county_officer)  # another government's copy is its own


def test_a_reading_error_keeps_nothing(cast, reads, settings):
    reads(read_plan(source="包.zip!一.txt"), ReadingError("包.zip!二.pdf", "没有文字层", "请先做文字识别"))
    with pytest.raises(ReadingError, match="二.pdf"):
        actions.import_plan(b"x", "包.zip", cast.city, cast.openness_officer)
    assert tables() == [0] * 7
    assert files(settings) == []


@pytest.mark.parametrize("where", ["TaskDeadline", "TaskUnit", "PlanStep"])
def test_a_failure_in_the_middle_keeps_nothing(cast, reads, settings, monkeypatch, where):
    """The second of two plans breaks off after its file and its tasks were written."""
    read = [read_plan(10, source="包.zip!一.txt"), read_plan(10, source="包.zip!二.txt", title="第二个")]
    reads(*read)
    model, calls = {"TaskDeadline": TaskDeadline, "TaskUnit": TaskUnit, "PlanStep": PlanStep}[where], []
    name = "create" if where == "PlanStep" else "bulk_create"
    real = getattr(model.objects, name)

    def fail(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(*args, **kwargs)

    monkeypatch.setattr(model.objects, name, fail)
    with pytest.raises(OSError, match="disk full"):
        actions.import_plan(b"x", "包.zip", cast.city, cast.openness_officer)
    assert tables() == [0] * 7
    assert files(settings) == []


def test_an_archive_gives_several_plans_and_leaves_out_what_is_none(cast, reads):
    reads(
        read_plan(source="包.zip!一.txt"),
        read_plan(0, source="包.zip!说明.txt"),
        read_plan(source="包.zip!目录/二.txt", title=None),
    )
    plans = actions.import_plan(b"x", "包.zip", cast.city, cast.openness_officer)
    assert [p.source_member for p in plans] == ["一.txt", "目录/二.txt"]
    assert plans[1].title == "二"
    with pytest.raises(ActionRefused, match="已经导入过"):
        actions.import_plan(b"x", "包.zip", cast.city, cast.openness_officer)


def test_nothing_to_read(cast, reads):
    reads()
    with pytest.raises(ReadingError, match="没有可以读的文件"):
        actions.import_plan(b"x", "空.zip", cast.city, cast.openness_officer)
    reads(read_plan(0, source="包.zip!一.txt"), read_plan(0, source="包.zip!二.txt"))
    with pytest.raises(ActionRefused, match="都没有读出任务"):
        actions.import_plan(b"x", "包.zip", cast.city, cast.openness_officer)


def test_a_document_without_tasks_says_so(cast, reads):
    reads(read_plan(0, title=None))
    (plan,) = actions.import_plan(b"x", "通知.txt", cast.city, cast.openness_officer)
    assert plan.title == "通知"
    assert "没有从文件中读出任务" in plan.warnings[0]["message"]
    assert "没有任务可以下达" in actions.failure_reasons("issue", plan, cast.openness_officer)[0]


def test_long_names_are_cut_to_their_columns(cast, reads):
    read = read_plan(1, title="长" * 400, doc_number="号" * 200, issuer="府" * 300)
    read.tasks[0].lead = ["局" * 300]
    read.tasks[0].deadlines[0].raw = "前" * 300
    reads(read)
    (plan,) = actions.import_plan(b"x", "名" * 400 + ".txt", cast.city, cast.openness_officer)
    plan.refresh_from_db()
    assert len(plan.title) == 300
    assert plan.source_name.endswith(".txt")
    assert plan.source_file.name.endswith(".txt")


def test_the_path_of_a_name_is_dropped(cast, reads):
    (plan,) = actions.import_plan(b"x", "../../C:\\桌面\\要点.txt", cast.city, cast.openness_officer)
    assert plan.source_name == "要点.txt"


def test_200_tasks_cost_what_20_cost(cast, reads):
    def cost(n, data):
        reads(read_plan(n))
        with CaptureQueriesContext(connection) as queries:
            actions.import_plan(data, "a.txt", cast.city, cast.openness_officer)
        return len(queries)

    few, many = cost(20, b"few"), cost(200, b"many")
    # the suggestion is there already the second time; SQLite cuts bulk inserts in pieces of 999 values
    assert many <= few + (0 if connection.vendor == "postgresql" else 15)
    assert few < 30


def test_supersedes(cast, reads, issued_plan):
    old = issued_plan()
    (plan,) = actions.import_plan(b"x", "修订.txt", cast.city, cast.openness_officer, supersedes=old)
    assert plan.supersedes == old
    old.refresh_from_db()
    assert old.state == "issued"  # until the new one is issued
    with pytest.raises(ActionRefused, match="已经有修订方案"):
        actions.import_plan(b"y", "再修订.txt", cast.city, cast.openness_officer, supersedes=old)


def test_what_cannot_be_superseded(cast, reads, issued_plan, draft_plan):
    with pytest.raises(ActionRefused, match="只有已下达"):
        actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer, supersedes=draft_plan())
    with pytest.raises(ActionRefused, match="本地区"):
        actions.import_plan(b"x", "a.txt", cast.east, cast.county_officer, supersedes=issued_plan())
    reads(read_plan(source="包.zip!一.txt"), read_plan(source="包.zip!二.txt"))
    with pytest.raises(ActionRefused, match="只能有一份"):
        actions.import_plan(b"x", "包.zip", cast.city, cast.openness_officer, supersedes=issued_plan())


def test_too_large(cast, reads, monkeypatch):
    monkeypatch.setattr("gongkai.plans.actions.importing.MAX_SIZE", 10)
    with pytest.raises(ActionRefused, match="50 MB"):
        actions.import_plan(b"x" * 11, "a.txt", cast.city, cast.openness_officer)


def test_discard_gives_the_file_back_to_import(cast, reads, settings, django_capture_on_commit_callbacks):
    (plan,) = actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)
    with pytest.raises(NotAllowed):
        actions.discard(plan, cast.drafter)
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(plan, cast.openness_officer)
    assert not Plan.objects.exists()
    assert files(settings) == []
    actions.import_plan(b"x", "a.txt", cast.city, cast.openness_officer)


def test_an_issued_plan_is_never_discarded(cast, issued_plan):
    plan = issued_plan()
    with pytest.raises(ActionRefused, match="不能删除"):
        actions.discard(plan, cast.openness_officer)
    assert Plan.objects.filter(pk=plan.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_import_one_file_at_once(cast, reads, together, settings, monkeypatch):
    monkeypatch.setattr("gongkai.reading.reader.read_plans", lambda data, name: iter([read_plan()]))
    results = together(
        lambda: actions.import_plan(b"x", "a.txt", cast.city, cast.user("openness_officer")),
        lambda: actions.import_plan(b"x", "b.txt", cast.city, cast.user("openness_colleague")),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "list"]
    assert Plan.objects.count() == 1
    assert len(files(settings)) == 1

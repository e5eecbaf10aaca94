"""Collections: who may open, hand in, receive, return, remind; nothing twice (S4-1, S4-3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.coordination.actions import collecting
from gongkai.coordination.models import Collection, Deed, Reminder, Submission

OFFICE = {"openness_officer", "openness_colleague"}


def test_every_unit_has_a_row_for_every_material_from_the_start(cast, make_collection):
    made = make_collection(reach="all", agencies=())
    owing = set(made.submissions.values_list("agency__name", flat=True))
    assert owing == {"东山县人民政府", "西河区人民政府", *(a.name for a in (cast.reform, cast.finance, cast.human))}
    assert made.submissions.count() == 2 * len(owing), "the collecting office owes nothing to itself"


@pytest.mark.parametrize(("reach", "n"), [("departments", 3), ("lower", 2)])
def test_who_owes(cast, make_collection, reach, n):
    assert make_collection(reach=reach, agencies=()).submissions.values("agency").distinct().count() == n


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_office_of_the_place_opens(cast, make_collection, who):
    if who in OFFICE:
        assert make_collection(actor=cast.user(who)).opened_by == cast.user(who)
        return
    with pytest.raises(NotAllowed):
        make_collection(actor=cast.user(who))
    assert not Collection.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"items": []}, "材料"),
        ({"items": ["a"] * 5 + [str(n) for n in range(20)]}, "最多"),
        ({"title": " "}, "收集事项"),
        ({"title": "长" * 201}, "200"),
        ({"agencies": []}, "没有要报送的单位"),
        ({"reach": "nobody"}, "没有要报送的单位"),
        ({"due_on": timezone.localdate() - timedelta(100)}, "期限"),
        ({"title": "零\x00"}, "字符"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(make_collection, wrong, says):
    with pytest.raises(ActionRefused, match=says):
        make_collection(**wrong)
    assert not Collection.objects.exists() and not Deed.objects.exists()


def test_agencies_of_another_city_cannot_be_made_to_owe(cast, make_collection):
    with pytest.raises(ActionRefused, match="不属于本地区"):
        make_collection(agencies=[cast.elsewhere_office])


def test_opened_twice_with_one_form_is_one_collection(make_collection):
    assert make_collection(key="same") == make_collection(key="same")
    assert Collection.objects.count() == 1
    with pytest.raises(ActionRefused, match="换一个名称"):
        make_collection(key="other")


def test_the_course_from_handing_in_to_the_receipt(cast, row, key, paper):
    collecting.submit(row, cast.user("drafter"), key=key(), file=paper(), text="初稿")
    row.refresh_from_db()
    assert row.name == "方案.pdf" and row.sha256 and row.content_type == "application/pdf" and not row.receipt
    collecting.return_submission(row, cast.user("openness_officer"), key=key(), reason="缺少期限")
    row.refresh_from_db()
    assert row.returned_at and row.return_reason == "缺少期限" and row.file
    collecting.submit(row, cast.user("reviewer"), key=key(), file=paper("方案二.pdf"))
    made = collecting.receive(row, cast.user("openness_colleague"), key=key())
    assert made.receipt == f"清河公收〔{timezone.localdate().year}〕1号" and made.returned_at is None
    assert [d.kind for d in Deed.objects.filter(subject="submission")] == ["submitted", "returned", "submitted", "received"]
    assert [d.name for d in Deed.objects.exclude(file="")] == ["方案.pdf", "方案二.pdf"], "the first round stays on record"


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_unit_hands_in_and_only_the_office_receives(cast, row, key, paper, who):
    may_submit = who in {"drafter", "reviewer", "head"}
    if may_submit:
        collecting.submit(row, cast.user(who), key=key(), file=paper())
    else:
        with pytest.raises(NotAllowed):
            collecting.submit(row, cast.user(who), key=key(), file=paper())
        collecting.submit(row, cast.user("drafter"), key=key(), file=paper())
    if who in OFFICE:
        assert collecting.receive(row, cast.user(who), key=key()).receipt
        return
    for deed in (collecting.receive, collecting.return_submission):
        with pytest.raises(NotAllowed):
            deed(row, cast.user(who), key=key(), **({"reason": "x"} if deed is collecting.return_submission else {}))


def test_a_government_is_acted_for_by_its_openness_office(cast, make_collection, key, paper, issued_plan):
    row = make_collection().submissions.get(agency=cast.east_government, item="实施方案")
    with pytest.raises(NotAllowed):
        collecting.submit(row, cast.user("county_drafter"), key=key(), file=paper())
    plan = issued_plan(jurisdiction=cast.east)
    assert collecting.submit(row, cast.user("county_officer"), key=key(), plan=plan).plan == plan


def test_only_an_issued_plan_of_ones_own_place_is_handed_in(cast, make_collection, key, draft_plan, issued_plan, paper):
    row = make_collection().submissions.get(agency=cast.east_government, item="实施方案")
    officer = cast.user("county_officer")
    for plan in (draft_plan(jurisdiction=cast.east), issued_plan(jurisdiction=cast.west)):
        with pytest.raises(ActionRefused, match="本地区已经下达的方案"):
            collecting.submit(row, officer, key=key(), plan=plan)
    with pytest.raises(ActionRefused, match="只选一样"):
        collecting.submit(row, officer, key=key())
    with pytest.raises(ActionRefused, match="只选一样"):
        collecting.submit(row, officer, key=key(), plan=issued_plan(jurisdiction=cast.east), file=paper())


def test_what_cannot_be_done_now_says_why(cast, row, key, paper):
    officer, drafter = cast.user("openness_officer"), cast.user("drafter")
    with pytest.raises(ActionRefused, match="还没有报送"):
        collecting.receive(row, officer, key=key())
    collecting.submit(row, drafter, key=key(), file=paper())
    with pytest.raises(ActionRefused, match="等待签收"):
        collecting.submit(row, drafter, key=key(), file=paper())
    with pytest.raises(ActionRefused, match="理由"):
        collecting.return_submission(row, officer, key=key(), reason=" ")
    collecting.receive(row, officer, key=key())
    for deed, kwargs in ((collecting.return_submission, {"reason": "x"}), (collecting.receive, {})):
        with pytest.raises(ActionRefused, match="已经签收"):
            deed(row, officer, key=key(), **kwargs)


def test_pressing_twice_makes_one_of_everything(cast, row, key, paper):
    officer, drafter = cast.user("openness_officer"), cast.user("drafter")
    first = collecting.submit(row, drafter, key="s", file=paper())
    again = collecting.submit(row, drafter, key="s", file=paper())
    assert first == again and Deed.objects.filter(kind="submitted").count() == 1
    one, two = collecting.receive(row, officer, key="r"), collecting.receive(row, officer, key="r")
    assert one.receipt == two.receipt
    with pytest.raises(ActionRefused, match="另一条记录"):
        collecting.close(row.collection, officer, key="r")
    with pytest.raises(ActionRefused, match="刷新"):
        collecting.close(row.collection, officer, key="")


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.pdf", b""), ("坏.pdf", b"MZ\x90\x00"), ("脚本.exe", b"MZ"), ("宏.docm", b"PK\x03\x04"), ("假.docx", b"PK\x03\x04broken")],
)
def test_a_hostile_file_is_refused_and_leaves_nothing(cast, row, key, name, content, settings):
    with pytest.raises(ActionRefused):
        collecting.submit(row, cast.user("drafter"), key=key(), file=ContentFile(content, name))
    row.refresh_from_db()
    assert row.submitted_at is None and not Deed.objects.filter(kind="submitted").exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.*")), "no file is left behind"


def test_a_refused_deed_takes_its_file_along(cast, row, key, paper, settings):
    collecting.submit(row, cast.user("drafter"), key=key(), file=paper())
    before = list(settings.MEDIA_ROOT.rglob("*.pdf"))
    with pytest.raises(ActionRefused):
        collecting.submit(row, cast.user("drafter"), key=key(), file=paper())
    assert list(settings.MEDIA_ROOT.rglob("*.pdf")) == before


def test_all_overdue_are_reminded_once_for_one_form(cast, make_collection, key, paper):
    made = make_collection(due_on=timezone.localdate() - timedelta(1))
    officer = cast.user("openness_officer")
    for row in made.submissions.filter(agency=cast.finance):
        collecting.submit(row, cast.user("other_officer"), key=key(), file=paper())
    for _ in range(2):
        collecting.remind(made, officer, key="one", text="请补报")
    told = list(Reminder.objects.values_list("agency__short_name", flat=True))
    assert sorted(told) == ["区政府", "县政府", "市发改委"], "who has handed in is not reminded, nobody twice"
    collecting.remind(made, officer, key="two", agencies=[cast.reform])
    assert Reminder.objects.count() == 4
    with pytest.raises(ActionRefused, match="都已报送"):
        collecting.remind(made, officer, key="three", agencies=[cast.finance])


def test_nobody_is_reminded_before_the_day_unless_named(cast, make_collection, key):
    made, officer = make_collection(), cast.user("openness_officer")
    with pytest.raises(ActionRefused, match="没有逾期"):
        collecting.remind(made, officer, key=key())
    collecting.remind(made, officer, key=key(), agencies=[cast.reform])
    assert Reminder.objects.get().agency == cast.reform
    with pytest.raises(NotAllowed):
        collecting.remind(made, cast.user("drafter"), key=key())


def test_after_the_end_nothing_more_is_taken_but_what_came_is_received(cast, row, make_collection, key, paper):
    officer = cast.user("openness_officer")
    other = row.collection.submissions.get(agency=cast.finance, item="实施方案")
    collecting.submit(row, cast.user("drafter"), key=key(), file=paper())
    collecting.close(row.collection, officer, key=key())
    other.refresh_from_db()
    with pytest.raises(ActionRefused, match="结束"):
        collecting.submit(other, cast.user("other_officer"), key=key(), file=paper())
    row = Submission.objects.get(pk=row.pk)
    assert collecting.receive(row, officer, key=key()).receipt


@pytest.mark.parametrize(
    "broken",
    [
        {"received_at": timezone.now()},
        {"receipt": "清公收〔2026〕1号"},
        {"submitted_at": timezone.now()},
        {"returned_at": timezone.now()},
    ],
)
def test_the_database_holds_the_rules_too(row, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=row.pk).update(**broken)


def test_a_deed_is_never_changed_nor_removed(row):
    deed = Deed.objects.first()
    deed.text = "改"
    for attempt in (deed.save, deed.delete, Deed.objects.all().delete, lambda: Deed.objects.update(text="改")):
        with pytest.raises(RuntimeError):
            attempt()

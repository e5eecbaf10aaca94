"""Checks: lists as data, results, findings with a day, rectification, recheck by another, summary (S1-16, S1-17, S1-18, S4-61)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.clocks.calendar import add_working_days
from gongkai.coordination import exports
from gongkai.coordination.actions import checking
from gongkai.coordination.models import Check, CheckPoint, Deed
from gongkai.coordination.queries import checking as queries
from gongkai.coordination.rulebook import check_lists, list_of

TODAY = timezone.localdate()
OFFICE = {"openness_officer", "openness_colleague"}


def fail(cast, check, key, position=1, finding="空白栏目", who="drafter", **more):
    return checking.record(check.points.get(position=position), cast.user(who), key=key(), result="failed", finding=finding, **more)


def test_every_point_of_the_lists_has_its_basis_and_how_sure_it_is():
    lists = check_lists()
    assert {one.kind for one in lists} == set(Check.Kind.values)
    for one in lists:
        assert one.version and one.valid_from <= TODAY
        for point in one.points:
            assert point.basis and point.certainty in {"V", "M-high", "M-med"}, point.text
            assert len(point.text) <= 300 and len(point.basis) <= 200
        assert len({p.text for p in one.points}) == len(one.points)
    assert len(list_of("platform", TODAY).points) >= 20


def test_a_list_is_used_only_while_it_is_in_force(cast, key):
    assert list_of("self_check", date(2018, 1, 1)) is None and list_of("nothing", TODAY) is None
    for rules in ("platform", "nothing"):
        with pytest.raises(ActionRefused, match="检查表"):
            checking.start(cast.reform, cast.user("drafter"), key=key(), kind="self_check", title="自查", rules=rules)


def test_the_list_is_copied_into_the_check_when_it_begins(self_check):
    chosen = list_of("self_check", TODAY)
    assert [p.text for p in self_check.points.all()] == [p.text for p in chosen.points]
    assert chosen.version in self_check.rules
    assert list(self_check.points.values_list("position", flat=True)) == list(range(1, len(chosen.points) + 1))


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_checks_whom(cast, key, who):
    def start(agency, kind, rules):
        return checking.start(agency, cast.user(who), key=key(), kind=kind, title="检查", rules=rules)

    own = who in {"drafter", "reviewer", "head"}
    for agency, kind, rules, may in (
        (cast.reform, "self_check", "self_check", own),
        (cast.reform, "acceptance", "acceptance", who in OFFICE),
        (cast.reform, "inspection", "inspection", who in OFFICE),
        (cast.east_finance, "conformance", "platform", who in OFFICE | {"county_officer"}),
        (cast.office, "inspection", "inspection", who in OFFICE),
    ):
        if may:
            check = start(agency, kind, rules)
            assert check.checker == (agency if kind == "self_check" else cast.east_office if who == "county_officer" else cast.office)
        else:
            with pytest.raises(NotAllowed):
                start(agency, kind, rules)


def test_a_failed_point_says_what_was_found_and_by_when(cast, self_check, key):
    point, drafter = self_check.points.first(), cast.user("drafter")
    with pytest.raises(ActionRefused, match="发现了什么问题"):
        checking.record(point, drafter, key=key(), result="failed")
    with pytest.raises(ActionRefused, match="请选择"):
        checking.record(point, drafter, key=key(), result="")
    made = fail(cast, self_check, key)
    assert made.due_on == add_working_days(TODAY, 10).on, "ten working days by the calendar"
    assert fail(cast, self_check, key, due_on=TODAY).due_on == TODAY
    with pytest.raises(ActionRefused, match="整改期限"):
        fail(cast, self_check, key, due_on=TODAY - timedelta(1))
    assert checking.record(point, drafter, key=key(), result="passed").due_on is None, "a result is changed until the end"


def test_from_the_finding_to_its_closing(cast, inspection, key):
    officer, drafter = cast.user("openness_officer"), cast.user("drafter")
    point = fail(cast, inspection, key, who="openness_officer")
    with pytest.raises(NotAllowed):
        checking.rectify(point, officer, key=key(), text="改了", done_on=TODAY)
    with pytest.raises(ActionRefused, match="还没有报整改"):
        checking.pass_recheck(point, officer, key=key())
    checking.rectify(point, drafter, key=key(), text="已更新", done_on=TODAY)
    point.refresh_from_db()
    checking.send_back(point, officer, key=key(), reason="还有一个空白栏目", due_on=TODAY + timedelta(3))
    point.refresh_from_db()
    assert (point.rectified_on, point.rectification, point.due_on) == (None, "", TODAY + timedelta(3))
    checking.rectify(point, drafter, key=key(), text="都已更新", done_on=TODAY)
    point.refresh_from_db()
    made = checking.pass_recheck(point, cast.user("openness_colleague"), key=key())
    assert (made.rechecked_on, made.rechecked_by) == (TODAY, cast.openness_colleague)
    kinds = list(Deed.objects.filter(subject="checkpoint", subject_id=point.pk).values_list("kind", flat=True))
    assert kinds[-4:] == ["rectified", "sent_back", "rectified", "rechecked"], "what was sent back stays on record"


def test_who_reports_the_rectification_does_not_recheck_it(cast, self_check, key):
    point = fail(cast, self_check, key)
    checking.rectify(point, cast.user("drafter"), key=key(), text="已改", done_on=TODAY)
    point.refresh_from_db()
    with pytest.raises(ActionRefused, match="其他人复查"):
        checking.pass_recheck(point, cast.user("drafter"), key=key())
    assert checking.failure_reasons("pass_recheck", self_check, cast.user("drafter"), point)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckPoint.objects.filter(pk=point.pk).update(rechecked_on=TODAY, rechecked_by=cast.drafter)
    assert checking.pass_recheck(point, cast.user("reviewer"), key=key()).rechecked_by == cast.reviewer


def test_a_check_ends_when_every_point_was_looked_at_and_has_a_summary(cast, inspection, key):
    officer = cast.user("openness_officer")
    with pytest.raises(ActionRefused, match="还有 2 项没有查"):
        checking.finish(inspection, officer, key=key(), summary="总结")
    for point in inspection.points.all():
        checking.record(point, officer, key=key(), result="passed")
    with pytest.raises(ActionRefused, match="总结"):
        checking.finish(inspection, officer, key=key(), summary=" ")
    checking.finish(inspection, officer, key=key(), summary="总体较好")
    inspection.refresh_from_db()
    for deed in (
        lambda: checking.record(inspection.points.first(), officer, key=key(), result="failed", finding="x"),
        lambda: checking.add_point(inspection, officer, key=key(), text="再查"),
        lambda: checking.finish(inspection, officer, key=key(), summary="再写"),
    ):
        with pytest.raises(ActionRefused, match="已经完成"):
            deed()


def test_an_empty_inspection_does_not_end(cast, key):
    officer = cast.user("openness_officer")
    check = checking.start(cast.reform, officer, key=key(), kind="inspection", title="督查", rules="inspection")
    with pytest.raises(ActionRefused, match="还没有一个检查项"):
        checking.finish(check, officer, key=key(), summary="总结")


def test_the_checked_do_not_write_the_results(cast, inspection, key):
    for who in ("drafter", "head", "other_officer", "county_officer"):
        with pytest.raises(NotAllowed):
            fail(cast, inspection, key, who=who)
        with pytest.raises(NotAllowed):
            checking.add_point(inspection, cast.user(who), key=key(), text="x")


def test_pressing_twice_makes_one(cast, key):
    officer = cast.user("openness_officer")
    args = {"key": "one", "kind": "inspection", "title": "督查", "rules": "inspection"}
    check = checking.start(cast.reform, officer, **args)
    assert checking.start(cast.reform, officer, **args) == check
    assert checking.add_point(check, officer, key="p", text="甲") == checking.add_point(check, officer, key="p", text="甲")
    assert check.points.count() == 1


def test_closure_counts_what_was_found_mended_and_closed(cast, self_check, key):
    assert queries.closure(queries.points_of(self_check)).rate is None
    for position in (1, 2, 3):
        fail(cast, self_check, key, position)
    for position in (1, 2):
        point = self_check.points.get(position=position)
        checking.rectify(point, cast.user("drafter"), key=key(), text="已改", done_on=TODAY)
    checking.pass_recheck(self_check.points.get(position=1), cast.user("reviewer"), key=key())
    found = queries.closure(queries.points_of(self_check))
    assert (found.problems, found.mended, found.closed, found.rate) == (3, 2, 1, 33)
    states = {p.position: p.state for p in queries.points_of(self_check, TODAY + timedelta(60))}
    assert [states[n] for n in (1, 2, 3, 4)] == ["closed", "mended", "overdue", "open"]
    assert [p.position for p in queries.to_rectify(cast.user("drafter"))] == [3]
    assert [p.position for p in queries.to_recheck(cast.user("reviewer"))] == [2]
    assert not queries.to_recheck(cast.user("drafter")).exists(), "who reported it does not recheck it"


def test_the_report_tells_results_problems_and_summary(cast, self_check, key):
    drafter = cast.user("drafter")
    for point in self_check.points.all():
        checking.record(point, drafter, key=key(), result="passed")
    fail(cast, self_check, key, 2, "名单没有更新")
    checking.finish(self_check, drafter, key=key(), summary="发现一个问题")
    self_check.refresh_from_db()
    document = Document(io.BytesIO(exports.docx_bytes(exports.report_tables(self_check, queries.points_of(self_check)))))
    words = "\n".join([p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells])
    assert all(part in words for part in ("自查报告", "问题清单", "名单没有更新", "发现一个问题", "整改完成率 0%"))


def test_the_page_of_a_check_costs_the_same_whatever_its_size(cast, self_check, inspection, django_assert_num_queries):
    for check in (self_check, inspection):
        with django_assert_num_queries(1):
            assert queries.points_of(check)
    head = cast.user("head")
    scope_of(head)
    with django_assert_num_queries(1):
        rows = list(queries.check_rows(head))
    assert {r.total for r in rows} == {16, 2}

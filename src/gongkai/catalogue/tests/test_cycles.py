"""Items become obligations through their cycle; versions open, end, move and reword them; states are computed from what was shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.catalogue import cycles, signals
from gongkai.catalogue.actions import catalogues
from gongkai.catalogue.models import Column, Item, ItemStandard
from gongkai.catalogue.states import item_states
from gongkai.catalogue.tests import making
from gongkai.catalogue.tests.keeping_making import QUARTERLY, fake_publications, in_force, key
from gongkai.clocks.periods import DueRule
from gongkai.journal.models import Entry
from gongkai.obligations import proving
from gongkai.obligations.models import Obligation, Series
from gongkai.obligations.origins import origin_of
from gongkai.obligations.periods import catch_up

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22 02:00:00+00:00", tick=False):
        yield


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Any:
    return fake_publications(monkeypatch)


def open_of(version: Any, code: str = "0001") -> list[Obligation]:
    item = Item.objects.get(catalogue=version.catalogue, code=code)
    return list(cycles.open_duties([item.pk], Obligation.objects.values_list("owner", flat=True)).order_by("pk"))


def item_of(version: Any, code: str = "0001") -> Item:
    return Item.objects.get(catalogue=version.catalogue, code=code)


def test_an_item_with_a_cycle_is_owed_each_period(cast: Any) -> None:
    version = in_force(cast.reform, QUARTERLY)
    (duty,) = open_of(version)
    assert (duty.owner, duty.period, duty.starts_on, duty.due_on) == (cast.reform, "2026-Q4", TODAY, date(2026, 12, 31))
    assert (duty.source, duty.document_id, duty.title) == ("catalogue", version.catalogue_id, "供水：事项1")
    assert duty.proof == {"kinds": ["publication"], "checks": ["published", "by_owner", "item"], "no_change": True}
    catch_up(date(2027, 4, 2))
    assert [row.period for row in open_of(version)] == ["2026-Q4", "2027-Q1", "2027-Q2"]


def test_an_item_without_a_cycle_stands_with_the_freshness_of_its_column(cast: Any) -> None:
    column = making.column(cast.reform, freshness_days=180)
    version = in_force(cast.reform, {}, {"column": column})
    (plain,), (fresh,) = open_of(version), open_of(version, "0002")
    assert plain.due_on is None and plain.standing == "信息形成或者变更之日起20个工作日内"
    assert fresh.freshness == {"n": 180, "unit": "days"} and fresh.due_on == date(2027, 5, 21)
    assert fresh.proof["column"] == column.name and "column" in fresh.proof["checks"]


def test_each_named_subject_owes_its_own_and_an_ended_one_is_followed_by_its_heir(cast: Any) -> None:
    version = making.version(cast.office, rows=0)
    row = making.row(version, 1, **QUARTERLY)
    row.subjects.set([cast.reform, cast.finance])
    cast.finance.valid_to, cast.finance.successor = date(2026, 10, 1), cast.human
    cast.finance.save()
    cycles.apply_version(version, None)
    assert {duty.owner for duty in open_of(version)} == {cast.reform, cast.human}


def test_what_is_opened_on_request_alone_asks_for_nothing(cast: Any) -> None:
    assert open_of(in_force(cast.reform, {"method": "on_request"} | QUARTERLY)) == []


@pytest.mark.parametrize(
    ("cycle", "limit", "rule"),
    [
        ("monthly", {"kind": "by_day", "n": 10, "unit": "month"}, DueRule("day_of", day=10)),
        ("yearly", {"kind": "by_day", "n": 31, "unit": "year", "month": 3}, DueRule("day_of", month=3, day=31)),
        ("quarterly", {"kind": "within", "n": 10, "unit": "working_days", "anchor": "季度结束后"}, DueRule("working_days_after", 10)),
        ("monthly", {"kind": "within", "n": 15, "unit": "days", "anchor": "每月终了之日"}, DueRule("days_after", 15)),
        ("monthly", {"kind": "within", "n": 20, "unit": "working_days", "anchor": ""}, DueRule()),
        ("yearly", {"kind": "by_day", "n": 10, "unit": "month"}, DueRule()),
        ("daily", {}, DueRule()),
    ],
)
def test_when_a_period_is_due_follows_from_the_printed_limit(cycle: str, limit: dict[str, Any], rule: DueRule) -> None:
    assert cycles.due_rule(ItemStandard(cycle=cycle, limit=limit)) == rule


def test_a_period_whose_day_has_gone_by_is_not_asked_for(cast: Any) -> None:
    version = in_force(cast.reform, {"cycle": "monthly", "limit": {"kind": "by_day", "n": 10, "unit": "month"}})
    assert open_of(version) == []
    catch_up(date(2026, 12, 1))
    assert [(row.period, row.due_on) for row in open_of(version)] == [("2026-12", date(2026, 12, 10))]


def test_applying_a_version_again_changes_nothing(cast: Any) -> None:
    version = in_force(cast.reform, QUARTERLY, {})
    entries, rows = Entry.objects.count(), list(Obligation.objects.order_by("pk").values())
    with time_machine.travel("2026-11-22 03:00:00+00:00", tick=False):
        cycles.apply_version(version, None)
    assert Entry.objects.count() == entries
    assert list(Obligation.objects.order_by("pk").values()) == rows


def test_a_dropped_item_ends_with_its_reason_and_what_was_late_stays(cast: Any) -> None:
    in_force(cast.reform, {"code": "0001"} | QUARTERLY, {"code": "0002"})
    catch_up(date(2027, 1, 10))
    with time_machine.travel("2027-01-10 02:00:00+00:00", tick=False):
        version = in_force(cast.reform, {"code": "0003"})
        assert [row.period for row in open_of(version)] == ["2026-Q4"], "late stays owed"
        assert open_of(version, "0002") == []
        series = Series.objects.get(subject_id=item_of(version).pk)
        assert series.closed_reason == f"《{version.catalogue.title}》第 2 版删去这一事项"


def test_a_changed_cycle_moves_and_a_dropped_item_taken_up_again_goes_on(cast: Any) -> None:
    in_force(cast.reform, {"code": "0001"} | QUARTERLY)
    second = in_force(cast.reform, {"code": "0001", "cycle": "monthly"})
    assert [row.period for row in open_of(second)] == ["2026-11"]
    assert Series.objects.get(cadence="quarterly").closed_reason.endswith("改定更新周期或者公开主体")
    third = in_force(cast.reform, {"code": "0002"})
    assert open_of(third, "0001") == []
    fourth = in_force(cast.reform, {"code": "0001", "cycle": "monthly"})
    assert [row.period for row in open_of(fourth)] == ["2026-11"] and Series.objects.get(cadence="monthly").closed_on is None


def test_reworded_items_reword_their_duties_and_a_standing_one_gets_its_freshness(cast: Any) -> None:
    version = in_force(cast.reform, {"code": "0001"}, {"code": "0002"} | QUARTERLY)
    column = making.column(cast.reform, freshness_days=30)
    Item.objects.filter(catalogue=version.catalogue).update(column=column)
    second = in_force(cast.reform, {"code": "0001", "level2": "新名称"}, {"code": "0002", "level2": "新名称"} | QUARTERLY)
    (standing,), (period,) = open_of(second), open_of(second, "0002")
    assert standing.title == period.title == Series.objects.get().title == "供水：新名称"
    assert standing.due_on == date(2026, 12, 22) and period.proof["column"] == column.name
    assert Entry.objects.filter(action="obligation.changed", object_id=str(standing.pk)).exists()


def test_a_publication_for_the_item_proves_its_period_and_one_for_another_does_not(cast: Any, pages: Any) -> None:
    version = in_force(cast.reform, QUARTERLY, QUARTERLY)
    first, second = item_of(version), item_of(version, "0002")
    (duty,) = open_of(version)
    wrong = proving.record_proves(duty, *pages.publish(1, TODAY, cast.reform, second.pk))
    assert wrong.result == "failed" and "没有对应到目录事项“供水：事项1”" in wrong.reason
    foreign = proving.record_proves(duty, *pages.publish(2, TODAY, cast.finance, first.pk))
    assert foreign.result == "failed"
    right = proving.record_proves(duty, *pages.publish(3, TODAY, cast.reform, first.pk, second.pk))
    duty.refresh_from_db()
    assert right.result == "passed" and duty.fulfilled_on == TODAY
    assert [row.pk for row in cycles.open_duties([first.pk, second.pk], [cast.reform.pk])] == [d.pk for d in open_of(version, "0002")]


def test_binding_an_item_to_another_column_checks_again_what_proved_it(cast: Any, pages: Any) -> None:
    version = in_force(cast.reform, QUARTERLY)
    item = item_of(version)
    (duty,) = open_of(version)
    row = proving.record_proves(duty, *pages.publish(1, TODAY, cast.reform, item.pk, column="别的栏目"))
    assert row.result == "passed"
    Obligation.objects.filter(pk=duty.pk).update(fulfilled_on=None)  # as long as it is open, what proves it is measured again
    item.column = making.column(cast.reform)
    item.save()
    signals.item_bound.send(Item, item=item, actor=cast.openness_officer)
    row.refresh_from_db()
    assert row.result == "failed" and "应当发布在“供水”" in row.reason


def test_approving_through_the_verb_opens_the_duties(cast: Any) -> None:
    version = making.version(cast.reform, cast.drafter, rows=2, cycle="quarterly", levels=["city"])
    catalogues.approve(version, cast.user("head"), key=key())
    assert len(open_of(version)) == 1 and len(open_of(version, "0002")) == 1


def test_states_never_fresh_stale_blank(cast: Any, pages: Any) -> None:
    version = in_force(cast.reform, QUARTERLY)
    item = item_of(version)
    (duty,) = open_of(version)

    def state(day: date = TODAY) -> Any:
        return item_states([item], day)[item.pk]

    assert state().code == "never" and state().words == "还没有公开过"
    assert state(date(2027, 1, 1)).words == "还没有公开过，应于 2026-12-31 前公开"
    proving.record_proves(duty, *pages.publish(1, TODAY, cast.reform, item.pk))
    assert (state().code, state().last_on) == ("fresh", TODAY)
    catch_up(date(2027, 4, 1))
    late = state(date(2027, 4, 1))
    assert (late.code, late.due_on) == ("stale", date(2027, 3, 31)) and "最近一次 2026-11-22" in late.words
    proving.withdraw_record("publication", 1, "内容有误")
    assert state().code == "blank"


def test_a_signed_declaration_of_no_change_keeps_the_duty_and_is_no_content(cast: Any) -> None:
    version = in_force(cast.reform, QUARTERLY)
    (duty,) = open_of(version)
    proving.hand_in(duty, cast.user("drafter"), key=key(), kind="no_change")
    proving.declare_no_change(duty, cast.user("head"), key())
    duty.refresh_from_db()
    assert duty.fulfilled_on == TODAY and item_states([item_of(version)], TODAY)[duty.subject_id].code == "never"


def test_states_cost_three_queries_however_many_items(cast: Any, django_assert_max_num_queries: Any) -> None:
    items = [Item.objects.get(pk=row.item_id) for row in in_force(cast.reform, *([QUARTERLY] * 12)).standards.all()]
    with django_assert_max_num_queries(3):
        assert len(item_states(items, TODAY)) == 12


def test_the_statements_of_a_version_do_not_grow_with_its_items(cast: Any, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(agency: Any, n: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            version = making.version(agency, rows=n, **QUARTERLY)
        with CaptureQueriesContext(connection) as seen:
            cycles.apply_version(version, None)
        return len(seen)

    assert cost(cast.finance, 30) <= cost(cast.reform, 3) + 2


def test_the_page_of_a_duty_shows_the_item_in_its_words(cast: Any, client: Any) -> None:
    version = in_force(cast.reform, QUARTERLY)
    (duty,) = open_of(version)
    origin = origin_of(duty, cast.user("drafter"))
    assert origin is not None and (origin.document, origin.words) == (version.catalogue.title, "供水：事项1")
    assert ("更新周期", "每季度") in origin.facts
    client.force_login(cast.drafter)
    page = client.get(f"/work/ledger/{duty.pk}/").content.decode()
    assert version.catalogue.title in page and origin.document_url in page and "对应这个目录事项" in page


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plans=st.lists(
        st.dictionaries(st.sampled_from(["0001", "0002", "0003"]), st.sampled_from(["", "monthly", "quarterly"]), max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_versions_follow_what_is_open_is_what_the_last_one_asks(cast: Any, plans: list[dict[str, str]]) -> None:
    from django.db import transaction

    with time_machine.travel("2026-11-22 02:00:00+00:00", tick=True), transaction.atomic():
        for plan in plans:
            version = in_force(cast.human, *({"code": code, "cycle": cycle} for code, cycle in plan.items()))
        open_rows = Obligation.objects.filter(source="catalogue", rule="", replaced_on__isnull=True, waived_at__isnull=True)
        found = {(Item.objects.get(pk=row.subject_id).code, row.series.cadence if row.series else "") for row in open_rows}
        assert found == set(plans[-1].items()) and open_rows.count() == len(plans[-1])
        going = Series.objects.filter(source="catalogue", closed_on__isnull=True)
        assert {row.cadence for row in going} == {cycle for cycle in plans[-1].values() if cycle}
        assert version.catalogue.versions.filter(state="current").count() == 1
        transaction.set_rollback(True)


def test_closing_a_column_asks_no_more_for_it(cast: Any) -> None:
    column = making.column(cast.reform)
    version = in_force(cast.reform, {"column": column} | QUARTERLY)
    Item.objects.filter(pk=item_of(version).pk).update(column=None)
    other = Column.objects.get(pk=column.pk)
    other.closed_on = timezone.localdate()
    other.save()
    cycles.refresh_items([item_of(version)], None)
    assert "column" not in open_of(version)[0].proof

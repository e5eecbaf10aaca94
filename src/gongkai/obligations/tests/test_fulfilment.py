"""`fulfilled_on` follows from the evidence that counts, whatever the order in which it was added, judged and withdrawn."""

from __future__ import annotations

import importlib
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.obligations import fulfilment, proving, queries
from gongkai.obligations.fulfilment import met_by, missing_quantity, progress_words
from gongkai.obligations.models import Evidence, Obligation, Step

D = [date(2026, 3, day) for day in range(1, 10)]
JUDGED, FILE = Evidence.Kind.JUDGEMENT, Evidence.Kind.FILE


def key():
    return str(uuid.uuid4())


def proof(on, quantity=1, kind=FILE, at=None, pk=0):
    return SimpleNamespace(on=on, at=at, quantity=Decimal(quantity), kind=kind, pk=pk)


@pytest.mark.parametrize(
    ("op", "value", "proofs", "met"),
    [
        ("", None, [proof(D[3]), proof(D[1])], D[1]),
        ("", None, [], None),
        (">=", 2, [proof(D[3]), proof(D[1])], D[3]),
        (">=", 2, [proof(D[1])], None),
        (">=", 2, [proof(D[1], 2)], D[1]),
        (">", 2, [proof(D[1], 2), proof(D[2])], D[2]),
        ("=", 2, [proof(D[1]), proof(D[2]), proof(D[3])], D[2]),
        ("=", 2, [proof(D[1], 3)], None),
        ("=", 2, [proof(D[1], 3), proof(D[4], kind=JUDGED)], D[4]),
        ("<=", 2, [proof(D[1]), proof(D[2])], None),  # nobody can count that nothing more will come
        ("<=", 2, [proof(D[1]), proof(D[5], kind=JUDGED)], D[5]),
        ("<", 2, [proof(D[1], kind=JUDGED)], D[1]),
    ],
)
def test_the_day_a_quota_is_met(op, value, proofs, met):
    found = met_by(proofs, op, Decimal(value) if value else None)
    assert (found.on if found else None) == met


def test_an_unknown_hour_is_the_last_of_its_day():
    at = timezone.make_aware(datetime(2026, 3, 2, 9, 0))
    known, unknown = proof(D[1], at=at, pk=2), proof(D[1], pk=1)
    assert met_by([unknown, known]) is known


@pytest.mark.parametrize(
    ("op", "value", "total", "words", "missing"),
    [
        (">=", "2", "1", "已有 1 次，还差 1 次", 1),
        (">=", "2", "2", "已有 2 次，要求的 2 次已够", 1),
        (">", "2", "2", "已有 2 次，要多于 2 次", 1),
        ("=", "2", "3", "已有 3 次，超过了要求的 2 次", 1),
        ("<=", "3", "1", "已有 1 次，要求不超过 3 次", 1),
        (">=", "10", "2.5", "已有 2.5 次，还差 7.5 次", Decimal("7.5")),
    ],
)
def test_progress_in_words_and_what_a_judgement_stands_for(op, value, total, words, missing):
    duty = Obligation(quota_op=op, quota_value=Decimal(value))
    assert progress_words(duty, Decimal(total)) == words
    assert missing_quantity(duty, [proof(D[0], Decimal(total))]) == missing
    assert progress_words(Obligation(), Decimal(1)) == ""


deeds = st.lists(
    st.tuples(st.sampled_from(["add", "pass", "fail", "withdraw"]), st.integers(0, 7), st.integers(0, 8), st.integers(1, 3)),
    min_size=1,
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds, st.sampled_from([("", None), (">=", 2), ("=", 3), (">", 1)]))
def test_any_order_gives_what_the_definition_says(cast, make_obligation, course, quota):
    """The model: a dict of (day, quantity, state). After every deed the row says what the definition says of the model."""
    duty = make_obligation(quota_op=quota[0], quota_value=quota[1])
    rows, model = [], {}
    for deed, which, day, quantity in course:
        if deed == "add":
            if duty.fulfilled_on and not quota[0]:
                continue
            row = proving.hand_in(
                duty, cast.drafter, key=key(), kind="address", url="https://a.example.org/", proves="页", on=D[day], quantity=quantity
            )
            rows.append(row)
            model[row.pk] = [D[day], quantity, "to_judge"]
        elif rows:
            row = rows[which % len(rows)]
            row.refresh_from_db()
            if deed == "withdraw" and not row.withdrawn_at:
                proving.withdraw(row, cast.drafter, key(), "撤")
                model[row.pk][2] = "withdrawn"
            elif deed in ("pass", "fail") and row.result == "to_judge" and not row.withdrawn_at:
                proving.judge(row, cast.openness_officer, key(), deed == "pass", "看过")
                model[row.pk][2] = deed
        duty.refresh_from_db()
        passed = sorted((on, pk, amount) for pk, (on, amount, state) in model.items() if state == "pass")
        total, expected = 0, None
        for on, _pk, amount in passed:
            total += amount
            reached = {"": True, ">=": total >= 2, "=": total == 3, ">": total > 1}[quota[0]]
            if expected is None and reached:
                expected = on
        assert duty.fulfilled_on == expected
        assert duty.shown_on == max((on for on, _pk, _amount in passed), default=None)
    assert proving.settle_proof(duty) == ()


days = st.integers(-20, 20).map(lambda n: date(2026, 2, 10) + timedelta(n))
clocks = st.builds(
    dict,
    starts_on=days,
    due=st.none() | st.tuples(days, st.none() | st.integers(0, 23)),
    suspended=st.booleans(),
    done=st.none() | st.tuples(days, st.none() | st.integers(0, 23)),
    place=st.sampled_from(["city", "east"]),
)


def moment(day, hour):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, 30)) if hour is not None else None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(clocks, min_size=1, max_size=10), st.integers(0, 23), st.integers(0, 9))
def test_sql_and_python_agree_on_suspension_hours_and_the_windows_of_places(cast, rows, hour, window):
    now = moment(date(2026, 2, 10), hour)
    Obligation.objects.all().delete()
    type(cast.east).objects.filter(pk=cast.east.pk).update(due_soon_days=window)
    cast.east.refresh_from_db()
    made = []
    for n, row in enumerate(rows, 1):
        due = None if row["suspended"] else row["due"]
        made.append(
            Obligation(
                jurisdiction=getattr(cast, row["place"]),
                owner=cast.reform,
                source="plan_task",
                subject_id=n,
                title=f"第{n}项",
                starts_on=row["starts_on"],
                due_on=due[0] if due else None,
                due_at=moment(*due) if due else None,
                suspended_on=row["starts_on"] if row["suspended"] else None,
                standing="" if due or row["suspended"] else "长期",
                fulfilled_on=row["done"][0] if row["done"] else None,
                fulfilled_at=moment(*row["done"]) if row["done"] else None,
            )
        )
    Obligation.objects.bulk_create(made)
    today = timezone.localdate(now)
    expected = {o.subject_id: queries.state_of(o, today, queries.edge_of(o, today), now) for o in made}
    assert {o.subject_id: o.state for o in queries.with_state(Obligation.objects.all(), today, now=now)} == expected


def test_quota_totals_cost_one_query(cast, make_obligation):
    def cost(n):
        rows = [make_obligation(quota_op=">=", quota_value=2) for _ in range(n)]
        Evidence.objects.bulk_create(
            Evidence(obligation=row, kind="judgement", proves="x", on=D[0], result="passed", handed_at=timezone.now(), key=key())
            for row in rows
        )
        with CaptureQueriesContext(connection) as found:
            totals = fulfilment.totals_of(rows)
        assert set(totals.values()) == {Decimal(1)}
        return len(found)

    assert cost(2) == cost(20) == 1
    assert fulfilment.totals_of([make_obligation()]) == {}


def test_the_migration_makes_a_judgement_of_every_passed_check(cast, make_obligation):
    """As before evidence decided: fulfilled rows with a passed step, one whose result a new plan took over, an open one."""
    passed, taken, still_open = (make_obligation(fulfilled_on=day) for day in (D[1], D[2], None))
    at = timezone.make_aware(datetime(2026, 3, 3, 9, 0))
    link = "https://www.example.gov.cn/a"
    Step.objects.create(obligation=passed, kind="completion", actor=cast.drafter, at=at, done_on=D[1], link=link, text="好了", key=key())
    Step.objects.create(obligation=passed, kind="passed", actor=cast.openness_officer, at=at + timedelta(hours=1), text="属实", key=key())
    migration = importlib.import_module("gongkai.obligations.migrations.0003_judgements")
    migration.judgements(apps, None)
    migration.judgements(apps, None)  # again is harmless
    row = passed.evidence.get()
    assert (row.kind, row.on, row.checked_by, row.handed_by, row.reason) == ("judgement", D[1], cast.openness_officer, cast.drafter, "属实")
    assert taken.evidence.get().on == D[2]
    assert not still_open.evidence.exists()
    for duty, day in ((passed, D[1]), (taken, D[2]), (still_open, None)):
        proving.settle_proof(duty)
        duty.refresh_from_db()
        assert (duty.fulfilled_on, duty.shown_on) == (day, day)

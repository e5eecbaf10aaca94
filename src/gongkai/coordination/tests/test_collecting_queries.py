"""State as one SQL expression, the matrix, what waits for whom: right, scoped, and constant in queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from gongkai.coordination.actions import collecting as actions
from gongkai.coordination.models import Submission
from gongkai.coordination.queries import collecting
from gongkai.obligations.queries import due_soon_edge

TODAY = timezone.localdate()


@pytest.fixture
def in_every_state(cast, make_collection, key, paper):
    """One collection past its day and one to come, with a row in each state."""
    officer, drafter = cast.user("openness_officer"), cast.user("drafter")
    past = make_collection(title="过去", due_on=TODAY - timedelta(3), items=["a", "b", "c", "d", "e"], agencies=[cast.reform])
    rows = {row.item: row for row in past.submissions.all()}
    actions.submit(rows["a"], drafter, key=key(), file=paper(), at=timezone.now() - timedelta(5))
    actions.receive(rows["a"], officer, key=key())
    actions.submit(rows["b"], drafter, key=key(), file=paper())
    actions.receive(rows["b"], officer, key=key())
    actions.submit(rows["c"], drafter, key=key(), file=paper())
    actions.submit(rows["d"], drafter, key=key(), file=paper())
    actions.return_submission(rows["d"], officer, key=key(), reason="补正")
    make_collection(title="将来", due_on=TODAY + timedelta(60), items=["f"], agencies=[cast.reform])
    make_collection(title="就要", due_on=TODAY + timedelta(1), items=["g"], agencies=[cast.reform])
    return past


EXPECTED = {
    "a": "received",
    "b": "received_late",
    "c": "submitted",
    "d": "returned",
    "e": "overdue",
    "f": "not_due",
    "g": "due_soon",
}


def test_state_in_sql_is_state_in_words(in_every_state):
    edge = due_soon_edge(TODAY, settings.DUE_SOON_DAYS)
    rows = collecting.with_state(Submission.objects.select_related("collection"))
    assert {row.item: row.state for row in rows} == EXPECTED
    assert all(row.state == collecting.state_of(row, TODAY, edge) for row in rows)
    assert sum(collecting.counts(rows).values()) == 7 and set(collecting.counts(rows)) == set(collecting.STATE_WORDS)


def test_what_waits_for_the_unit_and_for_the_office(cast, in_every_state):
    mine = collecting.to_submit(cast.user("drafter"))
    assert [row.item for row in mine] == ["d", "e", "g", "f"], "most urgent first"
    assert [row.item for row in collecting.to_receive(cast.user("openness_officer"))] == ["c"]
    for who in ("secrecy_reviewer", "other_officer", "county_officer", "citizen"):
        assert not collecting.to_submit(cast.user(who)).exists()


def test_the_matrix_costs_the_same_whatever_its_size(cast, make_collection, django_assert_num_queries):
    officer = cast.user("openness_officer")
    for n, items in ((1, ["一"]), (2, [f"材料{i}" for i in range(12)])):
        made = make_collection(title=f"收集{n}", items=items, reach="all", agencies=())
        collecting.rows_of(made, officer).first()
        with django_assert_num_queries(2):
            table = collecting.matrix(made, list(collecting.rows_of(made, officer)))
        assert len(table.rows) == 5 and all(cell is not None for row in table.rows for cell in row.cells)


def test_the_list_costs_the_same_whatever_its_size(cast, make_collection, django_assert_num_queries):
    officer = cast.user("openness_officer")
    for n in range(3):
        make_collection(title=f"收集{n}", reach="all", agencies=())
        collecting.collection_rows(officer)
        with django_assert_num_queries(2):
            assert len(collecting.collection_rows(officer)) == n + 1


def test_reminders_are_counted_for_the_unit_they_were_sent_to(cast, make_collection, key):
    made = make_collection(due_on=TODAY - timedelta(1))
    for _ in range(2):
        actions.remind(made, cast.user("openness_officer"), key=key(), agencies=[cast.reform])
    assert {row.reminders for row in collecting.to_submit(cast.user("drafter"))} == {2}
    assert {row.reminders for row in collecting.to_submit(cast.user("other_officer"))} == {0}

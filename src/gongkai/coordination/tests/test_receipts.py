"""Receipt numbers: one series a place and year, no gap, no number twice, whoever presses when."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Jurisdiction
from gongkai.coordination import receipts
from gongkai.coordination.actions import collecting
from gongkai.coordination.models import ReceiptSeries, Submission

YEAR = timezone.localdate().year


def test_the_series_begins_anew_every_year(cast):
    with transaction.atomic():
        numbers = [receipts.next_receipt(cast.city, day) for day in (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 1))]
    assert numbers == ["清河公收〔2026〕1号", "清河公收〔2026〕2号", "清河公收〔2027〕1号"]


def test_places_of_the_same_short_name_do_not_share_numbers(cast):
    other = Jurisdiction.objects.create(code="990221", name="东山县", short_name="东山", level="county", parent=cast.elsewhere)
    with transaction.atomic():
        numbers = [receipts.next_receipt(place, date(2026, 5, 1)) for place in (cast.east, other, cast.east, other)]
    assert numbers == ["东山公收〔2026〕1号", "远山东山公收〔2026〕1号", "东山公收〔2026〕2号", "远山东山公收〔2026〕2号"]


def test_a_place_sets_its_own_words_and_the_numbers_run_on(cast, key):
    officer = cast.user("openness_officer")
    with transaction.atomic():
        receipts.next_receipt(cast.city, timezone.localdate())
    collecting.set_receipt_prefix(cast.city, officer, key=key(), prefix="清公收")
    with transaction.atomic():
        assert receipts.next_receipt(cast.city, timezone.localdate()) == f"清公收〔{YEAR}〕2号"
        assert receipts.next_receipt(cast.city, date(YEAR + 1, 1, 4)) == f"清公收〔{YEAR + 1}〕1号", "the words stay the next year"


@pytest.mark.parametrize("words", ["", " ", "清〔公", "字" * 31, "{n}", "零\x00"])
def test_words_that_would_break_a_number_are_refused(cast, key, words):
    with pytest.raises(ActionRefused):
        collecting.set_receipt_prefix(cast.city, cast.user("openness_officer"), key=key(), prefix=words)


def test_the_words_of_another_place_are_refused_and_not_set_by_others(cast, key):
    collecting.set_receipt_prefix(cast.east, cast.user("county_officer"), key=key(), prefix="东公收")
    with pytest.raises(ActionRefused, match="其他地区"):
        collecting.set_receipt_prefix(cast.city, cast.user("openness_officer"), key=key(), prefix="东公收")
    with pytest.raises(NotAllowed):
        collecting.set_receipt_prefix(cast.city, cast.user("county_officer"), key=key(), prefix="清公收")


@pytest.mark.django_db(transaction=True)
def test_many_received_at_once_get_different_numbers_without_a_gap(transactional_db, cast, make_collection, key, paper, together):
    made = make_collection(items=["一", "二", "三", "四"], agencies=[cast.reform, cast.finance])
    for row in made.submissions.all():
        collecting.submit(row, cast.user("drafter" if row.agency == cast.reform else "other_officer"), key=key(), file=paper())
    rows = list(made.submissions.all())
    people = [cast.user("openness_officer" if n % 2 else "openness_colleague") for n in range(len(rows))]
    results = together(
        *(lambda row=row, who=who, n=n: collecting.receive(row, who, key=f"all-{n}") for n, (row, who) in enumerate(zip(rows, people)))  # noqa: B905
    )
    assert not [r for r in results if isinstance(r, BaseException)], results
    numbers = [int(re.search(r"〕(\d+)号", r.receipt)[1]) for r in results]
    assert sorted(numbers) == list(range(1, len(rows) + 1))
    assert ReceiptSeries.objects.get().last == len(rows)


@pytest.mark.django_db(transaction=True)
def test_one_form_pressed_at_once_gives_one_receipt(transactional_db, cast, row, key, paper, together):
    collecting.submit(row, cast.user("drafter"), key=key(), file=paper())
    officer = cast.user("openness_officer")
    results = together(*[lambda: collecting.receive(row, officer, key="same")] * 4)
    assert not [r for r in results if isinstance(r, BaseException)], results
    assert {r.receipt for r in results} == {f"清河公收〔{YEAR}〕1号"}


@pytest.mark.django_db(transaction=True)
def test_two_people_receive_one_paper_and_it_has_one_number(transactional_db, cast, row, key, paper, together):
    collecting.submit(row, cast.user("drafter"), key=key(), file=paper())
    one, two = cast.user("openness_officer"), cast.user("openness_colleague")
    results = together(lambda: collecting.receive(row, one, key="a"), lambda: collecting.receive(row, two, key="b"))
    refused = [r for r in results if isinstance(r, BaseException)]
    assert len(refused) == 1 and isinstance(refused[0], ActionRefused) and "已经签收" in str(refused[0])
    assert Submission.objects.exclude(receipt="").count() == 1 and ReceiptSeries.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_everybody_is_reminded_once_when_the_button_is_pressed_twice_at_once(transactional_db, cast, make_collection, together):
    made = make_collection(due_on=timezone.localdate() - timedelta(1))
    officer = cast.user("openness_officer")
    results = together(*[lambda: collecting.remind(made, officer, key="same")] * 3)
    assert not [r for r in results if isinstance(r, BaseException)], results
    assert made.reminders.count() == 4

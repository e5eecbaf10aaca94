"""The worked examples of the tariff, and what must hold of any tariff."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.formats.processing_fee import FeeError, by_items, by_month, by_pages, tariff_on

DAY = date(2026, 3, 9)
COUNTS = st.integers(0, 2000)


def test_the_worked_examples():
    assert by_items(45, DAY).amount == 5500
    assert by_pages(250, DAY).amount == 4700


@pytest.mark.parametrize(
    ("items", "amount"), [(0, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (40, 4000), (41, 4300), (50, 7000), (51, 7400)]
)
def test_items_at_the_edges_of_the_bands(items, amount):
    assert by_items(items, DAY).amount == amount


@pytest.mark.parametrize(("pages", "amount"), [(30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740)])
def test_pages_at_the_edges_of_the_bands(pages, amount):
    assert by_pages(pages, DAY).amount == amount


def test_the_fee_explains_itself():
    assert str(by_items(45, DAY)) == (
        "第1至10件：不收费；第11至30件：20件×100元=2000元；第31至40件：10件×200元=2000元；第41至45件：5件×300元=1500元；"
        "合计5500元（国办函〔2020〕109号）。"
    )


@given(COUNTS)
def test_the_price_of_one_more_never_falls(units):
    for fee in (by_items, by_pages):
        one, two, three = (fee(units + more, DAY).amount for more in range(3))
        assert 0 <= two - one <= three - two


@given(COUNTS, COUNTS)
def test_items_of_one_month_add_up_however_they_came(first, more):
    assert by_items(first, DAY).amount + by_items(more, DAY, before=first).amount == by_items(first + more, DAY).amount


@given(st.lists(st.dates(date(2021, 1, 1), date(2021, 6, 30)), max_size=80))
def test_months_are_separate(days):
    fees = by_month(days)
    assert sum(line.units for fee in fees.values() for line in fee.lines) == len(days)
    for (year, month), fee in fees.items():
        assert fee.amount == by_items(sum((day.year, day.month) == (year, month) for day in days), date(year, month, 1)).amount


def test_what_cannot_be_reckoned_is_said():
    assert tariff_on(date(2021, 1, 1)).id == "2020"
    for wrong in (lambda: by_items(-1, DAY), lambda: by_pages(10**9, DAY), lambda: by_items(1, date(2020, 12, 31))):
        with pytest.raises(FeeError, match="。$"):
            wrong()

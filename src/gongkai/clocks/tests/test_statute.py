"""Lunar festivals and statutory days against `holidays`, which has tables of its own, and against the notices."""

from datetime import date
from importlib import resources

import pytest
from holidays.calendars.chinese import _ChineseLunisolar

from gongkai.clocks import astronomy
from gongkai.clocks.statute import lunar_table, statutory_days, version_for
from gongkai.clocks.tables import packaged, warnings

YEARS = range(1999, 2061)


@pytest.mark.parametrize("festival, table", [
    ("spring", _ChineseLunisolar.LUNAR_NEW_YEAR_DATES),
    ("dragon_boat", _ChineseLunisolar.DRAGON_BOAT_DATES),
    ("mid_autumn", _ChineseLunisolar.MID_AUTUMN_DATES),
])  # fmt: skip
def test_lunar_festivals_agree_with_holidays(festival, table):
    assert {y: lunar_table()[y][festival] for y in YEARS} == {y: date(y, *table[y]) for y in YEARS}


def test_qingming_agrees_with_holidays():
    days = _ChineseLunisolar()
    assert {y: lunar_table()[y]["qingming"] for y in YEARS} == {y: days.qingming_date(y)[0] for y in YEARS}


def test_the_committed_table_is_what_the_script_writes():
    assert resources.files("gongkai.clocks").joinpath("data/lunar.toml").read_text("utf-8") == astronomy.table()


def test_no_qingming_is_nearer_to_midnight_than_the_method_is_good():
    for year in YEARS:
        hour = (astronomy.term(year, 15) + 8 / 24 - 0.5) % 1 * 24
        assert min(hour, 24 - hour) > 1 / 3, year


def test_a_leap_month_is_left_out():
    """2033: the leap month follows the eleventh, which naive rules put after the seventh; Mid-Autumn is 8 September."""
    assert astronomy.festivals(2033)["mid_autumn"] == date(2033, 9, 8)
    assert astronomy.festivals(2034)["spring"] == date(2034, 2, 19)


def test_statutory_days_of_2027():
    days = [date(2027, m, d) for m, d in [
        (1, 1), (2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (5, 1), (5, 2), (6, 9), (9, 15), (10, 1), (10, 2), (10, 3),
    ]]  # fmt: skip
    assert list(statutory_days(2027)) == days and len(days) == 13


@pytest.mark.parametrize(
    "year, days, decree", [(2007, 10, "270"), (2008, 11, "513"), (2013, 11, "513"), (2014, 11, "644"), (2025, 13, "795")]
)
def test_the_version_of_the_year_governs(year, days, decree):
    assert len(statutory_days(year)) == days and decree in version_for(year).decree


def test_every_notice_pays_for_its_days_off():
    """Weekdays off are statutory days or made up on a weekend: true of every year since 2004, and a check on the typing."""
    assert {row.citation: warnings(row) for row in packaged() if warnings(row)} == {}

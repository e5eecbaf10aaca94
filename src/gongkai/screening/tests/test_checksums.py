"""Check digits against arithmetic of their own, and what a slip of the pen does to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gongkai.screening import checksums, masking
from gongkai.screening.text import scan
from tests.screening_set import credit, luhn, resident

REGIONS = st.sampled_from(["110101", "330102", "650102", "440305", "810000"])
DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))
BODIES = st.builds(lambda region, day, serial: f"{region}{day:%Y%m%d}{serial:03}", REGIONS, DAYS, st.integers(0, 999))
DIGITS = st.text("0123456789", min_size=14, max_size=18)
CREDIT = st.builds(
    "{}{}{}".format, st.sampled_from(["91", "11", "53"]), REGIONS, st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9)
)


@given(BODIES)
def test_an_identity_number_is_accepted_by_a_second_arithmetic(body):
    number = resident(body)
    assert checksums.id_check_digit(body) == number[-1]
    assert checksums.is_id18(number) and checksums.is_id18(number.lower())


@given(BODIES, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_noticed(body, place, digit):
    number = resident(body)
    assume(number[place] != digit)
    assert not checksums.is_id18(number[:place] + digit + number[place + 1 :])


@given(BODIES, st.integers(0, 16))
def test_two_digits_changed_round_are_noticed(body, place):
    number = resident(body)
    assume(number[place] != number[place + 1])
    assert not checksums.is_id18(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@pytest.mark.parametrize("birth", ["19990229", "19900431", "19901301", "19900100", "18010101", "29900101"])
def test_the_birthday_must_have_been(birth):
    assert not checksums.is_id18(resident(f"330102{birth}123"))


def test_nobody_is_born_tomorrow():
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    assert not checksums.is_id18(resident(f"330102{tomorrow:%Y%m%d}123"))
    assert not checksums.is_id18(resident("99010219900307123"))


@given(DIGITS)
def test_luhn_by_a_second_arithmetic_and_one_wrong_digit(body):
    number = luhn(body)
    assert checksums.is_luhn(number)
    for place, digit in enumerate(number):
        assert not checksums.is_luhn(number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :])


def test_a_card_needs_the_form_of_an_issuer():
    assert checksums.is_bank_card(luhn("621700123456789012"))
    assert not checksums.is_bank_card(luhn("7" * 15))
    assert not checksums.is_bank_card(luhn("41111111111111111"))  # 18 digits, where that issuer uses 16


@given(CREDIT)
def test_credit_codes_by_a_second_arithmetic(body):
    code = credit(body)
    assert checksums.is_credit_code(code)
    last = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    assert not checksums.is_credit_code(code[:17] + last[(last.index(code[17]) + 1) % 31])


@given(
    BODIES, st.sampled_from(["", " ", "-", "　", "\xa0"]), st.text("的了在是和，。\n", max_size=6), st.text("的了在是和，。\n", max_size=6)
)
def test_found_however_it_is_spaced_and_never_shown(body, gap, before, after):
    number = resident(body)
    written = gap.join((number[:6], number[6:14], number[14:]))
    text = f"{before}{written}{after}"
    hits = [hit for hit in scan(text) if hit.rule == "id_number.18"]
    assert [(hit.start, hit.end) for hit in hits] == [(len(before), len(before) + len(written))]
    assert hits[0].masked == masking.id_number(number) and number not in masking.apply(text, hits)


@given(st.text("0123456789X- 　元年月号〔〕张路村组密@.aE浙A《》（）\n", max_size=200))
def test_hits_lie_in_the_text_and_masking_keeps_the_rest(text):
    hits = scan(text)
    assert all(0 <= hit.start <= hit.end <= len(text) for hit in hits)
    assert masking.apply(text, []) == text
    if not hits:
        assert masking.apply(text, hits) == text

"""Check digits: resident identity numbers (GB 11643), bank cards (ISO/IEC 7812), unified social credit codes (GB 32100)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from gongkai.screening.rules import numbering

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {char: value for value, char in enumerate(_CREDIT_CHARS)}
_CREDIT_WEIGHTS = tuple(pow(3, power, 31) for power in range(17))
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
OLDEST = 1880
_BEIJING = timezone(timedelta(hours=8))


def id_check_digit(body: str) -> str:
    """The 18th character for 17 digits."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def has_id_form(number: str) -> bool:
    """18 characters whose region is a province and whose birthday existed and is not in the future; the check digit is not asked."""
    return len(number) == 18 and number[:17].isdecimal() and number[:2] in numbering().provinces and _born(number[6:14])


def is_id18(number: str) -> bool:
    """A resident identity number of 18 characters, the last one a digit or X."""
    return has_id_form(number) and id_check_digit(number[:17]) == number[17].upper()


def is_id15(number: str) -> bool:
    """The form in use until 1999: no check digit, two digits of the year (19xx)."""
    return len(number) == 15 and number.isdecimal() and number[:2] in numbering().provinces and _born("19" + number[6:12])


def luhn_digit(body: str) -> str:
    """The digit that makes `body` pass `is_luhn`."""
    total = sum(_DOUBLED[int(digit)] if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_luhn(number: str) -> bool:
    return luhn_digit(number[:-1]) == number[-1]


def is_bank_card(number: str) -> bool:
    """Luhn, and a length that the issuer's leading digits allow."""
    return number.isdecimal() and is_luhn(number) and has_card_form(number)


def has_card_form(number: str) -> bool:
    return any(number.startswith(prefix) and len(number) in lengths for prefix, lengths in numbering().cards)


def credit_check_char(body: str) -> str:
    """The 18th character for 17."""
    rest = sum(_CREDIT_VALUES[char] * weight for char, weight in zip(body, _CREDIT_WEIGHTS, strict=True)) % 31
    return _CREDIT_CHARS[-rest % 31]


def is_credit_code(code: str) -> bool:
    """A unified social credit code: registering department, kind, region, body code and check character."""
    if len(code) != 18 or not all(char in _CREDIT_VALUES for char in code) or not code[2:8].isdecimal():
        return False
    return code[2:4] in numbering().credit_regions and credit_check_char(code[:17]) == code[17]


def _born(written: str) -> bool:
    try:
        day = date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return day.year >= OLDEST and day <= datetime.now(_BEIJING).date()

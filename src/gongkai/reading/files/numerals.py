"""Numbers as Word writes them in automatic numbering: one function for each numFmt that official documents use."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_UNITS = "十百千"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_UNITS = "拾佰仟"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}


def written(number: int, style: str) -> str:
    """`number` in the numFmt `style`. Styles nobody uses in Chinese, and numbers a style cannot write, come out in digits."""
    if style == "none":
        return ""
    convert = _STYLES.get(style)
    return (convert(number) if convert and number > 0 else "") or str(number)


def counting(number: int) -> str:
    """一, 十一, 一百二十: numbers to 9999 as spoken. 二十 and never 廿."""
    return _spoken(number, _DIGITS.replace("〇", "零"), _UNITS).removeprefix("一" if 10 <= number < 20 else "")


def _spoken(number: int, digits: str, units: str) -> str:
    if number >= 10_000:
        return ""
    out = ""
    gap = False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            gap = bool(out)
            continue
        out += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = False
    return out


def _counting_then_digits(number: int) -> str:
    """chineseCounting: spoken to 99, digit by digit after."""
    return counting(number) if number < 100 else _digitwise(number)


def _digitwise(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _legal(number: int) -> str:
    return _spoken(number, _LEGAL_DIGITS, _LEGAL_UNITS)


def _letters(number: int) -> str:
    # Word goes A, B … Z, AA, BB … and not AA, AB.
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (times + 1) if times < 20 else ""


def _roman(number: int) -> str:
    if number >= 4000:
        return ""
    out = ""
    for value, letters in _ROMAN.items():
        while number >= value:
            out += letters
            number -= value
    return out


def _from(*ranges: tuple[int, int, int]) -> Callable[[int], str]:
    """Characters that stand in a row in Unicode: (first number, last number, code point of the first)."""

    def convert(number: int) -> str:
        return next((chr(code + number - first) for first, last, code in ranges if first <= number <= last), "")

    return convert


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda number: characters[(number - 1) % len(characters)]


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in str(number))


_circled = _from((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))

_STYLES: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _from((1, 20, 0x2488)),
    "decimalEnclosedParen": _from((1, 20, 0x2474)),
    "chineseCounting": _counting_then_digits,
    "chineseCountingThousand": counting,
    "japaneseCounting": counting,
    "taiwaneseCounting": counting,
    "taiwaneseCountingThousand": counting,
    "ideographDigital": _digitwise,
    "taiwaneseDigital": _digitwise,
    "japaneseDigitalTenThousand": _digitwise,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _from((1, 10, 0x3280)),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
}

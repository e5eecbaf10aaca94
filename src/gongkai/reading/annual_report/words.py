"""Labels and numbers as people write them, made comparable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from rapidfuzz import fuzz

from gongkai.formats.annual_report.layout import layouts
from gongkai.formats.annual_report.model import Value
from gongkai.formats.chinese import simplify

_NUMBERED = re.compile(r"^(?:\([一二三四五六七八九十\d]{1,2}\)|[一二三四五六七八九十]{1,2}[、.]|\d{1,2}[.、,)]|[①-⑳])")
_NOT_WORDS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"([+-]?)(\d+(?:\.\d+)?)(?:件|宗|项|个|次|条|万元|元)?")
_SIGNS = (("增加", "+"), ("新增", "+"), ("增", "+"), ("↑", "+"), ("减少", "-"), ("减", "-"), ("↓", "-"))
"""How a change is written (本年增/减 of the layout of 2019)."""
_SAME = frozenset({"持平", "不变", "无变化", "无增减"})
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ALIKE = 85
"""rapidfuzz ratio from which two labels are the same one with a slip of the pen."""
_TELLING = 5
"""Characters from which the beginning of a label tells which it is."""


def squeezed(text: str) -> str:
    """Half-width, without any white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def key(label: str) -> str:
    """A label without its number and punctuation."""
    return _NOT_WORDS.sub("", simplify(_NUMBERED.sub("", squeezed(label))))


def value(text: str) -> Value:
    """What stands in a cell. White space and full width are no part of a number; anything else is kept as written."""
    written = squeezed(text)
    if written in _SAME:
        return Value(0, written)
    plain = next((sign + written.removeprefix(words) for words, sign in _SIGNS if written.startswith(words)), written)
    found = _NUMBER.fullmatch(_THOUSANDS.sub("", plain.replace("−", "-")))
    if not found:
        return Value(None, written)
    sign = -1 if found[1] == "-" else 1
    return Value(sign * (Decimal(found[2]) if "." in found[2] else int(found[2])), written)


def is_number_like(text: str) -> bool:
    one = value(text)
    return one.number is not None or one.is_empty


def match(label: str, known: Mapping[str, str]) -> str | None:
    """The code whose key the label has, begins with, or differs from by a slip. None where nothing is near."""
    given = key(label)
    if not given or given in known:
        return known.get(given)
    for one, code in known.items():
        if min(len(one), len(given)) >= _TELLING and (one.startswith(given) or given.startswith(one)):
            return code
    best = max(known, key=lambda one: fuzz.ratio(one, given))
    return known[best] if fuzz.ratio(best, given) >= _ALIKE else None


@cache
def three_rows() -> Mapping[str, str]:
    """Key of a label → row of table three, of both layouts (they number their rows alike)."""
    found: dict[str, str] = {}
    for layout in layouts().values():
        for row in layout.three_rows:
            found.setdefault(key(row.label), row.code)
            found.setdefault(key(row.label.split("（区分", 1)[0]), row.code)
    return found


@cache
def three_columns() -> Mapping[str, str]:
    return {key(column.label): column.code for layout in layouts().values() for column in layout.three_columns}


@cache
def two_rows() -> Mapping[str, str]:
    return {key(row.label): row.code for layout in layouts().values() for block in layout.two for row in block.rows}


_TWO_COLUMNS = (
    ("采购总金额", "amount"),
    ("采购项目", "projects"),
    ("收费金额", "fees"),
    ("处理决定", "decisions"),
    ("上一年", "before"),
    ("上年", "before"),
    ("增", "change"),
    ("废止", "abolished"),
    ("现行有效", "valid"),
    ("公开总", "valid"),
    ("新公开", "published"),
    ("制发", "made"),
    ("制作", "made"),
)


def two_column(heading: str) -> str | None:
    """The column of table two that a heading means."""
    given = key(heading)
    return next((code for words, code in _TWO_COLUMNS if words in given), None)


@cache
def four_results() -> Mapping[str, str]:
    return {key(result.label): result.code for layout in layouts().values() for result in layout.four_results}

"""索引号: made after a pattern that a place sets, read back and checked.

Patterns are made of plain text and `{code}` (organ or credit code), `{place}` (行政区划代码), `{year}`, `{month}`, `{n}` or `{n:05d}`
(the serial). Grammars in the field: 000014349/2022-00039, 11441700007280420Y/2021-00050, 11341702486344515H/202110-00013; and one live
defect, 11370300MB28646707/2021-None, which no pattern lets through.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from datetime import date

DEFAULT_PATTERN = "{code}/{year}-{n:05d}"
LONGEST = 80
_FIELDS = {"code": r"[0-9A-Za-z-]{1,40}", "place": r"[0-9]{2,12}", "year": r"(?:19|20)[0-9]{2}", "month": r"(?:0[1-9]|1[0-2])"}
_SERIAL = re.compile(r"^(?:0?([1-9]))?d?$")
_PLAIN = re.compile(r"^[0-9A-Za-z一-鿿〔〕\[\]()（）/_.-]*$")
_NOTHING = re.compile(r"none|null|undefined|nan(?![a-z])|[{}]", re.IGNORECASE)


def reasons(pattern: str) -> list[str]:
    """Why a pattern cannot be used; empty when it can."""
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError:
        return ["索引号格式里的花括号不成对"]
    found = []
    names = [name for _, name, _, _ in parts if name is not None]
    if strange := [name for name in names if name not in (*_FIELDS, "n")]:
        found.append(f"索引号格式里不认识 {{{strange[0]}}}，可以用 {{code}}、{{place}}、{{year}}、{{month}}、{{n:05d}}")
    if names.count("n") != 1:
        found.append("索引号格式里要有一个 {n:05d}，也只能有一个，它是流水号")
    if any(text and not _PLAIN.match(text) for text, _, _, _ in parts):
        found.append("索引号格式里只能有字母、数字、汉字、括号和 / - _ .")
    if any(conversion or (spec and (name != "n" or not _SERIAL.match(spec))) for _, name, spec, conversion in parts):
        found.append("位数只能写在流水号上，如 {n:05d}")
    if "code" not in names and "place" not in names:
        found.append("索引号格式里要有 {code} 或 {place}，否则各单位的号会重复")
    if len(pattern) > LONGEST:
        found.append(f"索引号格式不能超过 {LONGEST} 个字符")
    return found


def usable(number: str) -> bool:
    """Whether an index number from elsewhere can be kept: something is in it, and nothing a program failed to fill in."""
    return bool(number.strip()) and len(number) <= LONGEST and _PLAIN.match(number) is not None and not _NOTHING.search(number)


@dataclass(frozen=True, slots=True)
class IndexPattern:
    """A pattern that `reasons` let through."""

    pattern: str = DEFAULT_PATTERN

    def period(self, code: str, place: str, on: date) -> str:
        """What the serial counts within: everything but the serial, filled in."""
        return "".join(self._filled(code, place, on, None))

    def number(self, code: str, place: str, on: date, n: int) -> str:
        """Raises ValueError for a number that would not be usable (no code, a serial below 1, too long)."""
        made = "".join(self._filled(code, place, on, n))
        if n < 1 or ("{code}" in self.pattern and not code) or ("{place}" in self.pattern and not place) or not usable(made):
            raise ValueError(f"no index number can be made after {self.pattern}: {made!r}")
        return made

    def matches(self, number: str) -> bool:
        return usable(number) and re.fullmatch(self._expression(), number) is not None

    def _filled(self, code: str, place: str, on: date, n: int | None) -> list[str]:
        values = {"code": code, "place": place, "year": f"{on.year:04}", "month": f"{on.month:02}"}
        made = []
        for text, name, spec, _ in string.Formatter().parse(self.pattern):
            made.append(text)
            if name == "n":
                made.append("*" if n is None else format(n, spec or "d"))
            elif name is not None:
                made.append(values[name])
        return made

    def _expression(self) -> str:
        made = []
        for text, name, spec, _ in string.Formatter().parse(self.pattern):
            made.append(re.escape(text))
            if name == "n":
                width = _SERIAL.match(spec or "")
                made.append(f"[0-9]{{{width.group(1)},}}" if width and width.group(1) else "[0-9]+")
            elif name is not None:
                made.append(_FIELDS[name])
        return "".join(made)

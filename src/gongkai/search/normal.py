"""The form in which queries and documents are compared: width, case, traditional forms and kinds of brackets make no difference, spaces
between Chinese characters neither. Defined one character at a time, so that every hit is found again in the printed text.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Sequence

from gongkai.formats.chinese import simplify

_SAME = {
    **dict.fromkeys("〔[【〖﹝［(（", "("),
    **dict.fromkeys("〕]】〗﹞］)）", ")"),
    **dict.fromkeys('“”„「」『』‘’"', '"'),
    **dict.fromkeys("—–―─－～~﹣", "-"),
    "〇": "零",
    "○": "零",
    "…": "…",
}
_NOTHING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn"})
"""Categories of characters that make no difference: controls, marks set over a letter, what is no character."""


_UNEVEN: set[str] = set()
"""Characters met so far that become none or several."""


class _Table(dict[int, str]):
    """A translation table that learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        found, again = "", _form(chr(code))
        while found != again:  # a compatibility form may itself have one
            found, again = again, "".join(map(_form, again))
        self[code] = found
        if len(found) != 1:
            _UNEVEN.add(chr(code))
        return found


def _form(sign: str) -> str:
    if sign in _SAME:
        return _SAME[sign]
    if sign.isspace() or unicodedata.category(sign) in _NOTHING:
        return ""
    return simplify(unicodedata.normalize("NFKC", sign).lower())


_TABLE = _Table()


def normal(text: str) -> str:
    """`text` without spaces, in the form compared. Idempotent; linear in the length."""
    return text.translate(_TABLE)


def with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """(`normal(text)`, for each of its characters the offset in `text` it came from)."""
    plain = text.translate(_TABLE)
    if _UNEVEN.isdisjoint(text):
        return plain, range(len(text))
    offsets = array("l")
    for at, sign in enumerate(text):
        offsets.extend([at] * len(_TABLE[ord(sign)]))
    return plain, offsets

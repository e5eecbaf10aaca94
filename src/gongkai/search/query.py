"""The words of a query: what is typed between spaces or quotation marks must occur as typed, in any width, bracket or script form."""

from __future__ import annotations

import re

from gongkai.formats.document_number import find_all
from gongkai.search.model import QueryTooLong
from gongkai.search.normal import normal

MOST_SIGNS = 200
MOST_WORDS = 16
_WORDS = re.compile(r'"([^"]*)"|[“「『]([^”」』]*)[”」』]|(\S+)')


def words_of(text: str) -> list[str]:
    """The words in normal form, each once, in order. Raises QueryTooLong. Nothing in a query is an operator: `*` and `-` are characters."""
    if len(text) > MOST_SIGNS:
        raise QueryTooLong(f"搜索词有 {len(text)} 个字，最多 {MOST_SIGNS} 个；请只写关键的几个词")
    found: dict[str, None] = {}
    for match in _WORDS.finditer(_joined(text)):
        word = normal(next(part for part in match.groups() if part is not None))
        if any(sign.isalnum() for sign in word):
            found[word] = None
    if len(found) > MOST_WORDS:
        raise QueryTooLong(f"搜索词分成了 {len(found)} 段，最多 {MOST_WORDS} 段；请减少空格或者只写关键的几个词")
    return list(found)


def _joined(text: str) -> str:
    """The query with its document numbers in one piece: 清政办发 〔2025〕 8 号 is one word however it is spaced."""
    pieces, last = [], 0
    for begin, end, _number in find_all(text):
        pieces += [text[last:begin], " ", "".join(text[begin:end].split()), " "]
        last = end
    return "".join([*pieces, text[last:]])

"""What stands in a cell: ticks, boxes with words, lists. Nothing is lost: a ticked channel on no list stays as other:words."""

from __future__ import annotations

import re

from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.terms import Terms

TICKED = "■☑√✓✔●▲☒"
EMPTY = "□☐○◯"
_MARKS = re.compile(f"[{TICKED}{EMPTY}]")
_YES = frozenset({"是", "v", "V", "有", "1", "Y", "y"})
_NO = frozenset({"", "否", "无", "—", "-", "/", "\\", "×", "一", "0", "N", "n", "——", "--"})
_TRIM = " \n\t　:：_＿;；,，、.。"
_BRACKETS = {"（": "）", "(": ")"}
_OTHER = re.compile(r"其[他它]\s*(?:[:：]\s*(?P<after>.+)|[（(](?P<inside>.+)[)）]|(?P<rest>.+))$", re.S)
_SEPARATED = re.compile(r"[\n、，,;；]+")


def is_ticked(text: str) -> bool:
    """Whether a cell of a column that is ticked says yes; words count as yes."""
    bare = text.strip()
    if bare in _NO:
        return False
    return any(mark in bare for mark in TICKED) or not any(mark in bare for mark in EMPTY)


def words_beside(text: str) -> str:
    """What a ticked cell says beside its tick: √（被征收人） → 被征收人."""
    bare = _unbracketed(_MARKS.sub("", text).strip(_TRIM))
    return "" if bare in _YES or bare in _NO else bare


def _unbracketed(text: str) -> str:
    """Without one pair of brackets that holds everything."""
    if len(text) > 1 and _BRACKETS.get(text[0]) == text[-1]:
        depth = 0
        for n, mark in enumerate(text):
            depth += (mark in _BRACKETS) - (mark in _BRACKETS.values())
            if depth == 0 and n < len(text) - 1:
                return text
        return text[1:-1].strip(_TRIM) if depth == 0 else text
    return text


def boxes(text: str) -> list[tuple[bool, str]]:
    """■政府网站 □政府公报 → (ticked, label) in order; empty when the text has no boxes."""
    marks = list(_MARKS.finditer(text))
    found = []
    for n, mark in enumerate(marks):
        end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
        label = text[mark.end() : end].strip(_TRIM)
        if label:
            found.append((mark.group() in TICKED, label))
    return found


def channels_in(text: str, terms: Terms) -> tuple[list[str], list[str]]:
    """Ticked channels in the order of the cell, and what to tell of them. Without boxes every name counts."""
    warnings: list[str] = []
    pairs = boxes(text)
    if pairs:
        labels = [label for ticked, label in pairs if ticked]
        if not labels:
            warnings.append("公开渠道和载体一个也没有勾选")
    else:
        labels = [whole] if (whole := text.strip(_TRIM)) and terms.channel_of(whole) else _names(text)
    values: list[str] = []
    for label in labels:
        value = channel_value(label, terms)
        if value.startswith("other:") and not label.startswith(("其他", "其它")):
            warnings.append(f"渠道“{label[:30]}”不在本地区的渠道表里，按“其他：{label[:30]}”保留")
        if value not in values:
            values.append(value)
    return values, warnings


def _names(text: str) -> list[str]:
    return [part for part in (piece.strip(_TRIM) for piece in _SEPARATED.split(text)) if part]


def channel_value(label: str, terms: Terms) -> str:
    """A code, or other:words."""
    if code := terms.channel_of(label):
        return code
    if other := _OTHER.match(label):
        return f"other:{(other['after'] or other['inside'] or other['rest']).strip(_TRIM)}"[:200]
    return f"other:{label}"[:200]


def code_in(which: str, text: str) -> str:
    """The code a cell names, alone or as the one box that is ticked; empty when it names none or several."""
    if code := standard().code_of(which, text):
        return code
    named = {standard().code_of(which, label) for ticked, label in boxes(text) if ticked} - {""}
    return next(iter(named)) if len(named) == 1 else ""


def codes_in(which: str, text: str) -> tuple[list[str], list[str]]:
    """Codes of a cell that may name several, in the order of the list, and the words that name none."""
    pairs = boxes(text)
    labels = [label for ticked, label in pairs if ticked] if pairs else _names(text.replace("/", "、"))
    known = {label: standard().code_of(which, label) or standard().code_of(which, label + "级") for label in labels}
    order = list(standard().names(which))
    return sorted({code for code in known.values() if code}, key=order.index), [label for label, code in known.items() if not code]

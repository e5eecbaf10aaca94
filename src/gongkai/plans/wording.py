"""What a task is called outside its document: title, basis, and the words for a limit that is no date. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gongkai.plans.models import Plan, TaskDeadline

TITLE_LENGTH = 60
EVERY_WORDS = {"P1D": "每日", "P1W": "每周", "P1M": "每月", "P3M": "每季度", "P6M": "每半年", "P1Y": "每年"}
_LABEL = re.compile(
    r"^\s*(第[一二三四五六七八九十百零〇\d]+[编章节条款]|[一二三四五六七八九十百]+(?=[、.．\s])|[（(][一二三四五六七八九十百\d]+[）)]|\d+(?:[.．]\d+)*[.．、]?|[①-⑳])"
)


def title_of(text: str) -> str:
    """The run-in title or first sentence, at most 60 characters, cut at a clause where it must be cut."""
    line = " ".join(text.split())
    line = _LABEL.sub("", line).lstrip("、.． ") or line
    sentence = re.split(r"(?<=[。；！？])", line, maxsplit=1)[0].rstrip("。；：， ") or line
    if len(sentence) <= TITLE_LENGTH:
        return sentence
    cut = max(sentence.rfind(mark, 20, TITLE_LENGTH - 1) for mark in "，、；：")
    return sentence[: cut if cut > 0 else TITLE_LENGTH - 1].rstrip("，、；：") + "…"


def place_of(path: Sequence[str]) -> str:
    """The numbers of the headings from the top: 二、… / （二）… / 2.… → 二（二）2."""
    labels = [m.group(1) for heading in path if (m := _LABEL.match(heading))]
    return "".join(label.replace("(", "（").replace(")", "）").replace("．", ".") for label in labels)


def basis_of(plan: Plan, path: Sequence[str]) -> str:
    """卫政办发〔2020〕52号 二（二）2. — the document by its number, or by its title where it has none."""
    document = plan.doc_number or f"《{plan.title}》"
    return f"{document} {place_of(path)}".strip()[:300]


def standing_words(deadlines: Iterable[TaskDeadline], due: bool) -> str:
    """For obligations that recur, go on, or wait for an event: in what rhythm or from when. Empty for a plain date."""
    words: list[str] = []
    for limit in deadlines:
        if limit.kind == TaskDeadline.Kind.RECURRING:
            words.append(EVERY_WORDS.get(limit.every, limit.raw))
        elif limit.kind == TaskDeadline.Kind.RELATIVE:
            words.append(limit.raw if not limit.within or limit.within in limit.raw else f"{limit.raw}（{limit.within}）")
        elif limit.kind != TaskDeadline.Kind.ABSOLUTE:
            words.append(limit.raw or limit.get_kind_display())
    text = "；".join(dict.fromkeys(words))
    return (text or ("" if due else "未规定期限"))[:120]

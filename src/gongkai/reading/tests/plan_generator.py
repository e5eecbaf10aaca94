"""Plans whose truth is known: layouts × numbering × assignment shapes × time limits × noise, as a Hypothesis strategy.

The sentences are ours. What the generator writes, a reader could read only one way.
"""

from __future__ import annotations

import html
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st

from gongkai.reading.extracted import Extracted
from gongkai.reading.files import extract

Limit = tuple[str, str | None, str | None]
"""(kind, due, every) as the scorer compares them."""
Layout = Literal["brackets", "brackets_below", "slots", "slot_lines", "bars", "closed_bars", "cells", "glued_rows", "duties"]
Noise = Literal["none", "pinyin", "traditional", "full_width", "page", "run_together", "wrapped", "html"]

PLACES = ("市", "县", "区", "省", "州")
DEPARTMENTS = (
    "发展改革委",
    "教育局",
    "财政局",
    "公安局",
    "民政局",
    "司法局",
    "农业农村局",
    "水务局",
    "商务局",
    "文化旅游局",
    "应急管理局",
    "政务服务中心",
    "大数据办",
)
COLLECTIVES = ("各乡镇人民政府", "各有关部门", "各街道办事处")
VERBS = ("完善", "健全", "推进", "规范", "优化", "深化", "落实", "加强")
OBJECTS = ("窗口服务", "档案管理", "信息审核", "监督抽查", "证照办理", "材料精简", "资金拨付", "热线办理", "事项梳理", "流程再造")
ENDS = ("形成长效做法", "方便群众办事", "接受社会监督", "做到应办尽办", "不留死角")
HEADINGS = ("深化服务改革", "夯实工作基础", "规范运行秩序", "强化信息支撑")
NUMERALS = "一二三四五六七八九十"


@dataclass
class Truth:
    """One task as it must be read."""

    text: str
    path: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    joint: bool = False
    limits: set[Limit] = field(default_factory=set)


@dataclass
class Document:
    """A plan as a file would hold it, with its truth."""

    layout: Layout
    noise: Noise
    extracted: Extracted
    tasks: list[Truth]

    def __repr__(self) -> str:
        return f"<{self.layout}, {self.noise}>\n{self.extracted.text}\n{self.tasks}"


@dataclass
class _Item:
    title: str
    body: str
    truth: Truth
    slot_time: str
    """Words for a slot or a column of time limits, or nothing."""


def _units(draw: Callable[..., Any], place: str, count: int, but: list[str]) -> list[str]:
    free = [place + d for d in DEPARTMENTS if place + d not in but]
    return draw(st.lists(st.sampled_from(free), min_size=count, max_size=count, unique=True))  # type: ignore[no-any-return]


def _limit(draw: Callable[..., Any], year: int) -> tuple[str, set[Limit]]:
    """Words of a sentence with a time limit, and what they mean."""
    month = draw(st.sampled_from((3, 6, 9, 11)))
    last = {3: 31, 6: 30, 9: 30, 11: 30}[month]
    due = f"{year}-{month:02d}-{last}"
    return draw(  # type: ignore[no-any-return]
        st.sampled_from(
            (
                ("", set()),
                (f"{year}年{month}月底前全面完成", {("absolute", due, None)}),
                (f"{month}月底前全面完成", {("absolute", due, None)}),
                ("年内取得实效", {("absolute", f"{year}-12-31", None)}),
                ("每季度通报进展", {("recurring", None, "P3M")}),
                ("每半年组织回访", {("recurring", None, "P6M")}),
            )
        )
    )


def _slot_limit(draw: Callable[..., Any], year: int) -> tuple[str, set[Limit]]:
    month = draw(st.sampled_from((4, 8, 10)))
    last = {4: 30, 8: 31, 10: 31}[month]
    return draw(  # type: ignore[no-any-return]
        st.sampled_from(
            (
                (f"{year}年{month}月底前", {("absolute", f"{year}-{month:02d}-{last}", None)}),
                (f"{year}年12月", {("absolute", f"{year}-12-31", None)}),
                ("长期坚持", {("ongoing", None, None)}),
                ("全年", {("absolute", f"{year}-12-31", None)}),
            )
        )
    )


def _item(draw: Callable[..., Any], layout: Layout, place: str, year: int, seen: set[str]) -> _Item:
    verb, other = draw(st.lists(st.sampled_from(VERBS), min_size=2, max_size=2, unique=True))
    left = [o for o in OBJECTS if verb + o not in seen] or list(OBJECTS)
    thing, second = draw(st.sampled_from(left)), draw(st.sampled_from(OBJECTS))
    seen.add(verb + thing)
    words, limits = _limit(draw, year)
    body = f"对照任务清单{other}{second}，{draw(st.sampled_from(ENDS))}" + (f"，{words}" if words else "") + "。"
    slot_time, slot_limits = _slot_limit(draw, year) if layout not in ("brackets", "brackets_below", "duties") else ("", set())
    truth = Truth(f"{verb}{thing}。{body}", limits=limits | slot_limits)
    _assign(draw, layout, place, truth)
    return _Item(verb + thing, body, truth, slot_time)


def _assign(draw: Callable[..., Any], layout: Layout, place: str, truth: Truth) -> None:
    shape = draw(st.sampled_from(("lead_support", "responsible", "joint", "lead_joint", "lead_only")))
    if layout == "duties":
        shape = draw(st.sampled_from(("responsible", "lead_support")))
    if layout in ("slots", "slot_lines", "bars", "closed_bars", "cells", "glued_rows"):
        shape = draw(st.sampled_from(("lead_support", "lead_responsible"))) if layout != "slots" else shape
    if shape in ("lead_support", "lead_joint", "lead_only", "lead_responsible"):
        truth.lead = _units(draw, place, draw(st.integers(1, 2)) if layout not in ("duties", "glued_rows") else 1, [])
    count = draw(st.integers(1, 3)) if layout != "duties" else 1
    others = _units(draw, place, count, truth.lead)
    if layout not in ("duties",) and draw(st.booleans()):
        others = [*others, draw(st.sampled_from(COLLECTIVES))]
    if shape == "lead_support":
        truth.support = others
    elif shape != "lead_only":
        truth.responsible = others
    truth.joint = shape in ("joint", "lead_joint")


def _bracket(truth: Truth) -> str:
    lead, rest, help_ = "、".join(truth.lead), "、".join(truth.responsible), "、".join(truth.support)
    verb = "按职责分工负责" if truth.joint else "负责"
    parts = [f"{lead}牵头" if lead else "", f"{rest}{verb}" if rest else "", f"{help_}配合" if help_ else ""]
    return "（" + "，".join(p for p in parts if p) + "）"


def _slots(truth: Truth, time: str, mark: str) -> str:
    parts = [
        f"牵头单位：{'、'.join(truth.lead)}" if truth.lead else "",
        f"责任单位：{'、'.join(truth.responsible)}" + ("按职责分工负责" if truth.joint else "") if truth.responsible else "",
        f"配合单位：{'、'.join(truth.support)}" if truth.support else "",
        f"完成时限：{time}",
    ]
    return mark.join(p for p in parts if p)


def _prose(layout: Layout, sections: list[tuple[str, list[_Item]]]) -> list[str]:
    """Lines of a plan in numbered parts; paths are filled in."""
    lines: list[str] = []
    for n, (heading, items) in enumerate(sections):
        top = f"{NUMERALS[n]}、{heading}"
        lines.append(top)
        for k, item in enumerate(items):
            label = f"（{NUMERALS[k]}）" if layout != "slots" else f"{k + 1}."
            item.truth.path = [top, label + item.title]
            if layout == "brackets":
                lines.append(f"{label}{item.title}。{item.body}{_bracket(item.truth)}")
            elif layout == "brackets_below":
                item.truth.text = item.body
                lines += [f"{label}{item.title}", f"{item.body}{_bracket(item.truth)}"]
            elif layout == "slots":
                lines.append(f"{label}{item.title}。{item.body}{_slots(item.truth, item.slot_time, '；')}。")
            else:
                lines += [f"{label}{item.title}。{item.body}", *_slots(item.truth, item.slot_time, "\n").split("\n")]
    return lines


def _duties(sections: list[tuple[str, list[_Item]]]) -> list[str]:
    lines = ["一、工作目标", "服务质量明显提升。", "二、职责分工"]
    for item in (i for _, items in sections for i in items):
        unit = (item.truth.lead or item.truth.responsible)[0]
        verb = "牵头" if item.truth.lead else "负责"
        help_ = f"{item.truth.support[0]}配合" if item.truth.support else ""
        item.truth.text = f"{unit}{verb}{item.title}，{item.body.rstrip('。')}" + (f"，{help_}" if help_ else "") + "。"
        item.truth.path = ["二、职责分工"]
        lines.append(item.truth.text)
    return lines


def _table(sections: list[tuple[str, list[_Item]]]) -> list[list[str]]:
    """Rows of cells under 序号 | 工作任务 | 牵头单位 | 责任单位 or 配合单位 | 完成时限; one kind of helper for the whole table."""
    items = [i for _, items in sections for i in items]
    helping = bool(items[0].truth.support)
    rows = [["序号", "工作任务", "牵头单位", "配合单位" if helping else "责任单位", "完成时限"]]
    for n, item in enumerate(items, 1):
        others = item.truth.support or item.truth.responsible
        item.truth.support, item.truth.responsible = (others, []) if helping else ([], others)
        item.truth.text, item.truth.path = item.body, []
        rows.append([str(n), item.body, "、".join(item.truth.lead), "、".join(others), item.slot_time])
    return rows


_TABLE_LINES: dict[Layout, Callable[[list[list[str]]], list[str]]] = {
    "bars": lambda rows: ["| " + " | ".join(r) + " |" for r in rows],
    "closed_bars": lambda rows: [f"{c} |" for r in rows for c in r],
    "cells": lambda rows: [c for r in rows for c in r],
    "glued_rows": lambda rows: ["".join(r) for r in rows],
}
_PROSE_NOISE: dict[str, tuple[Noise, ...]] = {
    "brackets": ("none", "pinyin", "traditional", "full_width", "page", "run_together", "wrapped", "html"),
    "slots": ("none", "pinyin", "traditional", "full_width", "page", "run_together", "html"),
}
_OTHER_NOISE: tuple[Noise, ...] = ("none", "pinyin", "traditional", "page", "html")
_TABLE_NOISE: tuple[Noise, ...] = ("none", "pinyin", "traditional", "html")


@st.composite
def documents(draw: Callable[..., Any], layouts: tuple[Layout, ...] = ()) -> Document:
    """One plan in one layout under one kind of noise."""
    layout: Layout = draw(
        st.sampled_from(
            layouts or ("brackets", "brackets_below", "slots", "slot_lines", "bars", "closed_bars", "cells", "glued_rows", "duties")
        )
    )
    table = layout in _TABLE_LINES
    noise: Noise = draw(st.sampled_from(_TABLE_NOISE if table else _PROSE_NOISE.get(layout, _OTHER_NOISE)))
    place, year = draw(st.sampled_from(PLACES)), draw(st.integers(2016, 2024))
    seen: set[str] = set()
    sections = [
        (heading, [_item(draw, layout, place, year, seen) for _ in range(draw(st.integers(2, 4)))])
        for heading in draw(st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=3, unique=True))
    ]
    title = f"某{place}{year}年服务提升工作方案"
    rows = _table(sections) if table else []
    lines = [title, *(_TABLE_LINES[layout](rows) if table else _duties(sections) if layout == "duties" else _prose(layout, sections))]
    extracted = _html(title, rows, lines) if noise == "html" else Extracted("plan.txt", _noisy(lines, noise, draw(st.integers(0, 10**6))))
    return Document(layout, noise, extracted, [i.truth for _, items in sections for i in items])


def _html(title: str, rows: list[list[str]], lines: list[str]) -> Extracted:
    table = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    body = f"<p>{title}</p><table>{table}</table>" if rows else "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    page = f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><div class="content">{body}</div></body></html>'
    return extract(page.encode(), "plan.html")


def _noisy(lines: list[str], noise: Noise, seed: int) -> str:
    chance = random.Random(seed)
    if noise == "run_together":
        head, rest = lines[0], "".join(lines[1:])
        return f"{head}\n为做好有关工作，制定本方案。{rest}"
    if noise == "page":
        return "\n".join(["索引号：000014349/2020-00031", "分享到：", *lines, "扫一扫在手机打开当前页", "上一篇：关于某项工作的通知"])
    if noise == "wrapped":
        return _wrapped(lines)
    text = "\n".join(lines)
    if noise == "pinyin":
        return "".join(
            c + f"({chance.choice(('jìn', 'fā', 'huì', 'gè', 'lǐ'))})" if "\u4e00" <= c <= "\u9fff" and chance.random() < 0.08 else c
            for c in text
        )
    if noise == "traditional":
        return _traditional(text)
    if noise == "full_width":
        return text.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)} | {ord("."): "．"})
    return text


def _wrapped(lines: list[str], width: int = 52) -> str:
    """Every line cut where a page of fixed width ends, a Chinese character being two wide; long enough that most lines are full."""
    filler = "为做好有关工作，" + "按照上级部署和群众期盼，结合工作实际，坚持问题导向和效果导向相结合，" * 6 + "制定本方案。"
    out: list[str] = []
    for line in [lines[0], filler, *lines[1:]]:
        at = used = 0
        for k, c in enumerate(line):
            wide = 2 if c > "\u2e7f" else 1
            if used + wide > width:
                out.append(line[at:k])
                at, used = k, 0
            used += wide
        out.append(line[at:])
    return "\n".join(out)


@cache
def _converters() -> tuple[Any, Any]:
    from opencc import OpenCC

    return OpenCC("s2t"), OpenCC("t2s")


def _traditional(text: str) -> str:
    """Traditional forms, where they lead back to the same text."""
    there, back = _converters()
    return "".join(t if back.convert(t) == c else c for c in text if (t := there.convert(c)) is not None)

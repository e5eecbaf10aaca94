"""流程图: the steps as they are set now, drawn as SVG and written as a Word document (S1-8: the document and the live setting are equal).

Both are made from `nodes_of`, which reads nothing but the steps. Colours and print are the style sheet's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

import svg
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH

from gongkai.formats import docx_official
from gongkai.publications.reviewing.workflow import SECRECY, WorkStep

_W, _H, _GAP, _MARGIN = 250, 62, 34, 12
START, END = "拟稿、送审", "发布"


@dataclass(frozen=True, slots=True)
class Node:
    """`beside`: done at any time after submission, beside the steps around it."""

    name: str
    who: str
    beside: bool = False


def nodes_of(steps: Sequence[WorkStep]) -> list[Node]:
    """From the draft to the public, in order."""
    middle = [Node(step.name, step.role_words, step.kind == SECRECY) for step in steps]
    return [Node(START, "经办人"), *middle, Node(END, "审核全部通过后")]


def drawing(title: str, steps: Sequence[WorkStep]) -> str:
    """The picture as SVG text: one row a step, a secrecy review in a column of its own."""
    nodes = nodes_of(steps)
    wide = any(node.beside for node in nodes)
    width = _MARGIN * 2 + _W * (2 if wide else 1) + (_GAP if wide else 0)
    height = _MARGIN * 2 + len(nodes) * _H + (len(nodes) - 1) * _GAP
    parts: list[Any] = [svg.Title(text=escape(title)), svg.Desc(text=escape(words_of(nodes)))]
    middle = _MARGIN + _W / 2
    last = 0
    for n, node in enumerate(nodes):
        x, y = _MARGIN + (_W + _GAP if node.beside else 0), _MARGIN + n * (_H + _GAP)
        parts += _box(x, y, node)
        if node.beside:
            parts += _turn(nodes, n, x, y)
            continue
        if n:
            parts += _arrow(middle, _MARGIN + last * (_H + _GAP) + _H, y)
        last = n
    return str(
        svg.SVG(
            xmlns="http://www.w3.org/2000/svg",
            viewBox=svg.ViewBoxSpec(0, 0, width, height),
            width=width,
            height=height,
            class_=["flowchart"],
            extra={"role": "img"},
            elements=parts,
        )
    )


def words_of(nodes: Sequence[Node]) -> str:
    """The same in words, for who does not see the picture."""
    return "，".join(f"{node.name}（{node.who}{'，可以同时进行' if node.beside else ''}）" for node in nodes)


def _box(x: float, y: float, node: Node) -> list[Any]:
    return [
        svg.Rect(x=x, y=y, width=_W, height=_H, rx=3, fill="none", stroke="currentColor", stroke_width=1.5),
        svg.Text(x=x + _W / 2, y=y + 26, text_anchor="middle", font_size=18, fill="currentColor", text=escape(node.name)),
        svg.Text(x=x + _W / 2, y=y + 48, text_anchor="middle", font_size=14, fill="currentColor", text=escape(node.who)),
    ]


def _arrow(x: float, top: float, bottom: float) -> list[Any]:
    return [
        svg.Line(x1=x, y1=top, x2=x, y2=bottom - 8, stroke="currentColor", stroke_width=1.5),
        svg.Polygon(points=_points(x - 5, bottom - 9, x + 5, bottom - 9, x, bottom), fill="currentColor"),
    ]


def _turn(nodes: Sequence[Node], n: int, x: float, y: float) -> list[Any]:
    """From the submission to a step beside, and on to the first step that waits for it."""
    middle = x + _W / 2
    out = _MARGIN + _H / 2
    following = next((m for m in range(n + 1, len(nodes)) if not nodes[m].beside), len(nodes) - 1)
    back = _MARGIN + following * (_H + _GAP) + _H / 2
    right = _MARGIN + _W
    return [
        svg.Polyline(points=_points(right, out, middle, out, middle, y - 8), fill="none", stroke="currentColor", stroke_width=1.5),
        svg.Polygon(points=_points(middle - 5, y - 9, middle + 5, y - 9, middle, y), fill="currentColor"),
        svg.Polyline(points=_points(middle, y + _H, middle, back, right + 8, back), fill="none", stroke="currentColor", stroke_width=1.5),
        svg.Polygon(points=_points(right + 9, back - 5, right + 9, back + 5, right, back), fill="currentColor"),
    ]


def _points(*numbers: float) -> list[svg.Point]:
    """x, y, x, y, …"""
    return [svg.Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def document(title: str, steps: Sequence[WorkStep]) -> bytes:
    """The flow as an official document: a box for each step with an arrow between, and the basis of each below."""
    made = docx_official.begin(title)
    made.add_paragraph(title, style="公文标题")
    nodes = nodes_of(steps)
    for n, node in enumerate(nodes):
        table = made.add_table(rows=1, cols=1, style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        cell = table.cell(0, 0).paragraphs[0]
        cell.alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell.add_run(f"{node.name}（{node.who}）{'　可以与其他步骤同时进行' if node.beside else ''}")
        if n < len(nodes) - 1:
            arrow = made.add_paragraph("↓")
            arrow.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for step in steps:
        if step.basis:
            made.add_paragraph(f"{step.name}：{step.basis}。", style="公文正文")
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()

"""Bars drawn as SVG on the server; colours, dark mode and print are the style sheet's (classes yp-*). The same numbers stand in a table
beside, which is not this module's business."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import svg

WIDE, NARROW = 720, 340
_LINE, _BAR, _WORD = 30, 18, 110


def bars(rows: Sequence[tuple[str, int, bool]], *, key: str, title: str, width: int = WIDE) -> str:
    """Lying bars, one for each (words, number, whether it is a bad one). A bad one has an edge besides its colour. `key`: an id of its own
    on the page."""
    most = max((n for _words, n, _bad in rows), default=0) or 1
    room = width - _WORD - 56
    text = "，".join(f"{words} {n} 件" for words, n, _bad in rows)
    drawn: list[svg.Element] = [
        svg.Title(id=f"{key}-title", text=escape(title)),
        svg.Desc(id=f"{key}-desc", text=escape(text)),
        svg.Line(x1=_WORD, x2=_WORD, y1=0, y2=len(rows) * _LINE, class_=["yp-axis"]),
    ]
    for at, (words, n, bad) in enumerate(rows):
        y = at * _LINE + (_LINE - _BAR) // 2
        long = round(room * n / most, 1)
        drawn.append(svg.Text(x=_WORD - 8, y=y + 14, text_anchor="end", class_=["yp-word"], text=escape(words)))
        if n:
            drawn.append(svg.Rect(x=_WORD, y=y, width=max(2, long), height=_BAR, class_=["yp-overdue" if bad else "yp-done"]))
        drawn.append(svg.Text(x=round(_WORD + long + 7, 1), y=y + 14, class_=["yp-word"], text=str(n)))
    height = max(1, len(rows)) * _LINE
    return str(
        svg.SVG(
            viewBox=svg.ViewBoxSpec(0, 0, width, height),
            width=width,
            height=height,
            class_=["year-picture"],
            extra={"role": "img", "aria-labelledby": f"{key}-title {key}-desc"},
            elements=drawn,
        )
    )

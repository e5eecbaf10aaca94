"""The picture of a year: one column a week, as high as what was due in it, divided into what became of it. Drawn as SVG on the server.

Colours, dark mode and print are the style sheet's (classes yp-*; the content security policy forbids styles in the drawing). No state
is told by colour alone: each part has a texture of its own (solid, hatched, dark with an edge, hollow) and stands in the same order in
every column. The numbers stand in a table beside it, which is not this module's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Literal

import svg

PARTS: dict[str, str] = {"done": "按期办结", "done_late": "逾期办结", "overdue": "已逾期", "open": "还没到期"}
"""Part: its word; from the foot of a column upwards."""
WIDE, NARROW = 760, 356
"""Widths in which the drawing is made, in units that are about one pixel: a desk and a phone of 390 px."""
_HEIGHT, _TOP, _FOOT, _LEFT = 190, 52, 26, 40
_DAYS = 7


@dataclass(slots=True)
class Week:
    """What was due in the days from `first` to `last` (both counted, within one year), by what became of it."""

    first: date
    last: date
    done: int = 0
    done_late: int = 0
    overdue: int = 0
    open: int = 0

    @property
    def span(self) -> str:
        """The days of the week as the ledger's address takes them."""
        return f"due_from={self.first}&due_to={self.last}"

    @property
    def due(self) -> int:
        return self.done + self.done_late + self.overdue + self.open


def weeks_of(year: int, counts: Mapping[tuple[date, str], int] | Iterable[tuple[tuple[date, str], int]]) -> list[Week]:
    """The weeks (Monday to Sunday, cut at the ends of the year) with what fell due in them.

    `counts`: (due date, part) → number; days outside the year and words that are no part are left out.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    day = monday
    while day <= last:
        weeks.append(Week(max(day, first), min(day + timedelta(days=_DAYS - 1), last)))
        day += timedelta(days=_DAYS)
    for (on, part), n in counts.items() if isinstance(counts, Mapping) else counts:
        if first <= on <= last and part in PARTS:
            week = weeks[(on - monday).days // _DAYS]
            setattr(week, part, getattr(week, part) + n)
    return weeks


def _ceiling(most: int) -> int:
    """The top of the scale: an even number of 1, 2, 4, 6 or 10 times a power of ten, never below what is shown."""
    size = 2
    while True:
        for step in (1, 2, 3, 5):
            if size * step >= most:
                return size * step
        size *= 10


def _columns(weeks: Sequence[Week], part: str, scale: float, step: float) -> list[svg.PathData]:
    """One path for a part of all columns: a rectangle in each week that has it."""
    names = list(PARTS)
    below = names[: names.index(part)]
    data: list[svg.PathData] = []
    for n, week in enumerate(weeks):
        if height := getattr(week, part) * scale:
            foot = _TOP + _HEIGHT - sum(getattr(week, name) for name in below) * scale
            wide = round(step * 0.78, 2)
            data += [svg.M(round(_LEFT + n * step + step * 0.11, 2), round(foot, 2)), svg.v(-round(height, 2)), svg.h(wide)]
            data += [svg.v(round(height, 2)), svg.Z()]
    return data


def _legend(width: int, hatch: str) -> list[svg.Element]:
    """What each texture means; two rows on a phone."""
    across = 4 if width > 500 else 2
    room = (width - _LEFT) / across
    drawn: list[svg.Element] = []
    for n, (part, word) in enumerate(PARTS.items()):
        x, y = _LEFT + (n % across) * room, 4 + 19 * (n // across)
        drawn.append(_part(part, [svg.M(round(x, 2), y), svg.v(12), svg.h(12), svg.v(-12), svg.Z()], hatch))
        drawn.append(svg.Text(x=round(x + 18, 2), y=y + 11, class_=["yp-word"], text=word))
    return drawn


def _part(part: str, data: list[svg.PathData], hatch: str) -> svg.Path:
    return svg.Path(d=data, class_=[f"yp-{part.replace('_', '-')}"], fill=f"url(#{hatch})" if part == "done_late" else None)


def draw(weeks: Sequence[Week], *, key: str, title: str, text: str, today: date | None = None, width: int = WIDE) -> str:
    """The drawing as an <svg> element for a page. `key`: an id of its own on the page; `text`: the picture in a sentence or two.

    `today` is marked when it lies in the year. `width`: WIDE or NARROW; the same words are as large on a phone as at a desk.
    """
    top = _ceiling(max((week.due for week in weeks), default=0))
    scale, step = _HEIGHT / top, (width - _LEFT - 6) / max(1, len(weeks))
    foot, hatch = _TOP + _HEIGHT, f"{key}-hatch"
    drawn: list[svg.Element] = [
        svg.Title(id=f"{key}-title", text=escape(title)),
        svg.Desc(id=f"{key}-desc", text=escape(text)),
        svg.Defs(
            elements=[
                svg.Pattern(
                    id=hatch,
                    width=5,
                    height=5,
                    patternUnits="userSpaceOnUse",
                    patternTransform=[svg.Rotate(45)],
                    elements=[
                        svg.Rect(width=5, height=5, class_=["yp-hatch-ground"]),
                        svg.Rect(width=2, height=5, class_=["yp-hatch-line"]),
                    ],
                )
            ]
        ),
        *_legend(width, hatch),
    ]
    for value in (0, top // 2, top):
        y = round(foot - value * scale, 2)
        drawn.append(svg.Line(x1=_LEFT, x2=width - 4, y1=y, y2=y, class_=["yp-axis" if value == 0 else "yp-grid"]))
        drawn.append(svg.Text(x=_LEFT - 6, y=y + 4, text_anchor="end", class_=["yp-word"], text=str(value)))
    drawn += [_part(part, data, hatch) for part in PARTS if (data := _columns(weeks, part, scale, step))]
    drawn += _months(weeks, step, every=1 if width > 500 else 3)
    drawn += _today(weeks, today, step)
    picture = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, width, foot + _FOOT),
        width=width,
        height=foot + _FOOT,
        class_=["year-picture"],
        extra={"role": "img", "aria-labelledby": f"{key}-title {key}-desc"},
        elements=drawn,
    )
    return str(picture)


def _months(weeks: Sequence[Week], step: float, every: int) -> list[svg.Element]:
    drawn: list[svg.Element] = []
    seen = 0
    for n, week in enumerate(weeks):
        if (month := week.last.month) != seen:
            seen = month
            if (month - 1) % every == 0:
                x = round(_LEFT + n * step + step * 0.11, 2)
                drawn.append(svg.Line(x1=x, x2=x, y1=_TOP + _HEIGHT, y2=_TOP + _HEIGHT + 5, class_=["yp-axis"]))
                drawn.append(svg.Text(x=x, y=_TOP + _HEIGHT + 19, class_=["yp-word"], text=f"{month}月"))
    return drawn


def _today(weeks: Sequence[Week], today: date | None, step: float) -> list[svg.Element]:
    if today is None or not weeks or not weeks[0].first <= today <= weeks[-1].last:
        return []
    monday = weeks[0].last - timedelta(days=_DAYS - 1)
    x = round(_LEFT + ((today - monday).days + 0.5) / _DAYS * step, 2)
    anchor: Literal["start", "end"] = "end" if today.month > 6 else "start"
    return [
        svg.Line(x1=x, x2=x, y1=_TOP - 8, y2=_TOP + _HEIGHT, class_=["yp-today"]),
        svg.Text(x=x + (-4 if anchor == "end" else 4), y=_TOP, text_anchor=anchor, class_=["yp-word yp-today-word"], text="今天"),
    ]

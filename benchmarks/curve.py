"""The growth curve of docs/national-case.md: seconds on a core against obligations, both scales logarithmic: a slope of one is linear.

python -m benchmarks.curve    draws docs/img/national-case.svg from docs/national-case.jsonl, the lines `benchmarks.scale --curve` prints
"""

from __future__ import annotations

import json
from math import log10
from typing import Any

import svg

from benchmarks.record import DOCS

RECORD, PICTURE = DOCS / "national-case.jsonl", DOCS / "img" / "national-case.svg"
LINES = {
    "cpu_home_department": ("home of a department", 1000, "#2f5d8a"),
    "cpu_home_province": ("home of the highest office", 1000, "#3f7d5a"),
    "cpu_ledger_department": ("ledger of a department", 1000, "#5b8fb9"),
    "cpu_ledger_city": ("ledger of a city's office", 1000, "#7a6a2f"),
    "cpu_ledger_province": ("ledger of the whole", 1000, "#b4552d"),
    "cpu_rollup_city": ("roll-up of a city", 1, "#c98a3a"),
    "cpu_rollup_province": ("roll-up of the whole", 1, "#9b2c2c"),
}
"""Figure: its words, what makes seconds of it, the colour of its line."""
FOOT_WORDS = "obligations (95th percentile, seconds on a core)"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 820, 460, 70, 220, 30, 50


def _scale(values: list[float], low: float, high: float) -> tuple[float, float, float]:
    """(lowest decade, highest decade, pixels a decade) for a range of pixels."""
    first, last = int(log10(min(values)) // 1), int(-(-log10(max(values)) // 1))
    return first, last, (high - low) / max(1, last - first)


def draw(rows: list[dict[str, Any]]) -> str:
    sizes = [row["obligations"] for row in rows]
    points = {name: [(row["obligations"], row[name] / unit) for row in rows if name in row] for name, (_, unit, _c) in LINES.items()}
    seconds = [value for line in points.values() for _, value in line]
    x0, x1, across = _scale([float(n) for n in sizes], LEFT, WIDTH - RIGHT)
    y0, y1, up = _scale(seconds, TOP, HEIGHT - FOOT)

    def place(size: float, value: float) -> tuple[float, float]:
        return LEFT + (log10(size) - x0) * across, HEIGHT - FOOT - (log10(value) - y0) * up

    parts: list[svg.Element] = [svg.Rect(x=0, y=0, width=WIDTH, height=HEIGHT, fill="#ffffff")]
    for decade in range(int(x0), int(x1) + 1):
        x, _ = place(10**decade, 10**y0)
        parts += [
            svg.Line(x1=x, y1=TOP, x2=x, y2=HEIGHT - FOOT, stroke="#dddddd"),
            svg.Text(x=x, y=HEIGHT - FOOT + 20, text=f"{10**decade:,}", text_anchor="middle", font_size=12),
        ]
    for decade in range(int(y0), int(y1) + 1):
        _, y = place(10**x0, 10**decade)
        parts += [
            svg.Line(x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y, stroke="#dddddd"),
            svg.Text(x=LEFT - 8, y=y + 4, text=f"{10**decade:g} s", text_anchor="end", font_size=12),
        ]
    parts.append(
        svg.Text(
            x=(LEFT + WIDTH - RIGHT) / 2,
            y=HEIGHT - 10,
            text="obligations (95th percentile, seconds on a core)",
            text_anchor="middle",
            font_size=13,
        )
    )
    labels: list[float] = []
    for name, (words, _unit, colour) in LINES.items():
        line = [place(size, value) for size, value in points[name]]
        if not line:
            continue
        parts.append(svg.Polyline(points=[n for pair in line for n in pair], fill="none", stroke=colour, stroke_width=2))
        parts += [svg.Circle(cx=x, cy=y, r=3, fill=colour) for x, y in line]
        beside = line[-1][1] + 4
        while any(abs(beside - other) < 15 for other in labels):
            beside += 15
        labels.append(beside)
        parts.append(svg.Text(x=line[-1][0] + 10, y=beside, text=words, font_size=12, fill=colour))
    title = svg.Title(text="Seconds on a core against the number of obligations on PostgreSQL, both scales logarithmic")
    words = svg.G(style="font-family: sans-serif", elements=parts)
    return str(svg.SVG(viewBox=svg.ViewBoxSpec(0, 0, WIDTH, HEIGHT), elements=[title, words]))


def main() -> None:
    rows = sorted((json.loads(line) for line in RECORD.read_text("utf-8").splitlines()), key=lambda row: row["obligations"])
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""What the browser tests take for granted of the style sheets (tests/browser/axe.py): where colours change, and where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SHEETS = sorted((Path(__file__).parent.parent / "src" / "gongkai").rglob("static/**/*.css"))
PX = {"px": 1.0, "rem": 16.0, "em": 16.0}
COLOUR = re.compile(r"color|background|opacity|filter|shadow|fill|stroke|--(?!fs|size|space)")


def own() -> Iterator[tuple[str, str]]:
    for path in SHEETS:
        yield path.name, re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)


def test_no_width_between_a_phone_and_a_narrow_one_changes_the_page() -> None:
    found = [
        (name, f"{number}{unit}")
        for name, sheet in own()
        for query in re.findall(r"@media([^{]*)\{", sheet)
        for number, unit in re.findall(r"width\s*[:<>=]+\s*([\d.]+)(px|rem|em)", query)
        if 320 <= float(number) * PX[unit] <= 390
    ]
    assert found == []


def test_large_type_changes_no_colour() -> None:
    rules = [
        (name, selector.strip(), body)
        for name, sheet in own()
        for selector, body in re.findall(r"([^{}]*\.large[^{}]*)\{([^{}]*)\}", sheet)
    ]
    assert len(rules) > 3
    assert [one for one in rules if COLOUR.search(one[2])] == []

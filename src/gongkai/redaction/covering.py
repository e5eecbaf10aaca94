"""Which characters of a page go, and which boxes are painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongkai.redaction.glyphs import Glyph, centre_in
from gongkai.redaction.plan import Area, Box, Covered, Words, found, overlap

MUCH = 0.3
"""Share of a character under a box from which its text goes, too."""
_EDGE = 0.5
"""Points painted around words."""


@dataclass(slots=True)
class Cover:
    """For one page: indexes of glyphs that go, boxes to paint, what to tell; `words`: what the areas took, for a look elsewhere."""

    gone: set[int] = field(default_factory=set)
    boxes: list[Box] = field(default_factory=list)
    covered: list[Covered] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)


def cover(glyphs: Sequence[Glyph], page: int, areas: Iterable[Area], words: Iterable[Words]) -> Cover:
    made = Cover()
    for area in areas:
        taken = [at for at, glyph in enumerate(glyphs) if _is_under(glyph, area.box)]
        made.gone.update(taken)
        made.boxes.append(area.box)
        # A character mostly covered must not be guessed from what sticks out.
        made.boxes += [box for at in taken if (box := glyphs[at].tight) is not None]
        made.covered.append(Covered(page, area.box, area.ground, sum(not glyphs[at].text.isspace() for at in taken)))
        made.words.append(("".join(glyphs[at].text for at in taken), area.ground))
    text = "".join(glyph.text for glyph in glyphs)
    for one in words:
        for start, end in found(one.text, text):
            made.gone.update(range(start, end))
            lines = _lines(glyphs[start:end])
            made.boxes += lines
            made.covered.append(Covered(page, lines[0] if lines else None, one.ground, end - start))
    return made


def _is_under(glyph: Glyph, area: Box) -> bool:
    if centre_in(glyph.tight, area) or centre_in(glyph.loose, area):
        return True
    size = (glyph.tight[2] - glyph.tight[0]) * (glyph.tight[3] - glyph.tight[1]) if glyph.tight else 0
    return bool(glyph.tight and size and overlap(glyph.tight, area) >= MUCH * size)


def _lines(glyphs: Sequence[Glyph]) -> list[Box]:
    """One box for neighbours on a line."""
    boxes: list[Box] = []
    for glyph in glyphs:
        box = glyph.tight
        if box is None:
            continue
        last = boxes[-1] if boxes else None
        if last and min(last[3], box[3]) > max(last[1], box[1]) and abs(box[0] - last[2]) < 2 * (box[3] - box[1]):
            boxes[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            boxes.append(box)
    return [(left - _EDGE, top - _EDGE, right + _EDGE, bottom + _EDGE) for left, top, right, bottom in boxes]

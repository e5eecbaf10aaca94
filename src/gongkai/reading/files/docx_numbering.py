"""Automatic numbering of a docx, written out: what numbering.xml and styles.xml together would show on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gongkai.reading.files.numerals import written
from gongkai.reading.files.safe_xml import Element, attribute, child, local

LEVELS = 9
_CLOSES_ITSELF = tuple("、，。．）】〕》：)")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list as defined. `restart` None: begins anew after any higher level; 0: never; n: after levels below n."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    paragraph_style: str | None = None


@dataclass(slots=True)
class _List:
    """One w:num: the abstract list whose counters it shares, and what it changes."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


@dataclass(slots=True)
class Style:
    """What numbering needs to know of a paragraph style."""

    name: str = ""
    parent: str | None = None
    list_id: str | None = None
    level: int | None = None


class Styles:
    """styles.xml. An absent part means no styles."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self.default: str | None = None
        for element in root if root is not None else ():
            if local(element) != "style":
                continue
            key = attribute(element, "styleId") or ""
            properties = child(child(element, "pPr"), "numPr")
            self._styles[key] = Style(
                name=_value(child(element, "name")) or "",
                parent=_value(child(element, "basedOn")),
                list_id=_value(child(properties, "numId")),
                level=_number(_value(child(properties, "ilvl"))),
            )
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true"):
                self.default = key

    def chain(self, key: str | None) -> list[tuple[str, Style]]:
        """The style and those it is based on, nearest first."""
        found: list[tuple[str, Style]] = []
        while key in self._styles and len(found) < 32:  # a malformed file may go round in a circle
            found.append((key, self._styles[key]))
            key = found[-1][1].parent
        return found

    def is_contents(self, key: str | None) -> bool:
        """Whether paragraphs of this style are lines of a table of contents."""
        return any(re.fullmatch(r"(?:toc|目录) ?\d", style.name, re.IGNORECASE) for _, style in self.chain(key)[:1])

    def list_of(self, key: str) -> str | None:
        return self._styles[key].list_id if key in self._styles else None


class Numbering:
    """The running counters of one document; ask for labels in document order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        for element in root if root is not None else ():
            tag = local(element)
            if tag == "abstractNum":
                key = attribute(element, "abstractNumId") or ""
                self._abstract[key] = {_index(level): _level(level) for level in element if local(level) == "lvl"}
                if link := _value(child(element, "numStyleLink")):
                    self._links[key] = link
            elif tag == "num":
                self._lists[attribute(element, "numId") or ""] = self._list(element)

    def label(self, properties: Element | None) -> str:
        """The number in front of a paragraph with these w:pPr, with what separates it from the text; "" when it has none.

        Counts: a second call with the same properties gives the next number.
        """
        if not self._lists:
            return ""
        list_id, level = self._place(properties)
        if list_id is None or list_id == "0" or list_id not in self._lists:
            return ""
        return self._next(list_id, min(max(level, 0), LEVELS - 1))

    def _place(self, properties: Element | None) -> tuple[str | None, int]:
        direct = child(properties, "numPr")
        list_id = _value(child(direct, "numId"))
        level = _number(_value(child(direct, "ilvl")))
        if list_id is not None:
            return list_id, level or 0
        for key, style in self._styles.chain(_value(child(properties, "pStyle")) or self._styles.default):
            if style.list_id is None:
                continue
            if level is None:
                level = self._linked_level(style.list_id, key)
            return style.list_id, (style.level or 0) if level is None else level
        return None, 0

    def _linked_level(self, list_id: str, style: str) -> int | None:
        found = self._lists.get(list_id)
        if found is None:
            return None
        levels = {**self._abstract.get(self._resolve(found.abstract), {}), **found.levels}
        return next((index for index, level in levels.items() if level.paragraph_style == style), None)

    def _next(self, list_id: str, at: int) -> str:
        found = self._lists[list_id]
        abstract = self._resolve(found.abstract)
        levels = {**self._abstract.get(abstract, {}), **found.levels}
        level = levels.get(at, Level())
        counters = self._counters.setdefault(abstract, [None] * LEVELS)
        current = counters[at]
        if at in found.starts and (list_id, at) not in self._started:
            current = None
            level = replace(level, start=found.starts[at])
        self._started.add((list_id, at))
        counters[at] = level.start if current is None else current + 1
        for deeper in range(at + 1, LEVELS):
            restart = levels.get(deeper, Level()).restart
            if restart is None or at < restart:
                counters[deeper] = None
        return _label(level, at, levels, counters)

    def _resolve(self, abstract: str) -> str:
        """Follow w:numStyleLink to the list that holds the levels."""
        for _ in range(8):
            style = self._links.get(abstract)
            target = self._lists.get(self._styles.list_of(style) or "") if style else None
            if target is None or target.abstract == abstract:
                break
            abstract = target.abstract
        return abstract

    @staticmethod
    def _list(element: Element) -> _List:
        found = _List(_value(child(element, "abstractNumId")) or "")
        for override in element:
            if local(override) != "lvlOverride":
                continue
            index = _index(override)
            start = _number(_value(child(override, "startOverride")))
            if start is not None:
                found.starts[index] = start
            if (level := child(override, "lvl")) is not None:
                found.levels[index] = _level(level)
        return found


def _label(level: Level, at: int, levels: dict[int, Level], counters: list[int | None]) -> str:
    if level.style == "bullet":
        # Symbol fonts put their bullets in the private area, where no other font has anything.
        mark = level.text[:1]
        number = "•" if not mark or "\ue000" <= mark <= "\uf8ff" or mark in "·§Øüul" else mark
    else:

        def one(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            if index > at or index < 0:
                return ""
            other = levels.get(index, Level())
            value = counters[index]
            style = "decimal" if level.legal and other.style != "none" else other.style
            return written(other.start if value is None else value, style)

        number = re.sub(r"%(\d)", one, level.text)
    if not number or level.suffix == "nothing" or number.endswith(_CLOSES_ITSELF):
        return number
    return number + " "


def _level(element: Element) -> Level:
    def value(tag: str) -> str | None:
        return _value(child(element, tag))

    style = value("numFmt")
    if style is None:
        # Formats newer than the standard stand behind mc:AlternateContent with a fallback of the old kind.
        alternate = child(child(element, "AlternateContent"), "Fallback")
        style = _value(child(alternate, "numFmt")) or "decimal"
    start = _number(value("start"))
    legal = child(element, "isLgl")
    return Level(
        start=0 if start is None and style == "none" else 1 if start is None else start,
        style=style,
        text=value("lvlText") or "",
        suffix=value("suff") or "tab",
        restart=_number(value("lvlRestart")),
        legal=legal is not None and _value(legal) not in ("0", "false"),
        paragraph_style=value("pStyle"),
    )


def _value(element: Element | None) -> str | None:
    return None if element is None else attribute(element, "val")


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else max(0, min(int(text), 1_000_000))
    except ValueError:
        return None


def _index(element: Element) -> int:
    return _number(attribute(element, "ilvl")) or 0

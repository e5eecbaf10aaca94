"""Lists of duties: 甲局：…, 甲局负责…，乙局配合. Who is meant is the subject, not a bracket."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.reading.statement import Role, Statement
from gongkai.reading.units import Unit, looks_like_unit, split_units


@dataclass(slots=True)
class Duty:
    """[start, end) of one duty's words, the unit included, and who answers."""

    start: int
    end: int
    statement: Statement


_ADDRESSED = re.compile(r"(?P<unit>[^:。;,]{2,40}?)(?:的?(?:主要|工作)?职责)?\s*:\s*(?=\S)")
_SLOT_LIKE = re.compile(r"[^。]{0,6}(?:单位|部门)[:：]")
_TITLE = re.compile(
    r"(?:第[一二三四五六七八九十]+[章条]|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|[0-9]+[、.]|\([0-9]+\)|[①-⑳])?\s*"
    r"(?P<units>[^。;:,]{2,40}?)(?:的)?(?:主要|工作)?(?:职责|任务)?(?=[。\n ]|$)"
)
_SENTENCE = re.compile(r"[^。;]+[。;]?")
_OPENS = re.compile("如下[:：]")
_SUBJECT = re.compile(
    r"\s*(?!配合|协助|会同|与|并|对)(?:由)?(?P<units>[^,。;:]{2,50}?)(?:的?(?:主要|工作)?职责(?=:)|按照?职责(?:分工)?|根据职责(?:分工)?|分别|要|应)?"
    r"(?P<verb>(?:共同|具体|主要|牵头)?(?:负责|牵头|承担|配合|做好|要)|:)"
)
_HELPS = re.compile(
    r"(?:[,，。;]|^)\s*(?P<a>[^,。;]{2,40}?)(?:予以|给予|积极|共同|协助)?配合(?=[,。;]|$)"
    r"|[,，]?\s*与(?P<b>[^,。;]{2,30}?)配合"
    r"|(?:[,，。;]|^)\s*(?P<c>[^,。;]{2,30}?)(?:提供|给予)[^,。;]{0,12}(?:支持|协助)"
)


def names_only(flat: str, text: str, start: int, end: int) -> list[Unit]:
    """The units in [start, end), or none when anything there does not look like a unit."""
    units = split_units(flat, text, start, end)
    return units if all(looks_like_unit(u.text) for u in units) else []


def is_addressed(flat: str, start: int, end: int) -> bool:
    """甲局：… with something after the colon."""
    match = _ADDRESSED.match(flat, start, end)
    return match is not None and looks_like_unit(match["unit"]) and bool(flat[match.end() : end].strip())


def addressed(flat: str, text: str, start: int, end: int) -> Duty | None:
    """甲局：what it takes on, to the end of the item. A slot (责任单位：…) is none."""
    match = _ADDRESSED.match(flat, start, end)
    if match is None or _SLOT_LIKE.match(flat, start, min(end, start + 12)):
        return None
    units = names_only(flat, text, *match.span("unit"))
    if not units:
        return None
    statement = Statement(start, match.end(), responsible=units)
    _add_help(flat, text, statement, match.end(), end)
    return Duty(start, end, statement)


def under_title(flat: str, text: str, title: tuple[int, int], start: int, end: int) -> Duty | None:
    """（一）甲局。负责…, （一）甲局职责。…, or a paragraph under a heading that is a unit's name; `title` is where that stands."""
    match = _TITLE.match(flat, title[0], min(title[1], title[0] + 60))
    units = names_only(flat, text, *match.span("units")) if match else []
    if match is None or not units:
        return None
    statement = Statement(*match.span("units"), responsible=units)
    _add_help(flat, text, statement, start, end)
    return Duty(start, end, statement)


def sentences(flat: str, text: str, start: int, end: int) -> list[Duty]:
    """甲局负责…。乙局牵头…，丙局配合。 A new unit after 。 or ； starts the next duty, further sentences on the same unit do not.

    The sentence that opens the section (由…共同牵头，具体分工如下：) is none.
    """
    duties: list[Duty] = []
    opening = _OPENS.search(flat, start, min(end, start + 200))
    for match in _SENTENCE.finditer(flat, opening.end() if opening else start, end):
        subject = _SUBJECT.match(flat, match.start(), match.end())
        units = names_only(flat, text, *subject.span("units")) if subject else []
        if subject and units:
            statement = Statement(match.start(), subject.end("units"))
            role: Role = "lead" if "牵头" in subject["verb"] else "support" if "配合" in subject["verb"] else "responsible"
            statement.add(role, units)
            duties.append(Duty(match.start(), match.end(), statement))
        elif duties:
            duties[-1].end = match.end()
    for duty in duties:
        _add_help(flat, text, duty.statement, duty.start, duty.end)
    return duties


def _add_help(flat: str, text: str, statement: Statement, start: int, end: int) -> None:
    """Who is said to help in the words of a duty: 乙局配合, 与乙局配合, 乙局提供支持."""
    for match in _HELPS.finditer(flat[start:end]):
        group = next(g for g in "abc" if match[g] is not None)
        units = names_only(flat, text, start + match.start(group), start + match.end(group))
        have = {u.text for u in [*statement.lead, *statement.responsible]}
        statement.add("support", [u for u in units if u.text not in have])

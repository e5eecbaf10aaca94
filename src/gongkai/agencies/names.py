"""How bodies are named: normal form, short names derived by rule, collective wordings. Plain functions over the data in rules/."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

CollectiveRule = Literal["lower_governments", "departments", "everyone", "vague"]
_JOINERS = re.compile(r"[、，,；;/和及与（）()\[\]〔〕【】\s]")
_AND = re.compile(r"(?<=[\u4e00-\u9fff]{2})[和与](?=[\u4e00-\u9fff]{2})")


def normal(text: str) -> str:
    """One form for equal names: NFKC, no white space, Chinese brackets, no punctuation around."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    folded = unicodedata.normalize("NFKC", folded)  # signs that stood alone may have met a letter
    return folded.translate({ord("("): "（", ord(")"): "）"}).strip("，。；、：,.;:")


@cache
def _rules(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.agencies").joinpath(f"rules/{name}.toml").read_text("utf-8"))


def level_words(place: str) -> list[str]:
    """What may stand for the place in its own documents: 清河市 → 市; 某某自治县 → 自治县, 县."""
    for row in _rules("short_names")["level"]:
        if place.endswith(row["ends"]) and len(place) > len(row["ends"]):
            return list(row["short"])
    return []


@dataclass(frozen=True)
class Derived:
    """The wordings that follow from one full name by rule, the full name not among them."""

    placed: frozenset[str]
    """With the place or a word for it in front: 清河市发改委, 市发改委."""
    bare: frozenset[str]
    """Without: 发改委, as used after a unit that carries the place (市财政局、发改委)."""


@cache
def derive(name: str, place: str, place_short: str = "") -> Derived:
    """Short names of the body `name` of the jurisdiction `place`."""
    befores, rest = [""], name
    for row in _rules("short_names")["before"]:
        if name.startswith(row["full"]):
            befores, rest = [row["full"], *row["short"]], name[len(row["full"]) :]
            break
    place_short = place_short if len(place_short) > 1 else ""
    lead = next((word for word in (place, place_short) if word and rest.startswith(word) and rest != word), "")
    shorts = shortened(rest[len(lead) :])
    if not lead:  # a body named after something else (某某开发区管理委员会): only its own words shorten
        return Derived(frozenset(before + short for before in befores for short in shorts) - {name}, frozenset())
    places = [place, *level_words(place), *([place_short] if place_short else [])]
    placed = {before + word + short for before in befores for word in places for short in shorts}
    bare = {short.removeprefix("委") for short in shorts} if "" in befores else set()  # 市委宣传部: 委 belongs to the place
    return Derived(frozenset(placed - {name}), frozenset(s for s in bare if len(s) >= 2))


@cache
def shortened(rest: str) -> frozenset[str]:
    """`rest` (a name after its place) and its short forms: 发展和改革委员会 → 发改委, 发展改革委 …"""
    functions = {row["full"]: row for row in _rules("short_names")["function"]}
    forms = {rest, _AND.sub("", rest)}
    bodies = sorted((row for row in _rules("short_names")["body"] if rest.endswith(row["full"])), key=lambda row: -len(row["full"]))
    for n, body in enumerate(bodies):
        full_body, function = body["full"], rest[: -len(body["full"])]
        entry = functions.get(function)
        if entry and "with" in entry and not any(full_body.startswith(word) for word in entry["with"]):
            entry = None
        if not function:
            forms.update(body["short"])  # 人民政府 → 政府
            continue
        if n and not entry:
            continue
        for head in (function, _AND.sub("", function), *(entry["short"] if entry else ())):
            for tail in (full_body, *body["short"]):
                if len(head) > 1 or (tail != full_body or not body["short"]) or head == function:
                    forms.add(head + tail)
    return frozenset(forms)


def function_words(text: str) -> frozenset[str]:
    """The functions (full form) that a wording speaks of, in any of their forms of two characters or more."""
    found = []
    for row in _rules("short_names")["function"]:
        if any(form in text for form in (row["full"], *row["short"]) if len(form) > 1):
            found.append(row["full"])
    return frozenset(f for f in found if not any(f != g and f in g for g in found))


@dataclass(frozen=True)
class CollectiveWording:
    rule: CollectiveRule
    doubt: str = ""
    """For vague wordings: what the reviewer is told, to be read after the wording itself."""


@cache
def _patterns() -> list[tuple[re.Pattern[str], CollectiveWording]]:
    table = _rules("collective_names")
    return [
        (re.compile(row["match"].replace("{place}", table["place"])), CollectiveWording(row["rule"], row.get("doubt", "")))
        for row in table["pattern"]
    ]


def collective_wording(text: str) -> CollectiveWording | None:
    """What set a wording means by the nationally common patterns; None when it is no collective name."""
    bare = _JOINERS.sub("", normal(text))
    if not 2 <= len(bare) <= 60:
        return None
    return next((meaning for pattern, meaning in _patterns() if pattern.fullmatch(bare)), None)

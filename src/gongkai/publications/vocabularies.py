"""The code lists of metadata as data: themes, genres, labels, what is required (rules/*.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Theme:
    """A class (`code` of two digits) or a subclass of one (four)."""

    code: str
    name: str
    parent: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Genre:
    """`official`: one of the fifteen kinds of 公文."""

    code: str
    name: str
    official: bool
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    attribute: str
    redacted: bool


@dataclass(frozen=True, slots=True)
class LabelSet:
    code: str
    name: str
    citation: str
    certainty: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Required:
    """A field that must be filled; empty `kinds` or `attributes` mean all."""

    field: str
    sentence: str
    citation: str
    certainty: str
    kinds: frozenset[str]
    attributes: frozenset[str]

    def holds_for(self, kind: str, attribute: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (not self.attributes or attribute in self.attributes)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.publications").joinpath("rules", name).read_text("utf-8"))


@cache
def themes() -> dict[str, Theme]:
    """Every class followed by its subclasses, by code."""
    found: dict[str, Theme] = {}
    for row in _read("themes.toml")["class"]:
        found[row["code"]] = Theme(row["code"], row["name"], "", row["certainty"])
        for n, name in enumerate(row["subclasses"], 1):
            code = f"{row['code']}{99 if name == '其他' else n:02}"
            found[code] = Theme(code, name, row["code"], row["certainty"])
    return found


def theme_words(code: str) -> str:
    """综合政务\\政务公开, as the State Council's catalogue prints it; the code itself where the list has it no more."""
    theme = themes().get(code)
    if theme is None:
        return code
    return f"{themes()[theme.parent].name}\\{theme.name}" if theme.parent else theme.name


@cache
def genres() -> dict[str, Genre]:
    return {row["code"]: Genre(row["code"], row["name"], row["official"], tuple(row["ends"])) for row in _read("genres.toml")["genre"]}


def genre_words(code: str) -> str:
    return genres()[code].name if code in genres() else code


def genre_of_title(title: str) -> str:
    """The genre a title ends in; empty where none is told. 关于印发…办法的通知 is a 通知."""
    trimmed = title.strip().rstrip("）)》”").strip()
    endings = sorted(((end, g.code) for g in genres().values() for end in g.ends), key=lambda pair: -len(pair[0]))
    return next((code for end, code in endings if trimmed.endswith(end)), "")


@cache
def label_sets() -> dict[str, LabelSet]:
    """By code; the first is for places that chose none."""
    return {
        row["code"]: LabelSet(
            row["code"],
            row["name"],
            row["citation"],
            row["certainty"],
            tuple(Label(one["text"], one["attribute"], one["redacted"]) for one in row["labels"]),
        )
        for row in _read("labels.toml")["set"]
    }


@cache
def required() -> tuple[Required, ...]:
    return tuple(
        Required(
            row["field"],
            row["sentence"],
            row["citation"],
            row["certainty"],
            frozenset(row.get("kinds", ())),
            frozenset(row.get("attributes", ())),
        )
        for row in _read("metadata.toml")["required"]
    )

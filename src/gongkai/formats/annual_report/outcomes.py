"""The 21 outcomes of a request, read from rules/outcomes.toml: for the reply form and for the rows of the annual report alike."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

Remedy = Literal["review_first", "both"]
NEEDS = frozenset(
    {"documents", "route", "withheld", "ground", "secrecy", "law", "harm", "third_party", "public_interest", "information_kind"}
    | {"law_opens", "registry", "search", "other_agency", "clarification", "channel", "earlier_reply", "publication", "frequency"}
    | {"fee_notice"}
)
"""What a reply form can be told to ask; the words are at the head of outcomes.toml."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One of two cases of the law that share a row of the table."""

    code: str
    title: str
    article: str
    letter: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fields are described at the head of outcomes.toml."""

    code: str
    row: str
    row_2019: str
    title: str
    letter: str
    article: str
    duty: Literal["must", "may", ""]
    remedy: Remedy
    needs: tuple[str, ...]
    certainty: str
    situations: tuple[Situation, ...]

    @property
    def is_refusal(self) -> bool:
        """不予公开 under Articles 14 to 16, in whole or in part: the ones that a second person looks at."""
        return self.remedy == "review_first"

    def situation(self, code: str) -> Situation | None:
        return next((one for one in self.situations if one.code == code), None)

    def asked(self, situation: str = "") -> tuple[str, ...]:
        """What the reply form asks."""
        found = self.situation(situation)
        return found.needs if found else self.needs


@cache
def outcomes() -> Mapping[str, Outcome]:
    """Code → outcome, in the order of the table."""
    text = resources.files("gongkai.formats.annual_report").joinpath("rules/outcomes.toml").read_text("utf-8")
    return {row["code"]: _outcome(row) for row in tomllib.loads(text)["outcome"]}


@cache
def by_row() -> Mapping[str, Outcome]:
    """Row of table three (2021) → the outcome counted there."""
    return {one.row: one for one in outcomes().values()}


def _outcome(row: Mapping[str, Any]) -> Outcome:
    situations = tuple(Situation(**{**one, "needs": tuple(one["needs"])}) for one in row.get("situations", ()))
    plain = {key: value for key, value in row.items() if key not in ("needs", "situations", "row_2019")}
    return Outcome(**plain, row_2019=row.get("row_2019", row["row"]), needs=tuple(row["needs"]), situations=situations)

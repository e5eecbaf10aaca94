"""The outcomes as the form offers them: groups of the annual table, least refusal first, each with its article and when it applies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from gongkai.catalogue import grounds
from gongkai.disclosure_requests.letters.wording import article_of, letter_of
from gongkai.formats.annual_report.outcomes import Outcome, outcomes

DUTY = {"must": "应当不予公开", "may": "可以不予公开，不是必须", "": ""}


@dataclass(frozen=True, slots=True)
class Choice:
    """`letter`: outcome and situation in one word, as the address of the form has it."""

    letter: str
    outcome: Outcome
    situation: str
    title: str
    article: str
    when: str

    @property
    def duty(self) -> str:
        return "应当区分处理" if self.outcome.code == "partly_open" else DUTY[self.outcome.duty]


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    choices: tuple[Choice, ...]


@cache
def _rules() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("gongkai.disclosure_requests").joinpath("rules/choosing.toml").read_text("utf-8"))


@cache
def groups() -> tuple[Group, ...]:
    rules = _rules()
    every = choices().values()
    return tuple(
        Group(one["title"], tuple(choice for choice in every if choice.outcome.row.startswith(one["prefix"]))) for one in rules["group"]
    )


@cache
def choices() -> Mapping[str, Choice]:
    """Letter → choice, in the order of the table."""
    made: dict[str, Choice] = {}
    for outcome in outcomes().values():
        for situation in [one.code for one in outcome.situations] or [""]:
            letter = letter_of(outcome, situation)
            one = outcome.situation(situation)
            title = one.title if one else outcome.title.partition("（")[0]
            made[letter] = Choice(letter, outcome, situation, title, article_of(outcome, situation), _rules()["when"][letter])
    return made


def choice_of(outcome: str, situation: str) -> Choice | None:
    one = outcomes().get(outcome)
    return choices().get(letter_of(one, situation)) if one else None


def ground_ids(outcome: str) -> tuple[str, ...]:
    """The grounds an outcome may rest on; empty for what is no refusal."""
    return tuple(_rules()["grounds"].get(outcome, ()))


def ground_choices(outcome: str) -> list[tuple[str, str]]:
    found = [grounds.ground(ident) for ident in ground_ids(outcome)]
    return [(one.id, f"{one.name}（{one.bind_words}，{one.clause}）") for one in found if one]


def warnings(choice: Choice) -> list[str]:
    """What to think of before this outcome is taken."""
    found = []
    if choice.outcome.is_refusal and choice.outcome.code != "partly_open":
        found.append("能够作区分处理的，应当提供可以公开的部分（条例第三十七条）：请先考虑“部分公开”。")
    if choice.outcome.duty == "may":
        found.append("条例第十六条是“可以不予公开”：公开不妨碍工作的，应当公开。")
    if choice.outcome.is_refusal:
        found.append("不予公开的答复要由另一人复核，并经保密审查；申请人不服的，先申请行政复议。")
    return found


def suggestions(text: str) -> list[tuple[str, str]]:
    """(ground, the words that hint at it) in what was asked: for a person to think of, never a decision."""
    return [(f"{one.name}（{one.bind_words}，{one.clause}）", "、".join(words)) for one, words in grounds.suggested(text)[:3]]

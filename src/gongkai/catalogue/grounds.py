"""The grounds on which government information is not opened (条例第十四条至第十六条), as dated data in rules/grounds.toml.

The one list for the negative list of this app, for `publications` (`Revision.ground` keeps a ground's `id`) and for whoever refuses:

    from gongkai.catalogue.grounds import choices, ground, suggested
    ground("16.draft").must            # False: 可以不予公开
    choices()                          # [("14.secret", "国家秘密（应当不予公开，第十四条）"), …] for a form
    [g.id for g, words in suggested("关于报送修改稿的请示")]   # ["16.draft", "16.report"]: a hint to a person, never a decision

Whether a ground must or may be applied is the law's to say (`bind`), never typed by hand.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

BIND = {"must": "应当不予公开", "may": "可以不予公开"}
CERTAINTY = {"read": "已核原文", "memory": "凭记忆"}


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground. `lifted` says what opens the information all the same; `words` are signs of it in a text."""

    id: str
    name: str
    words_of_law: str
    article: str
    effective_from: date
    bind: str
    lifted: str
    words: tuple[str, ...]
    certainty: str
    effective_to: date | None = None

    @property
    def must(self) -> bool:
        return self.bind == "must"

    @property
    def bind_words(self) -> str:
        return BIND[self.bind]

    @property
    def clause(self) -> str:
        """第十四条, 第十六条第一款: the article without the name of the regulation."""
        return self.article.partition("）")[2]

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@cache
def _table() -> dict[str, Ground]:
    rows = tomllib.loads(resources.files("gongkai.catalogue").joinpath("rules/grounds.toml").read_text("utf-8"))["ground"]
    found = {row["id"]: Ground(**{**row, "words": tuple(row["words"])}) for row in rows}
    wrong = [row.id for row in found.values() if row.bind not in BIND or row.certainty not in CERTAINTY]
    if len(found) != len(rows) or wrong:
        raise ValueError(f"grounds.toml：编号重复，或者 {'、'.join(wrong)} 的 bind、certainty 不对")
    return found


def grounds(on: date | None = None) -> tuple[Ground, ...]:
    """All grounds in the order of the law; with `on` those in force on that day."""
    return tuple(row for row in _table().values() if on is None or row.holds_on(on))


def ground(id: str) -> Ground | None:
    """The ground of that id; None for an unknown one, so that a row kept under a former list can still be shown."""
    return _table().get(id)


def choices(on: date | None = None) -> list[tuple[str, str]]:
    """For a form: what must not be opened first, as in the law."""
    return [(row.id, f"{row.name}（{row.bind_words}，{row.clause}）") for row in grounds(on)]


def suggested(text: str, on: date | None = None) -> list[tuple[Ground, tuple[str, ...]]]:
    """The grounds whose signs stand in the text, with those signs, most signs first. A hint: an empty list opens nothing by itself."""
    found = [(row, tuple(word for word in row.words if word in text)) for row in grounds(on)]
    return sorted(((row, words) for row, words in found if words), key=lambda pair: -len(pair[1]))

"""Fields and channels as one place words them: the rules' own, renamed, left out or added to by the place (models.Term)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from gongkai.catalogue.models import Term
from gongkai.catalogue.rulebook import plain, standard


@dataclass(frozen=True, slots=True)
class Field:
    """公开领域. `ministry` issued its standard; `certainty`: how sure we are; `later`: not one of the first 26; `own`: of this place."""

    code: str
    name: str
    ministry: str = ""
    certainty: str = ""
    also: tuple[str, ...] = ()
    later: bool = False
    own: bool = False
    basis: str = ""


@cache
def standard_fields() -> tuple[Field, ...]:
    table: dict[str, Any] = tomllib.loads(resources.files("gongkai.catalogue").joinpath("rules/fields.toml").read_text("utf-8"))
    return tuple(Field(**{**row, "also": tuple(row.get("also", ()))}, basis=table["citation"]) for row in table["field"])


@dataclass(slots=True)
class Terms:
    """The words of one place, read in one query."""

    place_id: int | None
    fields: dict[str, Field] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    """Code → name, in the order of the table."""
    _channel_words: dict[str, str] = field(default_factory=dict)

    def channel_of(self, words: str) -> str:
        """The code of a channel; empty when this place knows none by these words."""
        return self._channel_words.get(plain(words), "")

    def channel_name(self, value: str) -> str:
        """`other:微信群` keeps the words of a ticked channel that is on no list."""
        code, _, words = value.partition(":")
        name = self.channels.get(code) or standard().names("channel").get(code) or code
        return f"{name}：{words}" if words else name

    def field_name(self, code: str) -> str:
        known = self.fields.get(code) or next((f for f in standard_fields() if f.code == code), None)
        return known.name if known else code


def terms_of(place_id: int | None) -> Terms:
    own = list(Term.objects.filter(jurisdiction=place_id)) if place_id else []
    terms = Terms(place_id)
    terms.fields = {f.code: f for f in standard_fields()}
    terms.channels = standard().names("channel")
    words = dict(standard().by_word["channel"])
    for row in own:
        if row.kind == Term.Kind.FIELD:
            old = terms.fields.pop(row.code, None)
            if not row.unused:
                terms.fields[row.code] = Field(
                    row.code,
                    row.name,
                    old.ministry if old else "",
                    old.certainty if old else "",
                    (*old.also, old.name) if old else (),
                    old.later if old else False,
                    own=True,
                    basis=row.basis or (old.basis if old else ""),
                )
        elif row.unused:
            terms.channels.pop(row.code, None)
        else:
            terms.channels[row.code] = row.name
            words[plain(row.name)] = row.code
    if "other" in terms.channels:  # stands last in every table
        terms.channels["other"] = terms.channels.pop("other")
    terms._channel_words = {word: code for word, code in words.items() if code in terms.channels}
    return terms

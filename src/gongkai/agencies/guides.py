"""政府信息公开指南: generated from what the agency has filled in, what the law says, and the words of its place; checked for what lacks.

Every change of what it says gives a new dated version (条例第十二条: 及时更新); earlier ones stay readable.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gongkai.agencies.models import Agency, AgencyProfile, GuideText, GuideVersion, Jurisdiction, User
from gongkai.agencies.queries import living
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import UNITS, limit
from gongkai.journal.actions import Change, record_many

UNFILLED = "（尚未填写）"


@dataclass(frozen=True, slots=True)
class Field:
    """A field the law names. `instead`: the agency's own field that stands in for an empty one of its intake body."""

    name: str
    label: str
    of: str
    mend: str
    article: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the guide as rules/guide.toml has it."""

    code: str
    title: str
    article: str
    text: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    citation: str
    kinds: tuple[str, ...]
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.code == code), None)


@cache
def rules() -> Rules:
    table = tomllib.loads(resources.files("gongkai.agencies").joinpath("rules/guide.toml").read_text("utf-8"))
    fields = tuple(
        Field(row["name"], row["label"], row["of"], row["mend"], row.get("article", table["citation"]), row.get("else", ""))
        for row in table["field"]
    )
    names = ("text", "rows", "steps", "limits")
    parts = tuple(
        Part(row["code"], row["title"], row["article"], **{name: tuple(row.get(name, ())) for name in names}) for row in table["part"]
    )
    return Rules(table["citation"], tuple(table["kinds"]), fields, parts)


def confirm_days() -> int:
    """How old a confirmation may be. No law sets it: GONGKAI_GUIDE_DAYS."""
    return int(getattr(settings, "GUIDE_DAYS", 365))


def profile_of(agency: Agency) -> AgencyProfile:
    """The row of the agency, or an empty one that is not saved."""
    try:
        return agency.profile
    except AgencyProfile.DoesNotExist:
        return AgencyProfile(agency=agency)


def value_of(agency: Agency, profile: AgencyProfile, field: Field) -> str:
    """What stands in a field, or in the one that stands in for it. An address on the net answers for a missing e-mail (互联网联系方式)."""
    own = getattr(agency if field.of == "agency" else profile, field.name)
    if not own and field.name == "intake_email":
        own = profile.intake_url
    if not own and field.instead:
        own = getattr(agency if hasattr(agency, field.instead) and field.instead in ("address", "phone") else profile, field.instead)
    return str(own).strip()


def missing(agency: Agency, profile: AgencyProfile | None = None) -> list[Field]:
    """The fields that stand empty, each with its mend. No query where the profile is loaded."""
    kept = profile or profile_of(agency)
    return [field for field in rules().fields if not value_of(agency, kept, field)]


@dataclass(slots=True)
class Health:
    """How it stands with the guide of one agency. `state`: complete, incomplete, stale, never (nobody has confirmed it)."""

    agency: Agency
    lacking: list[Field]
    confirmed_on: date | None
    today: date

    @property
    def state(self) -> str:
        if self.lacking:
            return "incomplete"
        if self.confirmed_on is None:
            return "never"
        return "stale" if self.confirmed_on + timedelta(confirm_days()) < self.today else "complete"

    @property
    def word(self) -> str:
        return STATES[self.state][0]

    @property
    def css(self) -> str:
        return STATES[self.state][1]


STATES = {
    "complete": ("齐全", "ok circle"),
    "incomplete": ("缺项", "late cross"),
    "never": ("没有核对过", "warn diamond"),
    "stale": ("超过时限没有核对", "warn diamond"),
}
"""State: (word, css)."""


def owing(rows: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of `rows` who must have a guide, living today, with their profiles."""
    return living(rows).filter(kind__in=rules().kinds).select_related("jurisdiction", "profile")


def health(agencies: Iterable[Agency], today: date) -> list[Health]:
    """No query where profiles are loaded (`owing`)."""
    found = []
    for agency in agencies:
        profile = profile_of(agency)
        found.append(Health(agency, missing(agency, profile), profile.confirmed_on, today))
    return found


# -- the guide itself -------------------------------------------------------------------------------------------------


def texts_of(place: int) -> dict[str, str]:
    """Part → the words of the place."""
    return dict(GuideText.objects.filter(jurisdiction=place).values_list("part", "text"))


def compose(agency: Agency, profile: AgencyProfile, texts: Mapping[str, str], on: date) -> list[dict[str, Any]]:
    """What the guide says on this day, as GuideVersion.content keeps it."""
    words = {"agency": agency.name, "place": agency.jurisdiction.name, "intake": profile.intake_name or agency.name}
    labels = {name: str(getattr(AgencyProfile._meta.get_field(name), "verbose_name", name)) for name in rules_rows()}
    by_name = {field.name: field for field in rules().fields}
    found = []
    for part in rules().parts:
        said = words | _limits(part, on)
        own = texts.get(part.code, "")
        paragraphs = own.splitlines() if own else [_fill(text, said) for text in part.text]
        rows = []
        for name in part.rows:
            field = by_name.get(name)
            value = value_of(agency, profile, field) if field else str(getattr(profile, name))
            if value or field:
                rows.append([field.label if field else labels[name], value or UNFILLED])
        found.append(
            {
                "code": part.code,
                "title": part.title,
                "article": part.article,
                "paragraphs": [line.strip() for line in paragraphs if line.strip()],
                "rows": rows,
                "steps": [_fill(step, said) for step in part.steps],
            }
        )
    return found


def rules_rows() -> tuple[str, ...]:
    return tuple(name for part in rules().parts for name in part.rows)


def _limits(part: Part, on: date) -> dict[str, str]:
    """The limits in force on the day, by id; what an extension may add at most as `<id>_cap`."""
    said = {}
    for id in part.limits:
        try:
            row = limit(id, on)
        except ClockError:
            said[id] = said[f"{id}_cap"] = "法律规定的期限"
            continue
        said[id] = row.words
        said[f"{id}_cap"] = f"{row.cap} {UNITS[row.unit]}"
    return said


def _fill(text: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def latest(agency: Agency) -> GuideVersion | None:
    return GuideVersion.objects.filter(agency=agency).order_by("-number").first()


def renew(agencies: Iterable[Agency], actor: User | None, note: str) -> list[GuideVersion]:
    """A new version for each whose guide says something else than its last one does. Three statements whatever their number; inside the
    transaction of the change. `agencies` come with jurisdiction and profile loaded.
    """
    wanted = [agency for agency in agencies if agency.kind in rules().kinds]
    if not wanted:
        return []
    today = timezone.localdate()
    last: dict[int, GuideVersion] = {}
    newest = GuideVersion.objects.filter(agency=OuterRef("agency")).order_by("-number").values("number")[:1]
    for row in GuideVersion.objects.filter(agency__in=wanted, number=Subquery(newest)):
        last[row.agency_id] = row
    texts: dict[int, dict[str, str]] = {}
    for kept in GuideText.objects.filter(jurisdiction__in={agency.jurisdiction_id for agency in wanted}):
        texts.setdefault(kept.jurisdiction_id, {})[kept.part] = kept.text
    made = []
    for agency in wanted:
        content = compose(agency, profile_of(agency), texts.get(agency.jurisdiction_id, {}), today)
        before = last.get(agency.pk)
        if before is None or before.content != content:
            number = before.number + 1 if before else 1
            made.append(GuideVersion(agency=agency, number=number, on=today, content=content, made_by=actor, note=note[:300]))
    GuideVersion.objects.bulk_create(made)
    record_many(
        Change("guide.renewed", row, actor, {}, {"number": row.number, "on": row.on}, row.agency_id, row.agency.jurisdiction_id, note[:300])
        for row in made
    )
    return made


def of_place(place: Jurisdiction) -> QuerySet[Agency]:
    return owing(Agency.objects.filter(jurisdiction=place))


def stale(today: date) -> QuerySet[Agency]:
    """Whoever has not confirmed within the setting, or never; fields that lack are found in Python (missing)."""
    old = today - timedelta(confirm_days())
    rows = owing(Agency.objects.all())
    return rows.filter(Q(profile__isnull=True) | Q(profile__confirmed_on__isnull=True) | Q(profile__confirmed_on__lt=old))

"""What a unit named in a document is: an agency, one of the issuer's sections, a collective name, or nothing the directory knows.

Order: full name, registered alias, name derived by rule with its place, the same without (人社局 after 市发改委), section of the issuer,
collective name. A wording that fits two agencies equally is never decided here: both become suggestions and a person chooses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

import ahocorasick
from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz

from gongkai.agencies.models import Agency, AgencyAlias, CollectiveName, Jurisdiction, Section
from gongkai.agencies.names import collective_wording, derive, function_words, level_words, normal

How = Literal["name", "alias", "derived", "section", "collective", "vague", ""]
NAME, ALIAS, PLACED, BARE = range(4)
_HOW: dict[int, How] = {NAME: "name", ALIAS: "alias", PLACED: "derived", BARE: "derived"}
_PLACE_ENDS = frozenset("省市州盟县区旗乡镇")
LEAST_SCORE = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    agency: Agency
    score: int
    """0 to 100."""
    why: str


@dataclass(slots=True)
class Match:
    """At most one of `agency` and `collective`.

    `collective` may be a row not saved yet (found by pattern); actions.keep_collective saves it.
    """

    text: str
    agency: Agency | None = None
    section: Section | None = None
    collective: CollectiveName | None = None
    how: How = ""
    doubt: str = ""
    """Why a person has to decide, for vague wordings (相关部门)."""
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def resolved(self) -> bool:
        return self.agency is not None or self.collective is not None

    @property
    def is_unknown(self) -> bool:
        """Names somebody, whom the directory does not know: worth an AgencySuggestion. Vague wordings name nobody."""
        return not self.resolved and self.how != "vague"


class Directory:
    """The names understood in documents of one jurisdiction: its agencies, those above it and those one level below.

    Reads the database once (five queries, whatever the size) and lives as long as one piece of work; `issuer` adds its sections.
    """

    def __init__(self, jurisdiction: Jurisdiction, issuer: Agency | None = None, today: date | None = None) -> None:
        self.jurisdiction = jurisdiction
        self.issuer = issuer
        self.today = today or timezone.localdate()
        above = self._above()
        rows = Agency.objects.filter(Q(jurisdiction__in=[jurisdiction.pk, *above]) | Q(jurisdiction__parent=jurisdiction))
        self.agencies: dict[int, Agency] = {a.pk: a for a in rows.select_related("jurisdiction", "successor").order_by("code")}
        self._index: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for agency in self.agencies.values():
            self._add(agency, own=agency.jurisdiction_id == jurisdiction.pk, above=agency.jurisdiction_id in above)
        for alias in AgencyAlias.objects.filter(agency__in=list(self.agencies)).select_related("jurisdiction"):
            if alias.origin == AgencyAlias.Origin.FORMER and self._borne_by_another(alias):
                continue
            if alias.jurisdiction_id == jurisdiction.pk or self._carries_place(
                alias.text, alias.jurisdiction, alias.jurisdiction_id in above
            ):
                self._index[alias.text][ALIAS].add(alias.agency_id)
        self.sections: dict[str, Section] = {}
        self.with_issuer(issuer)
        self.collectives = {
            c.text: c for c in CollectiveName.objects.filter(jurisdiction=jurisdiction).prefetch_related("members").order_by("pk")
        }

    def _borne_by_another(self, alias: AgencyAlias) -> bool:
        """Whether a former name is, on the day, the name of somebody else: the agency that was merged since, or a later one."""
        return any(
            pk != alias.agency_id and self.agencies[pk].existed_on(self.today)
            for rank, ids in self._index.get(alias.text, {}).items()
            if rank in (NAME, ALIAS)
            for pk in ids
        )

    def with_issuer(self, issuer: Agency | None) -> Directory:
        """Adds the sections of the agency that issued the document; one more query."""
        self.issuer = issuer
        self.sections = {normal(s.name): s for s in Section.objects.filter(agency=issuer, valid_to__isnull=True)} if issuer else {}
        return self

    def _above(self) -> list[int]:
        """The jurisdictions above, without walking the tree row by row."""
        parents = dict(Jurisdiction.objects.order_by().values_list("pk", "parent_id"))
        found: list[int] = []
        here = parents.get(self.jurisdiction.pk)
        while here is not None and here not in found:
            found.append(here)
            here = parents.get(here)
        return found

    def _carries_place(self, text: str, place: Jurisdiction, above: bool) -> bool:
        words = [place.name, *([place.short_name] if place.short_name else []), *(level_words(place.name) if above else [])]
        return text.startswith(tuple(words))

    def _add(self, agency: Agency, own: bool, above: bool) -> None:
        place = agency.jurisdiction
        name, short = normal(agency.name), normal(agency.short_name)
        self._index[name][NAME].add(agency.pk)
        if short and (own or self._carries_place(short, place, above)):
            self._index[short][ALIAS].add(agency.pk)
        derived = derive(name, place.name, place.short_name)
        for text in derived.placed:
            if own or text.startswith(place.name) or (above and self._carries_place(text, place, above)):
                self._index[text][PLACED].add(agency.pk)
        if own and agency.kind != Agency.Kind.GOVERNMENT:
            for text in derived.bare:
                self._index[text][BARE].add(agency.pk)
        if agency.kind == Agency.Kind.GOVERNMENT:  # a lower place named as a unit is its government: 东山县
            self._index[place.name][PLACED].add(agency.pk)
        for part in _parts(name):
            self._index[part][PLACED].add(agency.pk)

    def _lookup(self, text: str) -> tuple[How, set[int]]:
        """The living agencies of the best rank under which the wording is known; one is an answer, several are a conflict."""
        ranks = self._index.get(text, {})
        for rank in sorted(ranks):
            living = {pk for pk in ranks[rank] if self.agencies[pk].existed_on(self.today)}
            if living:
                return _HOW[rank], living
        return "", set()

    def resolve(self, text: str) -> Match:
        """What one wording means. Never raises; an unknown wording has ranked suggestions and no answer."""
        wording = normal(text)
        if not wording:
            return Match(text)
        found: list[tuple[How, set[int]]] = [self._lookup(wording)]
        if not found[0][1]:
            found = [hit for hit in map(self._lookup, _parts(wording)) if hit[1]]
        meant = set().union(*(ids for _how, ids in found)) if found else set()
        if len(meant) == 1:
            how = found[0][0]
            return Match(text, agency=self.agencies[meant.pop()], how=how)
        if meant:
            both = [self.agencies[pk] for pk in sorted(meant)]
            return Match(text, suggestions=[Suggestion(a, 100, "几个单位都用这个称谓，请选定") for a in both])
        if self.issuer and wording in self.sections:
            return Match(text, agency=self.issuer, section=self.sections[wording], how="section")
        return self._collective(text, wording) or Match(text, suggestions=self._suggest(wording))

    def _collective(self, text: str, wording: str) -> Match | None:
        if stored := self.collectives.get(wording):
            return Match(text, collective=stored, how="collective")
        meaning = collective_wording(wording)
        if meaning is None:
            return None
        if meaning.rule == "vague":
            return Match(text, how="vague", doubt=f"“{text}”{meaning.doubt}")
        return Match(text, collective=CollectiveName(jurisdiction=self.jurisdiction, text=wording, rule=meaning.rule), how="collective")

    def members(self, collective: CollectiveName) -> list[Agency]:
        """The agencies a collective name means today, in directory order."""
        rule, living = collective.rule, [a for a in self.agencies.values() if a.existed_on(self.today)]
        if rule == CollectiveName.Rule.EXPLICIT:
            return [a for a in collective.members.all() if a.existed_on(self.today)] if collective.pk else []
        lower = [a for a in living if a.kind == Agency.Kind.GOVERNMENT and a.jurisdiction.parent_id == self.jurisdiction.pk]
        kinds = {Agency.Kind.OFFICE, Agency.Kind.DEPARTMENT, Agency.Kind.BRANCH}
        departments = [a for a in living if a.jurisdiction_id == self.jurisdiction.pk and a.kind in kinds]
        if rule == CollectiveName.Rule.LOWER_GOVERNMENTS:
            return lower
        return departments if rule == CollectiveName.Rule.DEPARTMENTS else [*lower, *departments]

    def _suggest(self, wording: str) -> list[Suggestion]:
        functions = function_words(wording)
        best: dict[int, Suggestion] = {}
        for key, ranks in self._index.items():
            score = round(fuzz.ratio(wording, key))
            pks = set().union(*ranks.values())
            for pk in pks:
                agency = self.agencies[pk]
                shared = functions & self._functions[pk]
                total = min(99, score + (25 if shared else 0))
                if total < LEAST_SCORE or (pk in best and best[pk].score >= total):
                    continue
                why = f"与“{key}”相近" + (f"，都管{'、'.join(sorted(shared))}" if shared else "")
                heir = agency.successor if agency.valid_to and agency.valid_to < self.today else None
                if heir:
                    why = f"“{agency.name}”已撤销，职责由它承接"
                best[pk] = Suggestion(heir or agency, total, why)
        ranked: dict[int, Suggestion] = {}
        for suggestion in sorted(best.values(), key=lambda s: (-s.score, s.agency.code)):
            ranked.setdefault(suggestion.agency.pk, suggestion)
        return list(ranked.values())[:5]

    @cached_property
    def _functions(self) -> dict[int, frozenset[str]]:
        return {pk: function_words(a.name) for pk, a in self.agencies.items()}

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for key in self._index:
            how, meant = self._lookup(key)
            if len(meant) == 1 and len(key) >= 3:
                pk = next(iter(meant))
                bare = min(rank for rank, ids in self._index[key].items() if pk in ids) == BARE
                automaton.add_word(key, (len(key), pk, bare))
        automaton.make_automaton()
        return automaton

    def find_in(self, text: str) -> list[tuple[int, int, Agency]]:
        """Agencies named in running text, the longest names first, not overlapping, in order: [start, end) of `text` and the agency.

        A name without its place counts only where no other place stands before it: 外县财政局 is not our 财政局.
        """
        plain = text.translate({ord("("): "（", ord(")"): "）"})
        if not len(self._automaton):
            return []
        hits = [
            (end - length + 1, end + 1, pk)
            for end, (length, pk, bare) in self._automaton.iter(plain)
            if not (bare and end - length >= 0 and plain[end - length] in _PLACE_ENDS)
        ]
        chosen: list[tuple[int, int, int]] = []
        taken = bytearray(len(plain))
        for start, end, pk in sorted(hits, key=lambda h: (h[0] - h[1], h[0])):
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                chosen.append((start, end, pk))
        return [(start, end, self.agencies[pk]) for start, end, pk in sorted(chosen)]


def _parts(wording: str) -> Iterable[str]:
    """省编办（省审改办） → 省编办, 省审改办."""
    if wording.endswith("）") and "（" in wording[1:]:
        outer, _, inner = wording[:-1].partition("（")
        return [part for part in (outer, inner) if len(part) > 1]
    return []

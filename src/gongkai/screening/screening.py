"""A file into findings: every passage of it through the detectors, each hit through the rule in force that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget
from gongkai.screening.model import MORE, Finding, Hit, Passage, Report
from gongkai.screening.places import documents, passages
from gongkai.screening.rules import Rule, in_force
from gongkai.screening.text import scan
from gongkai.screening.wording import WordList

MOST_OF_A_KIND = 1000
"""Findings of one rule in one document; further ones are counted in a last finding of their own."""


def screen(
    data: bytes, name: str, on: date, words: WordList | None = None, rules: Mapping[str, Rule] | None = None
) -> Iterator[Report | ReadingError]:
    """A report for each document in a file (a zip holds several). `on`: the day whose rules apply where none are given.

    What cannot be read is yielded as the ReadingError that says why; nothing is raised for bad input.
    """
    budget = Budget()
    for label, member in documents(data, name, budget):
        if isinstance(member, ReadingError):
            yield _plain(member)
            continue
        try:
            yield Report(label, tuple(screen_passages(passages(member, label, budget), rules or in_force(on), words)))
        except ReadingError as error:
            yield _plain(error)


def screen_text(text: str, on: date, words: WordList | None = None, rules: Mapping[str, Rule] | None = None) -> list[tuple[Hit, Finding]]:
    """Findings of a text that is no file (a form field, a draft), each with its span."""
    held = rules or in_force(on)
    found = ((hit, _finding(hit, "", held)) for hit in scan(text, words=words))
    return [(hit, finding) for hit, finding in found if finding]


def _plain(error: ReadingError) -> ReadingError:
    """Without its frames, which hold the whole file."""
    return ReadingError(error.name, error.problem, error.mend)


def screen_passages(found: Iterable[Passage], rules: Mapping[str, Rule], words: WordList | None = None) -> Iterator[Finding]:
    """What passages show. Raises what reading them raises."""
    counts: Counter[str] = Counter()
    for passage in found:
        for finding in _of_passage(passage, rules, words):
            counts[finding.rule] += 1
            if counts[finding.rule] <= MOST_OF_A_KIND:
                yield finding
    for rule, count in counts.items():
        if count > MOST_OF_A_KIND:
            one = rules[rule]
            yield Finding(one.kind, one.severity, "", f"{MORE} {count - MOST_OF_A_KIND} 处", f"{one.name}：{one.why}", rule)


def _of_passage(passage: Passage, rules: Mapping[str, Rule], words: WordList | None) -> Iterator[Finding]:
    if passage.rule and (found := _finding(Hit(passage.rule, 0, 0, passage.shown), passage.where, rules)):
        yield found
    if passage.text:
        for hit in scan(passage.text, passage.header, words):
            if found := _finding(hit, passage.place(hit.start), rules):
                yield found


def _finding(hit: Hit, where: str, rules: Mapping[str, Rule]) -> Finding | None:
    """None where the rule allows it, or no version of it is in force."""
    rule = rules.get(hit.rule)
    if rule is None or rule.severity == "allow":
        return None
    why = f"{rule.name}：{hit.category + '。' if hit.category else ''}{rule.why}（{rule.article}）"
    return Finding(rule.kind, rule.severity, where, hit.masked, why, rule.id)

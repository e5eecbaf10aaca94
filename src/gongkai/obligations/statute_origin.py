"""A rule of law as the origin of obligations: the article, its words, and the other clocks of the same fact. Registered in apps.ready()."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from gongkai.obligations.models import Obligation
from gongkai.obligations.origins import Origin
from gongkai.obligations.statutes import CERTAINTY, Rule, trigger_words, versions
from gongkai.obligations.triggers import other_clocks


def rule_of(obligation: Obligation) -> Rule | None:
    """The version of its rule under which the obligation was opened; None when the rule is gone from the files."""
    found = versions(obligation.rule)
    return next((row for row in found if row.article == obligation.basis), found[0] if found else None)


def clock_words(obligation: Obligation) -> str:
    """Which other limit of the same fact comes first; the shorter one is what matters (S2-26). Empty where there is none."""
    rows = other_clocks(obligation)
    if not rows:
        return ""
    listed = "；".join(f"“{row.title}”{row.due_on}（{row.basis}）" for row in rows)
    first = rows[0].due_on
    if obligation.due_on is None or (first is not None and first < obligation.due_on):
        return f"还有更早的期限，先到的先办：{listed}"
    return f"本项的期限最早；此外还有：{listed}"


class StatuteRules:
    """The provider for obligations with source `statute`."""

    def origin(self, obligation: Obligation, user: Any) -> Origin | None:
        rule = rule_of(obligation)
        if rule is None:
            return None
        facts = [
            ("规则", rule.name),
            ("触发", trigger_words(rule)),
            ("时限", rule.when_words),
            ("同一事项的其他期限", clock_words(obligation)),
            ("可靠程度", CERTAINTY[rule.certainty] + ("，使用前请核对原文" if rule.certainty == "memory" else "")),
            ("说明", rule.note),
        ]
        return Origin(
            document=rule.article,
            document_url=reverse("rules:detail", args=[rule.id]),
            place_url="",
            words=rule.text,
            facts=tuple((label, value) for label, value in facts if value),
        )

    def text(self, obligation: Obligation) -> str:
        rule = rule_of(obligation)
        return rule.text if rule else ""

    def documents(self, ids: Iterable[int], user: Any) -> dict[int, str]:
        return {}

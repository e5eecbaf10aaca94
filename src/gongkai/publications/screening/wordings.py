"""用语表: a place's own lists of words to be checked or not to be used. Gongkai brings none.

Read as the kernel reads them (screening/wording.py), tried without writing, taken whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Jurisdiction, User
from gongkai.publications.actions.base import insist, perform, text_reasons
from gongkai.publications.models import Deed, ScreeningFinding, ScreeningPolicy, Wording, WordingList
from gongkai.reading.errors import ReadingError
from gongkai.screening.rules import in_force
from gongkai.screening.wording import Word, examine

RULES = ("wording", "wording.block")


@dataclass(frozen=True, slots=True)
class Trial:
    """What an import would do. `faults` are sentences naming their rows; with any of them nothing is taken."""

    words: tuple[Word, ...]
    faults: tuple[str, ...]
    new: int
    changed: int
    gone: int


def role_reason(place_id: int, actor: Any) -> str:
    return "" if scope_of(actor).is_office_of(place_id) else "用语表和检查设置由本地区政务公开主管部门办理"


def lists_for(user: Any) -> QuerySet[WordingList]:
    """The lists of the places one reads as openness office."""
    return WordingList.objects.filter(jurisdiction__in=scope_of(user).seen_ids).select_related("jurisdiction", "imported_by")


def trial(place: Jurisdiction, name: str, data: bytes, filename: str) -> Trial:
    """Reads a list and compares it with the one of the same name, writing nothing. Raises ActionRefused for a file that is none."""
    try:
        words, faults = examine(data, filename)
    except ReadingError as error:
        raise ActionRefused(f"{error.problem}。{error.mend}") from error
    twice = [text for text, count in Counter(word.word for word in words).items() if count > 1]
    faults += [f"“{text}”写了不止一次，只留一行" for text in twice[:20]]
    standing = {row.text: _word_of(row) for row in Wording.objects.filter(wordings__jurisdiction=place, wordings__name=name.strip())}
    given = {word.word: word for word in words}
    changed = sum(1 for text, word in given.items() if text in standing and standing[text] != word)
    return Trial(tuple(words), tuple(faults), len(given.keys() - standing.keys()), changed, len(standing.keys() - given.keys()))


def _word_of(row: Wording) -> Word:
    action = "allow" if row.allow else row.severity or "warn"
    return Word(row.text, row.category, action, row.instead, row.effective_from, row.effective_to)


def bring_in(
    place: Jurisdiction,
    actor: User,
    *,
    key: str,
    name: str,
    data: bytes,
    filename: str,
    effective_from: date,
    effective_to: date | None = None,
) -> WordingList:
    """导入: the list of this name becomes what the file says. With a bad row nothing is taken and every bad row is told."""
    missing = text_reasons(name, most=120)
    if not name.strip():
        missing.append("请写用语表的名称")
    if effective_to is not None and effective_to < effective_from:
        missing.append("停用日期不能早于启用日期")

    def work() -> WordingList:
        insist(role_reason(place.pk, actor), missing)
        tried = trial(place, name, data, filename)
        insist("", tried.faults)
        if not tried.words:
            raise ActionRefused("用语表里没有一个词")
        made, _ = WordingList.objects.update_or_create(
            jurisdiction=place,
            name=name.strip(),
            defaults={
                "effective_from": effective_from,
                "effective_to": effective_to,
                "imported_by": actor,
                "imported_at": timezone.now(),
            },
        )
        made.entries.all().delete()
        Wording.objects.bulk_create((_row(made, word) for word in tried.words), batch_size=1000)
        return made

    return perform(Deed.Kind.IMPORTED, actor, key, None, work, text=f"{name.strip()}：{filename[:100]}")


def _row(wordings: WordingList, word: Word) -> Wording:
    return Wording(
        wordings=wordings,
        text=word.word,
        category=word.category[:60],
        severity="" if word.action == "allow" else word.action,
        instead=word.advice[:200],
        allow=word.action == "allow",
        effective_from=word.since,
        effective_to=word.until,
    )


def end(wordings: WordingList, actor: User, *, key: str, on: date) -> WordingList:
    """停用: from the day after `on` the list finds nothing; it stays to be read."""

    def work() -> WordingList:
        row = WordingList.objects.select_for_update().get(pk=wordings.pk)
        wrong = [] if on >= row.effective_from else [f"停用日期不能早于启用日期（{row.effective_from}）"]
        insist(role_reason(row.jurisdiction_id, actor), wrong)
        row.effective_to = on
        row.save(update_fields=["effective_to"])
        return row

    return perform(Deed.Kind.CONFIGURED, actor, key, wordings, work, text=f"停用用语表“{wordings.name}”")


def set_policy(place: Jurisdiction, actor: User, *, key: str, severities: dict[str, str], unstripped: str) -> ScreeningPolicy:
    """设定: severities that differ from the law's table are kept, the others follow it."""
    rules = in_force(timezone.localdate())
    wrong = [f"没有规则 {rule}" for rule in severities if rule not in rules]
    fixed = [rules[rule].name for rule, value in severities.items() if rule in rules and rules[rule].fixed and value != "block"]
    wrong += [f"“{name}”不能放宽，个别情况由审核人写明理由认定" for name in fixed]
    if unstripped not in ScreeningPolicy.Unstripped.values or not set(severities.values()) <= {"block", "warn", "allow"}:
        wrong.append("请在列出的选项里选择")

    def work() -> ScreeningPolicy:
        insist(role_reason(place.pk, actor), wrong)
        differing = {rule: value for rule, value in severities.items() if value != rules[rule].severity}
        made, _ = ScreeningPolicy.objects.update_or_create(jurisdiction=place, defaults={"severities": differing, "unstripped": unstripped})
        return made

    return perform(Deed.Kind.CONFIGURED, actor, key, None, work, text=f"{place.name} 内容检查设置")


def hits(user: Any, place_ids: Sequence[int], most: int = 500) -> list[dict[str, Any]]:
    """How often each word was found: {word, documents, findings, overruled}, of current texts and of the agencies one reads. One query.

    `overruled`: how often a reviewer said it may stand; many say that the word wants an entry in the allow-list.
    """
    seen = scope_of(user).seen_ids
    rows = ScreeningFinding.objects.filter(
        rule__in=RULES, screening__revision__current_of__isnull=False, screening__revision__edition__document__jurisdiction__in=seen
    )
    if place_ids:
        rows = rows.filter(screening__revision__edition__document__jurisdiction__in=list(place_ids))
    counted = rows.values("masked").annotate(
        documents=Count("screening__revision__edition__document", distinct=True),
        findings=Count("pk"),
        overruled=Count("pk", filter=Q(decision=ScreeningFinding.Decision.OVERRULED)),
    )
    return [dict(row) for row in counted.order_by("-documents", "-findings", "masked")[:most]]

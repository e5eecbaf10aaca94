"""Instructions for lists, pages and exports: how many of each state, own and passed on. Constant queries, whatever the size."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from gongkai.agencies.access import scope_of
from gongkai.coordination.access import instructions_for
from gongkai.coordination.models import Instruction
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import Obligation
from gongkai.obligations.queries import STATE_WORDS, with_state

SOURCE = Obligation.Source.INSTRUCTION
VIEWS = {"issued": "本级交办", "received": "收到的交办", "withdrawn": "已撤回"}


def instruction_rows(user: Any, view: str = "", q: str = "") -> QuerySet[Instruction]:
    """Newest first; `view` is a key of VIEWS."""
    rows = instructions_for(user)
    offices = scope_of(user).office_ids
    if view == "issued":
        rows = rows.filter(jurisdiction__in=offices, withdrawn_at__isnull=True)
    elif view == "received":
        rows = rows.exclude(jurisdiction__in=offices).filter(withdrawn_at__isnull=True)
    elif view == "withdrawn":
        rows = rows.filter(withdrawn_at__isnull=False)
    for word in q.replace("\x00", "").split():
        rows = rows.filter(title__icontains=word) | rows.filter(number__icontains=word)
    return rows


def _states(rows: QuerySet[Obligation], today: date | None) -> dict[int, Counter[str]]:
    """Instruction → how many of its obligations are in each state. One query (and one for the windows of places)."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    counted = with_state(rows.filter(source=SOURCE, replaced_on__isnull=True), today).order_by()
    for pk, state, n in counted.values("subject_id", "state").annotate(n=Count("pk")).values_list("subject_id", "state", "n"):
        found[pk][state] += n
    return found


def figures(states: Counter[str]) -> list[dict[str, Any]]:
    """The states there are, in the order of lists: word, css, n."""
    return [{"word": word, "css": f"{css} {shape}", "n": states[key]} for key, (word, css, shape) in STATE_WORDS.items() if states[key]]


def add_figures(user: Any, rows: Sequence[Instruction], today: date | None = None) -> list[Any]:
    """Puts `figures` (its own recipients) and `passed_on` (all that was passed on from it) on the rows, within what this user sees."""
    ids = [row.pk for row in rows]
    if not ids:
        return []
    roots = {row.root_id or row.pk for row in rows}
    parent = dict(Instruction.objects.filter(root__in=roots).order_by("pk").values_list("pk", "parent_id"))
    states = _states(obligations_for(user).filter(subject_id__in=[*ids, *parent]), today)
    below: dict[int, Counter[str]] = defaultdict(Counter)
    for pk in parent:
        here = parent.get(pk)
        while here is not None:
            below[here] += states[pk]
            here = parent.get(here)
    for row in rows:
        row.figures = figures(states[row.pk])  # type: ignore[attr-defined]
        row.passed_on = figures(below[row.pk])  # type: ignore[attr-defined]
    return list(rows)


@dataclass(slots=True)
class Recipient:
    """One who owes it; `depth` counts how often it was passed on."""

    duty: Any
    visible: bool
    depth: int = 0


def recipients(user: Any, instruction: Instruction, whole: Sequence[Instruction], today: date | None = None) -> list[Recipient]:
    """Who received it, each followed by those to whom he passed it on, depth first. Two queries.

    A recipient sees who else received it and how far they are, as with every shared duty; he opens what is his.
    """
    duties = with_state(Obligation.objects.filter(source=SOURCE, subject_id__in=[row.pk for row in whole], replaced_on__isnull=True), today)
    listed = list(duties.select_related("owner__jurisdiction").order_by("owner__jurisdiction__code", "owner__code", "pk"))
    mine = set(obligations_for(user).filter(pk__in=[row.pk for row in listed]).order_by().values_list("pk", flat=True))
    of: dict[int, list[Any]] = defaultdict(list)
    for duty in listed:
        of[duty.subject_id].append(duty)
    found: list[Recipient] = []

    def walk(here: Instruction, depth: int) -> None:
        children = [row for row in whole if row.parent_id == here.pk]
        for duty in of[here.pk]:
            found.append(Recipient(duty, duty.pk in mine, depth=depth))
            for child in children:
                if child.agency_id == duty.owner_id:
                    walk(child, depth + 1)

    walk(instruction, 0)
    return found

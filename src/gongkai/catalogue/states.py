"""How the items of a catalogue stand today: never published, blank, stale or fresh, from what was published and from the duties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q

from gongkai.catalogue import contents
from gongkai.catalogue.cycles import ITEM, SOURCE, duties
from gongkai.catalogue.models import Item
from gongkai.obligations.models import Evidence
from gongkai.obligations.models.obligation import OPEN

WORDS = {"never": "从未公开", "blank": "空白", "stale": "更新不及时", "fresh": "正常"}
CSS = {"never": "late cross", "blank": "late dash", "stale": "warn diamond", "fresh": "ok circle"}
GAPS = ("never", "blank", "stale")


@dataclass(frozen=True, slots=True)
class ItemState:
    """`code` is a key of WORDS; `last_on` the day of the newest content that still stands, `due_on` the day an open duty ran out."""

    code: str
    last_on: date | None = None
    due_on: date | None = None

    @property
    def word(self) -> str:
        return WORDS[self.code]

    @property
    def css(self) -> str:
        return CSS[self.code]

    @property
    def words(self) -> str:
        """The state in a sentence."""
        late = f"，应于 {self.due_on} 前公开" if self.due_on else ""
        if self.code == "never":
            return f"还没有公开过{late}"
        if self.code == "blank":
            return f"原来公开的内容已经撤下，现在没有内容{late}"
        if self.code == "stale":
            return f"最近一次 {self.last_on}{late}，没有新的内容"
        return f"最近一次 {self.last_on}"


def item_states(items: Iterable[Item], today: date) -> dict[int, ItemState]:
    """Item id → state, in three queries however many there are. A declaration of no change keeps a duty, it is no content."""
    ids = [item.pk for item in items]
    proofs = _proofs(ids)
    published = contents.last_of_items(ids)
    late = dict(
        duties()
        .filter(OPEN, subject_id__in=ids, due_on__lt=today, suspended_on__isnull=True)
        .order_by()
        .values_list("subject_id")
        .annotate(Min("due_on"))
    )
    found = {}
    for pk in ids:
        stands, ever = proofs.get(pk, (None, 0))
        last = max(filter(None, (stands, published.get(pk))), default=None)
        due = late.get(pk)
        if last is None:
            found[pk] = ItemState("blank" if ever else "never", None, due)
        else:
            found[pk] = ItemState("stale" if due else "fresh", last, due)
    return found


def _proofs(ids: list[int]) -> dict[int, tuple[date | None, int]]:
    """Item id → (newest evidence that stands, how many pieces ever passed)."""
    passed = Evidence.objects.filter(
        obligation__source=SOURCE, obligation__rule=ITEM, obligation__subject_id__in=ids, result=Evidence.Result.PASSED
    ).exclude(kind=Evidence.Kind.NO_CHANGE)
    rows: Any = (
        passed.order_by()
        .values_list("obligation__subject_id")
        .annotate(stands=Max("on", filter=Q(withdrawn_at__isnull=True)), ever=Count("pk"))
    )
    return {pk: (stands, ever) for pk, stands, ever in rows}


def figures(states: Iterable[ItemState]) -> list[dict[str, Any]]:
    """How many in each state, worst first: what a page and the roll-up of a place show."""
    counted = Counter(state.code for state in states)
    return [{"code": code, "word": word, "css": CSS[code], "n": counted[code]} for code, word in WORDS.items()]

"""The duties of the catalogue in its own words: an item, a suggestion to answer, an item from above to decide, a class to look at again.

One provider for the source `catalogue` (obligations/origins.py); `Obligation.rule` says which of the four it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue import expansion, negative_reviews, suggestions
from gongkai.catalogue.access import catalogues_for, items_for
from gongkai.catalogue.cycles import ITEM
from gongkai.catalogue.models import CatalogueVersion, Item, ItemStandard
from gongkai.catalogue.negative import classes_for
from gongkai.catalogue.rulebook import standard as rulebook
from gongkai.obligations.models import Obligation
from gongkai.obligations.origins import Origin


def _said(item_id: int) -> ItemStandard | None:
    """The newest approved words of an item."""
    rows = ItemStandard.objects.filter(item=item_id).exclude(version__state=CatalogueVersion.State.DRAFT)
    return rows.select_related("item__column", "version__catalogue").order_by("-version__number").first()


def _item(obligation: Obligation, user: Any) -> Origin | None:
    said = _said(obligation.subject_id)
    if said is None:
        return None
    item: Item = said.item
    facts = [
        ("公开内容（要素）", said.elements),
        ("公开时限", said.limit_words),
        ("更新周期", rulebook().names("cycle").get(said.cycle, "")),
        ("栏目", item.column.name if item.column else ""),
        ("怎样办结", "公开一条对应这一事项的信息，自动办结；本期没有新内容的，由负责人签署声明" if obligation.period else ""),
    ]
    mine = items_for(user).filter(pk=item.pk).exists()
    return Origin(
        document=said.version.catalogue.title,
        document_url=reverse("catalogue_keeping:item", args=[item.pk]) if mine else "",
        place_url="",
        number=item.code,
        words="：".join(filter(None, (said.level1, said.level2))),
        facts=tuple((label, value) for label, value in facts if value),
    )


def _suggestion(obligation: Obligation, user: Any) -> Origin | None:
    row = suggestions.suggestions_for(user).filter(pk=obligation.subject_id).first()
    if row is None:
        return None
    return Origin(
        document="公众建议",
        document_url=reverse("catalogue_keeping:suggestion", args=[row.pk]),
        place_url="",
        number=row.code,
        words=row.text,
        facts=(("收到", f"{timezone.localtime(row.received_at):%Y-%m-%d %H:%M}"), ("怎样办结", "在建议页面答复，自动办结")),
    )


def _expansion(obligation: Obligation, user: Any) -> Origin | None:
    row = expansion.expansions_for(user).filter(pk=obligation.subject_id).first()
    said = _said(row.origin_id) if row else None
    if row is None or said is None:
        return None
    return Origin(
        document=said.version.catalogue.title,
        document_url=expansion.address(row.pk),
        place_url="",
        number=row.origin.code,
        words="：".join(filter(None, (said.level1, said.level2))),
        facts=(("要素", said.elements), ("怎样办结", "采纳并经批准，或者写明理由不采纳，自动办结")),
    )


def _negative(obligation: Obligation, user: Any) -> Origin | None:
    row = classes_for(user).filter(pk=obligation.subject_id).first()
    if row is None:
        return None
    return Origin(
        document="负面清单",
        document_url=negative_reviews.address(row.pk),
        place_url="",
        words=f"{row.name}：{row.description}",
        facts=(("怎样办结", "在负面清单页面评估，自动办结"),),
    )


_ORIGINS: dict[str, Callable[[Obligation, Any], Origin | None]] = {
    ITEM: _item,
    suggestions.RULE: _suggestion,
    expansion.RULE: _expansion,
    negative_reviews.RULE: _negative,
}


class CatalogueDuties:
    """The provider for obligations with source `catalogue`."""

    def origin(self, obligation: Obligation, user: Any) -> Origin | None:
        found = _ORIGINS.get(obligation.rule)
        return found(obligation, user) if found else None

    def documents(self, ids: Iterable[int], user: Any) -> dict[int, str]:
        return dict(catalogues_for(user).filter(pk__in=list(ids)).order_by().values_list("pk", "title"))

    def text(self, obligation: Obligation) -> str:
        if obligation.rule != ITEM:
            return obligation.title
        said = _said(obligation.subject_id)
        return "\n".join(filter(None, (obligation.title, said.elements))) if said else obligation.title

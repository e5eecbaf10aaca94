"""The columns of a row in words, as pages, exports and comparisons print them."""

from __future__ import annotations

from gongkai.catalogue.limits import flat_of, limit_in_words
from gongkai.catalogue.models import ItemStandard
from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.terms import Terms

CODED = {"audience": "audience", "method": "method", "stage": "stage", "cycle": "cycle"}
LISTED = {"levels": "level", "links": "link"}


def cell_words(row: ItemStandard, name: str, terms: Terms) -> str:
    """One field of a row in words; empty for nothing."""
    value = getattr(row, name)
    if name == "channels":
        return "、".join(terms.channel_name(one) for one in value)
    if name in LISTED:
        names = standard().names(LISTED[name])
        return "、".join(names.get(code, code) for code in value)
    if name in CODED:
        return standard().names(CODED[name]).get(value, value)
    return str(value)


def audience_words(row: ItemStandard) -> str:
    """全社会, or 特定群体：被征收人."""
    name = standard().names("audience").get(row.audience, "")
    return f"{name}：{row.audience_words}" if row.audience_words else name


def limit_words(row: ItemStandard) -> str:
    """公开时限 as it was read, for people; the words as printed where nobody could read them."""
    return limit_in_words(row.limit) or row.limit_words


def printed_limit(row: ItemStandard) -> str:
    """The words of the table where they say it otherwise than we do; empty when there is nothing to compare."""
    ours = limit_in_words(row.limit)
    return row.limit_words if ours and flat_of(ours) != flat_of(row.limit_words) else ""


def cycle_words(row: ItemStandard) -> str:
    return standard().names("cycle").get(row.cycle, "")


def boxes_of(row: ItemStandard, terms: Terms) -> str:
    """■政府网站 □政府公报…: every channel of the place, the ticked ones filled, as the standard table prints them."""
    codes = {value.partition(":")[0]: value for value in row.channels}
    found = []
    for code, name in terms.channels.items():
        extra = [value.partition(":")[2] for value in row.channels if value.startswith(f"{code}:")]
        if not extra:
            found.append(f"{'■' if code in codes else '□'}{name}")
        found += [f"■{name}：{words}" for words in extra]
    found += [f"■{terms.channel_name(value)}" for value in row.channels if value.partition(":")[0] not in terms.channels]
    return "\n".join(found)

"""救济途径: which paragraph a letter ends with depends on its outcome (行政复议法第二十三条第一款第四项; 法释 of 2025 on openness cases).

A decision under Articles 14 to 16, in whole or in part, goes to reconsideration first; everything else may be taken to court directly as
well. The organs are those of the place; the days are limits with their articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.agencies.models import Agency
from gongkai.clocks.limits import Limit, limit
from gongkai.formats.annual_report.outcomes import Outcome

UNITS = {"days": "日", "months": "个月", "working_days": "个工作日"}


@dataclass(frozen=True, slots=True)
class Remedies:
    """`kind`: review_first | both, as the outcome says. `text` is the paragraph of the letter."""

    kind: str
    text: str


def remedies(outcome: Outcome, agency: Agency, reconsideration_organ: str, court: str, on: date) -> Remedies:
    """`on` is the day of the letter, whose limits hold. Organs are named by the place's settings; the words say so where none is set."""
    organ = reconsideration_organ or f"{agency.jurisdiction.name}人民政府"
    where = court or "有管辖权的人民法院"
    review = f"自收到本告知书之日起{_words(limit('reconsideration', on))}内向{organ}申请行政复议"
    if outcome.remedy == "review_first":
        after = _words(limit("suit_after_reconsideration", on))
        text = (
            f"如对本答复不服，应当先{review}；对行政复议决定不服的，可以自收到行政复议决定书之日起{after}内向{where}提起行政诉讼。"
            "（行政复议法第二十三条第一款第四项）"
        )
    else:
        text = f"如对本答复不服，可以{review}，也可以自收到本告知书之日起{_words(limit('suit', on))}内向{where}提起行政诉讼。"
    return Remedies(outcome.remedy, text)


def _words(one: Limit) -> str:
    return f"{one.n}{UNITS[one.unit]}"

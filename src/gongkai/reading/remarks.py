"""Words inside and around statements that name nobody but say how to read them: 列第一位者为牵头单位，下同."""

from __future__ import annotations

import re

_FIRST_LEADS = re.compile(
    r"[,，;；。(]?\s*[^,，;；。()]{0,6}?(?:列|排|位|居)[在于名]?(?:第一|首)(?:位|个)?(?:的|者)?[^,，;；。()]{0,8}?(?:为|是)?(?:牵头|主办|第一责任)[^,，;；。()]{0,6}"
    r"|[,，;；。(]?\s*(?:第一(?:个|家|位)?|首位|首个)(?:的)?(?:责任)?(?:单位|部门)?(?:为|是)牵头[^,，;；。()]{0,6}"
)
_SAME_BELOW = re.compile(r"[,，;；。]\s*(?:以)?下同")
_REMARK = re.compile(r"。(?=[^。:]{0,60}(?:不再|下同|均需|均由|均涉及|单独列出|另行|以下))|[,，;](?=(?:以下|下列)[^。]{0,40}(?:均|不再))")
_FIRST_SIGN = re.compile("[第首]")


def first_leads(flat: str, start: int, end: int) -> int:
    """Where [start, end) says that the unit listed first leads, or -1."""
    if _FIRST_SIGN.search(flat, start, end) is None:
        return -1
    hit = _FIRST_LEADS.search(flat, start, end)
    return hit.start() if hit else -1


def units_end(flat: str, start: int, end: int) -> tuple[int, bool]:
    """Where the units of a statement end and remarks on it begin, and whether these say that the first unit leads."""
    stop = first_leads(flat, start, end)
    leads = stop >= 0
    if not leads:
        hit = _SAME_BELOW.search(flat, start, end)
        stop = hit.start() if hit else end
    remark = _REMARK.search(flat, start, stop)
    return remark.start() if remark else stop, leads

"""The sentence that gives items without a statement of their own to somebody."""

from __future__ import annotations

import re

from gongkai.reading.cleaning import Cleaned
from gongkai.reading.duties import names_only
from gongkai.reading.statement import Statement

_DEFAULTS = [
    # 未明确牵头部门的事项，…各地区、各部门都要抓好落实
    re.compile(
        r"未(?:明确|标注|标明|注明|写明|列明|列出)[^。]{0,14}?(?:的|部分)[^。]{0,24}?[,，:](?:均?由|请)?(?P<units>[^,，。;]{2,30}?)"
        r"(?:都要|均要|均须|要|应|须|共同|负责|按职责)[^。]{0,12}(?:落实|负责|实施|执行)"
    ),
    # 承接试点工作的相关单位的主要任务如下
    re.compile(r"(?:^|[。;,\n])(?P<units>承(?:担|接)[^。,;:]{2,24}?(?:单位|部门|地区))的?(?:主要|工作|重点|具体)*任务(?:如下|为|是)"),
    # 以下任务均由各部门按职责分工负责
    re.compile(
        r"(?:以下|下列|上述|本方案|各项|共性)[^。,;]{0,8}(?:任务|工作|事项)[^。,;]{0,6}?(?:均)?由(?P<units>[^,。;]{2,30}?)"
        r"(?:按职责(?:分工)?|共同|分别)?(?:负责|落实|承担)"
    ),
]


def default_units(doc: Cleaned) -> Statement | None:
    """Who answers where an item does not say; None when no sentence says so. A heading is no default."""
    for pattern in _DEFAULTS:
        for match in pattern.finditer(doc.flat):
            units = names_only(doc.flat, doc.text, *match.span("units"))
            if units:
                return Statement(match.start("units"), match.end("units"), responsible=units)
    return None

"""Where a heading ends: at its full stop, or, in text that lost its line breaks, where a reader ends it.

（一）建立制度体系制定管理办法… : a heading is a short phrase that ends in a noun of the genre, and what follows begins a sentence anew.
"""

from __future__ import annotations

import re

RUN_IN_TITLE = 25
"""A first sentence of at most this many characters is an item's title when more of the item follows."""

_KNOWN = (
    "总体要求|总体思路|总体目标|指导思想|基本原则|工作原则|工作目标|主要目标|发展目标|试点目标|目标任务|主要任务|重点任务|工作任务|试点任务|试点内容|试点范围|试点范围和内容|工作内容|工作要求|有关要求|相关要求|"
    "组织领导|组织保障|组织实施|保障措施|工作措施|实施步骤|工作步骤|时间安排|进度安排|职责分工|责任分工|工作职责|任务分工"
)
_KNOWN_HEADING = re.compile(f"(?:{_KNOWN})(?![和及与、的各。:;,( ])")
# What a heading of substance ends in. Nouns of the genre; a verb or a function word never ends one.
_TAIL = (
    "工作|建设|管理|体系|机制|制度|服务|公开|水平|能力|教育|宣传|监管|保障|责任|改革|发展|环境|力度|质量|效能|效率|平台|渠道|队伍|基础|领导|考核|督查|培训|试点|目录|清单|标准|流程|规程|事项|"
    "任务|行动|工程|整治|治理|安全|执法|审批|审查|解读|回应|关切|互动|参与|应用|投入|支持|作用|优势|创新|融合|转型|升级|方案|计划|方式|模式|范围|领域|产业|市场|生态|资源|设施|监督|检查|评估|总结|"
    "推广|氛围|意识|认识|协调|协作|联动|保护|防控|处置|救助|就业|医疗|养老|扶贫|规范化|标准化|信息化|规范|实效|内容|形式|方法|结果|意见|阶段|数据|档案|网络|舆情|引导"
)
# What a sentence begins with after a heading: who acts, on what ground, by what means, when, or a verb of doing.
_START = (
    "各|市|县|区|省|全[市县区省面]|对|要|按|根据|围绕|通过|以[\u4e00-\u9fff]{1,20}为|以“|在|为[了进切加深全]|由|成立|设立|制定|编制|梳理|建立|组织|利用|充分|积极|进一步|认真|严格|深入|坚持|落实|明确|做好|结合|依托|"
    "探索|鼓励|支持|引导|及时|依法|凡|对于|针对|配[齐备强]|将|把|从|到20|20[0-9]{2}年|每[年月季周]|年底|力争|确保|切实|大力|着力|重点|主要|定期|党|继续|不断|牢固|统一|统筹|采取|召开|开展|加强|加快|加大|推进|推动|完善|健全|强化|规范|优化|提高|提升|拓[宽展]|充实|丰富|打造|构建|实[行施]|推[行广]|创新|发挥|整合|聚焦|严[肃禁]|本着|\\([0-9一二三四五六七八九十]+\\)|[0-9]{1,2}[.、](?![0-9])|一是"
)
_GLUED = re.compile(f'(?P<title>[\u4e00-\u9fff"、《》0-9A-Za-z]{{2,23}}?(?:{_TAIL}))(?={_START})')
_STAGE = re.compile(r"[\u4e00-\u9fff]{2,14}\([^()]{0,12}[0-9]{1,2}月[^()]{0,20}\)(?=[\u4e00-\u9fff])")
_NOT_A_START = re.compile(
    "^(?:开展|建立|完善|健全|加强|推进|规范|强化|优化|提高|提升|创新|落实|发挥|支持|引导|推动)(?:工作|情况|制度|力度|机制|作用|的|和|及|、|与|水平)"
)


def known_heading(flat: str, start: int, end: int) -> int:
    """Where a heading of the genre ends that runs into a sentence (一、总体要求以…为指导), or 0."""
    match = _KNOWN_HEADING.match(flat, start, min(end, start + 12))
    return match.end() if match and match.end() < end else 0


def glued_title(flat: str, start: int, end: int) -> int:
    """Where the title of an item ends whose body follows without a mark, or 0. Only for text that lost its line breaks."""
    stop = min(end, start + RUN_IN_TITLE + 12)
    if stage := _STAGE.match(flat, start, end):
        return stage.end()
    match = _GLUED.match(flat, start, stop)
    while match is not None:
        at = match.end()
        if at - start >= 4 and not _NOT_A_START.match(flat[at : at + 6]):
            return at
        longer = re.compile(f'(?P<title>[\u4e00-\u9fff"、《》0-9A-Za-z]{{{at - start + 1},23}}?(?:{_TAIL}))(?={_START})')
        match = longer.match(flat, start, stop)
    return 0


def first_stop(flat: str, start: int, end: int) -> int:
    """The first 。 outside brackets and titles; `end` when there is none near."""
    depth = 0
    for k in range(start, min(end, start + 400)):
        c = flat[k]
        if c in "([《":
            depth += 1
        elif c in ")]》":
            depth -= 1
        elif c == "。" and depth <= 0:
            return k
    return end

"""Channels: the means by which something is to be published or explained.

In an explicit slot (信息发布及渠道：) every value is a channel. In prose a medium counts where the sentence publishes or explains
by it; a site, platform or account that is itself to be built or managed is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What can carry a publication. 网站, 平台 and 系统 are named by the words before them, the rest name themselves.
_MEDIUM = re.compile(
    r"网站|平台|系统|今日头条|抖音|(?:政务)?(?:微博微信|微信微博|两微一端)(?:专题)?|微博|微信(?:公众号)?|公众号|(?:移动)?客户端|新媒体(?:直播)?|APP|短视频|"
    r"新闻发布会|吹风会|听证会|发布会|在线访谈|电视问政|(?:主要|主流)?(?:新闻)?(?<!融)媒体|报纸|报刊|广播电视|广播|电视(?!电话)|政府公报|公报|专栏|公开栏|公示栏|宣传栏|"
    r"电子屏|查阅点|网络(?=[、和及,]|直播|平台)"
)
# A part of every medium's name, as plain literals, which a search skips along many times faster than the full names.
_MEDIUM_SIGN = re.compile(
    "网站|平台|系统|头条|抖音|微博|微信|两微|公众号|客户端|新媒体|APP|短视频|发布会|吹风会|听证会|访谈|电视|媒体|报纸|报刊|广播|公报|专栏|公开栏|公示栏|宣传栏|"
    "电子屏|查阅点|网络"
)
_OWNED = frozenset(("网站", "平台", "系统"))
_QUOTED = re.compile(r"\"[^\"]{2,12}\"$")
_OWNER = re.compile(r"[\u4e00-\u9fff()]{1,18}$")
_OWNER_CUT = re.compile(
    r"^.*(?:在|通过|利用|借助|依托|运用|纳入|于|及(?!时)|和|与|将|并|以(?!上|下)|用好|发挥|集中|充分|注重|做好|全部|设立|开设|按照|升级改造|改造|完善|建设|建立|加强|推进|管理|规范|使用|更新|展示|打造|搭建|构建|整合|(?<!信)用)"
)
_OR = re.compile(r"(?P<first>[\u4e00-\u9fff]{2,6})或$")
_PUBLIC_PLATFORM = re.compile(r"信息公开|公示|信用|公共资源|政务公开|统一|发布|政府|政务服务|门户|交易|开放|阳光")
_PUBLISH = re.compile(
    r"公开|公布|发布|公示|刊登|刊载|登载|解读|宣传|展示|推送|告知|宣讲|回应|查询|查阅|直播|报道|传播|讲解|阐释|披露|通报|参加|召开|举办|公告"
)
_BY = re.compile(
    r"(?:在|于|通过|利用|借助|依托|运用|纳入|以|由|经|用好|发挥|结合|召开|参加|举办|开设|设立|开辟|设置|做好|、|和|及|或|与|\"|并|本)[^,。;:]{0,16}$"
)
_BUILD_BEFORE = re.compile(
    r"(?:建设|建立|建成|加强|加快|完善|搭建|打造|升级改造|改造|升级|整合|管理|规范|推进|推动|健全|优化|维护|监管|开发|用好管好|履行|清理|保证|办好|丰富)[^,。;、在于并通将]{0,10}$"
)
_FOUNDED = re.compile(r"(?:设立|构建)[^,。;、在于并通将]{0,10}$")
_BUILD_AFTER = re.compile(
    r"^(?:实现|共享|对接|互联|衔接|的?建设|集约化|监管|管理|改造|整合|迁移|升级|内容保障|和政务新媒体内容保障|安全|普查|工作|域名|优质|健康|融合|特点|代表|与|电子版|采访|关切|合作|监测|数据库|品牌|等?列席|等?代表)"
)
_SET_UP = re.compile(r"(?:开设|设立|开辟|设置)[^,。;]{0,20}$|[(或]$")
_SENTENCE = re.compile(r"[^。;!?\n]+")


def _named(flat: str, start: int, at: int, medium: str) -> int | None:
    """Where the name of a site, platform or system begins; None when it is only a common noun."""
    before = flat[max(start, at - 20) : at]
    if quoted := _QUOTED.search(before):
        return at - len(quoted.group())
    owner = _OWNER.search(before)
    name = owner.group() if owner else ""
    if either := _OR.search(before[: len(before) - len(name)] + name[: name.find("或") + 1] if "或" in name else ""):
        name = name[name.index("或") - len(_OWNER_CUT.sub("", either["first"])) :]
    elif cut := _OWNER_CUT.match(name):
        name = name[cut.end() :]
    if medium != "网站" and not _PUBLIC_PLATFORM.search(name):
        return None
    return at - len(name)


def find_channels(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Places of channels in the prose of [start, end), in order, each wording once."""
    if not _MEDIUM_SIGN.search(flat, start, end):
        return
    seen: set[str] = set()
    for sentence in _SENTENCE.finditer(flat, start, end):
        if not _MEDIUM_SIGN.search(flat, *sentence.span()) or not _PUBLISH.search(flat, *sentence.span()):
            continue
        for match in _MEDIUM.finditer(flat, sentence.start(), sentence.end()):
            medium = match.group()
            begin: int | None = match.start()
            if medium in _OWNED:
                begin = _named(flat, sentence.start(), match.start(), medium)
                if begin is None:
                    continue
            assert begin is not None
            before, after = flat[max(sentence.start(), begin - 24) : begin], flat[match.end() : match.end() + 12]
            name = flat[begin : match.end()]
            if medium in _OWNED and (_FOUNDED.search(before) or name.endswith("第一平台")):
                continue
            if name in seen or _BUILD_AFTER.match(after) or not _BY.search(before):
                continue
            if _BUILD_BEFORE.search(before) and not (medium == "专栏" and _SET_UP.search(before)):
                continue
            seen.add(name)
            yield begin, match.end()


_MARK = re.compile(r"[、,，;；]|(?<=[\u4e00-\u9fff]{2})[和及](?=[\u4e00-\u9fff]{2})")


def split_slot(flat: str, start: int, end: int, publishing_offices: set[str]) -> Iterator[tuple[int, int]]:
    """The values of an explicit channel slot; the publishing office named before them is left out."""
    at = start
    for match in [*_MARK.finditer(flat, start, end), None]:
        stop = match.start() if match else end
        value = flat[at:stop]
        begin = at + len(value) - len(value.lstrip())
        finish = begin + len(value.strip(" 。."))
        if finish > begin and flat[begin:finish] not in publishing_offices:
            yield begin, finish
        at = match.end() if match else end

"""Channels: the means by which something is to be published or explained.

In an explicit slot (信息发布及渠道：) every value is a channel. In prose a medium counts where the sentence publishes or explains
by it; a site, platform or account that is itself to be built or managed is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MEDIUM = re.compile(
    r"(?:\"[^\"]{2,12}\"网站|(?P<owner>(?:相关部门和各级|本级政府或[\u4e00-\u9fff]{2,6}|本级|本区|本市|本县|本地|各级|中国|省|市|县|区|州|自治区|局|委|厅|我[市县区局委]|单位|部门|市[\u4e00-\u9fff]{1,4}局|[\u4e00-\u9fff]{2,6}中心)?(?:人民)?(?:政府|部门|单位)?(?:门户)?)网站"
    r"|政府信息公开(?:平台|专栏|网)|(?:(?:(?!网站|[和及与在、]|通过)[\u4e00-\u9fff\"]){2,12}?)?(?:信息公示|信用信息|公共资源交易|政务公开(?:统一)?|信息公开|信息发布|统一)(?:系统|平台)|今日头条|抖音|(?:政务)?(?:微博微信|微信微博|两微一端)(?:专题)?|微博|微信(?:公众号)?|公众号|(?:移动)?客户端|"
    r"新媒体(?:直播)?|APP|短视频|新闻发布会|吹风会|听证会|发布会|在线访谈|电视问政|(?:主要|主流)?(?:新闻)?媒体|报纸|报刊|广播电视|广播|电视(?!电话)|政府公报|公报|专栏|公开栏|公示栏|宣传栏|电子屏|查阅点|政务服务大厅|网络(?=[、和及,]|直播|平台))"
)  # fmt: skip
_PUBLISH = re.compile(
    r"公开|公布|发布|公示|刊登|刊载|登载|解读|宣传|展示|推送|告知|宣讲|回应|查询|查阅|直播|报道|传播|讲解|阐释|披露|通报|参加|召开|举办|公告"
)
_BY = re.compile(
    r"(?:在|于|通过|利用|借助|依托|运用|纳入|以|由|经|用好|发挥|结合|召开|参加|举办|开设|设立|开辟|设置|做好|、|和|及|或|与|“|\"|并|本)[^,。;:]{0,16}$"
)
_BUILD_BEFORE = re.compile(
    r"(?:建设|建立|建成|加强|加快|完善|搭建|打造|升级改造|改造|升级|整合|管理|规范|推进|推动|健全|优化|维护|监管|开发|用好管好|加强[^,。;]{0,6}|履行|清理|保证|办好|丰富)[^,。;、在于并通将]{0,10}$"
)
_SET_UP = re.compile(r"(?:开设|设立|开辟|设置)[^,。;]{0,20}$")
_PREFIX = re.compile(r"^.*?(?:通过|利用|借助|依托|运用|纳入|开设|在)(?=[\u4e00-\u9fff\"]{4})")
_BUILD_AFTER = re.compile(
    r"^(?:实现|共享|对接|互联|衔接|建设|集约化|监管|管理|改造|整合|迁移|升级|内容保障|和政务新媒体内容保障|安全|普查|工作|域名|的?建设|优质|健康|融合|特点|代表|与|电子版|采访|关切|合作|监测|数据库|品牌)"
)
_SENTENCE = re.compile(r"[^。;!?\n]+")


def find_channels(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Places of channels in the prose of [start, end), in order, each wording once."""
    seen: set[str] = set()
    for sentence in _SENTENCE.finditer(flat, start, end):
        if not _PUBLISH.search(flat, sentence.start(), sentence.end()):
            continue
        for match in _MEDIUM.finditer(flat, sentence.start(), sentence.end()):
            before, after = flat[max(sentence.start(), match.start() - 24) : match.start()], flat[match.end() : match.end() + 12]
            begin, word = match.start(), match.group()
            if prefix := _PREFIX.match(word):
                begin += prefix.end()
                before, word = before + prefix.group(), word[prefix.end() :]
            if _BUILD_AFTER.match(after) or not _BY.search(before):
                continue
            if not (word == "专栏" and _SET_UP.search(before)) and _BUILD_BEFORE.search(
                before + re.sub(r"(?:系统|平台)$", "", word if "平台" in word else "")
            ):
                continue
            if (
                re.match(r"(?:设立|建立|建设|搭建|打造|构建)", word)
                or (word.endswith("媒体") and re.match(r"^等?(?:列席|代表|参加)", after))
                or word in seen
            ):
                continue
            seen.add(word)
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

"""Scraped text into clean text, with the way back.

Copies of official documents carry pinyin notes after characters (據(jù)), traditional forms, full and half width mixed, and
the buttons of the page they were taken from. Cleaning removes that and keeps, for every character left, its place in the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.reading.model import Span

# A pinyin syllable, with or without tone marks, of the shapes that exist; so that (app), (ppp) or (km) after a word survive.
_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
_VOWELS = "aāáǎàeēéěèiīíǐìoōóǒòuūúǔùüǖǘǚǜvêế"
_FINAL = f"(?:[{_VOWELS}]{{1,3}}(?:ng|n|r)?|ń|ňg?|ǹg?|ḿ)"
_SYLLABLE = f"{_INITIAL}{_FINAL}"
_NOTE = re.compile(f"(?<=[\u3400-\u9fff\uf900-\ufaff)）])[(（]({_SYLLABLE}(?:[ ’']?{_SYLLABLE}){{0,3}})[)）]")
_TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
# Plain-letter notes are trusted only where the text is full of them; one (ai) or (an) alone may be an English word.
_FEW_NOTES = 5

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\x00"))

# One character for one character, so that `flat` can be searched with plain patterns and its offsets are those of `text`.
_FLAT = {
        "（": "(", "）": ")", "，": ",", "；": ";", "：": ":", "！": "!", "？": "?",
        "〔": "[", "〕": "]", "【": "[", "】": "]", "［": "[", "］": "]", "〖": "[", "〗": "]", "﹝": "[", "﹞": "]",
        "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'",
        "〈": "<", "〉": ">", "—": "-", "–": "-", "―": "-", "─": "-", "－": "-", "～": "-", "~": "-", "﹣": "-",
        "．": ".", "｡": "。", "﹒": ".", "／": "/", "＋": "+", "％": "%", "﹪": "%", "︰": ":", "∶": ":",
        "\u3000": " ", "\xa0": " ", "\t": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "｜": "|", "│": "|", "┃": "|",
        "〇": "零", "○": "零",
}  # fmt: skip


@cache
def _half_width() -> dict[str, str]:
    """Full-width letters, digits and a few signs to half width; punctuation keeps the printed form."""
    return {
        chr(c): unicodedata.normalize("NFKC", chr(c))
        for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05)
    }


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _traditional() -> dict[int, str]:
    """Every character that has another simplified form, with that form."""
    han = "".join(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))))
    simple = [_converter().convert(c) for c in han]
    return {ord(a): b for a, b in zip(han, simple, strict=True) if a != b and len(b) == 1}


@cache
def _traditional_pattern() -> re.Pattern[str]:
    return re.compile("[" + "".join(map(chr, _traditional())) + "]")


_SIMPLIFY_SHARE = 0.003


def _simplify(text: str) -> str:
    """Traditional to simplified, by phrase where the length stays the same. A simplified text with a stray old form is left as it is."""
    found = len(_traditional_pattern().findall(text))
    if found <= _SIMPLIFY_SHARE * len(text):
        return text
    lines = []
    for line in text.split("\n"):
        converted = _converter().convert(line)
        lines.append(converted if len(converted) == len(line) else line.translate(_traditional()))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`text` is for people, `flat` for patterns (punctuation unified, spaces plain); both are equally long.

    `origin[i]` is where character i stood in the raw text.
    """

    text: str
    flat: str
    origin: array[int]
    raw_length: int

    def raw(self, start: int, end: int) -> Span:
        """A span of the clean text as a span of the raw text. An empty span stays empty."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else self.raw_length
            return at, at
        return self.origin[start], self.origin[end - 1] + 1


def pinyin_notes(raw: str) -> list[Span]:
    """Where pinyin notes stand. (一), （试行） and ordinary brackets never match, letters that are no syllable neither."""
    toned: list[Span] = []
    plain: list[Span] = []
    for match in _NOTE.finditer(raw):
        (toned if _TONED.search(match.group(1)) else plain).append(match.span())
    return sorted(toned + plain) if len(plain) + len(toned) >= _FEW_NOTES else toned


def _exchange(text: str, table: dict[str, str]) -> str:
    """One character for another, where they occur: a replacement a character is several times faster than translating every one."""
    for c in table.keys() & set(text):
        text = text.replace(c, table[c])
    return text


def clean(raw: str) -> Cleaned:
    """Linear in the length of `raw`. Line breaks are kept; lines that belong to the web page are the outline's business."""
    notes = pinyin_notes(raw)
    if notes:
        pieces, origin, at = [], array("I"), 0
        for start, end in notes:
            pieces.append(raw[at:start])
            origin.extend(range(at, start))
            at = end
        pieces.append(raw[at:])
        origin.extend(range(at, len(raw)))
        text = "".join(pieces)
    else:
        text, origin = raw, array("I", range(len(raw)))
    if _HAS_INVISIBLE.search(text):
        keep = [i for i, c in enumerate(text) if ord(c) not in _INVISIBLE]
        text, origin = "".join(text[i] for i in keep), array("I", (origin[i] for i in keep))
    text = _simplify(_exchange(text.replace("\r", "\n"), _half_width()))
    return Cleaned(text, _exchange(text, _FLAT), origin, len(raw))


_HAS_INVISIBLE = re.compile("[" + "".join(map(chr, _INVISIBLE)) + "]")
_SPACE_BY_HAN = re.compile(r"(?<=[\u3400-\u9fff，。；：、（）《》“”〔〕,.;:()])\s+|\s+(?=[\u3400-\u9fff，。；：、（）《》“”〔〕])")


def tidy(text: str) -> str:
    """Text for output: spaces beside Chinese characters and line breaks go, those between Latin words become one space."""
    text = text.strip()
    return text if len(text.split(None, 1)) < 2 else " ".join(_SPACE_BY_HAN.sub("", text).split())


# The page's own words around a document: teasers of aggregators, share buttons, QR code lines, counters, editors.
_NOISE_ANYWHERE = re.compile(
    r"(?:小编(?:为|给|今天|精心)|供大家参考|范文(?:精选|大全)|欢迎(?:阅读|下载)|下载(?:word|文档)|点击(?:下载|查看|进入)|相关(?:推荐|文章|链接|阅读)[:：]"
    r"|(?:上|下)一篇[:：]|扫一扫|分享(?:到|至)|微信扫|关闭(?:窗口|本页)|打印本页|[\[【](?:打印|关闭|大中小)|字体[:：]?\s*[\[【]?\s*大|浏览(?:次数|量)|点击(?:数|次数|量)[:：]"
    r"|(?:责任)?编辑[:：]|信息来源[:：]|来源[:：]|阅读次数|访问量|返回(?:顶部|首页|列表)|当前位置[:：]|附件下载[:：]?$|视力保护色|无障碍(?:浏览|阅读))"
)
_TEASER = re.compile(r"小编|供大家参考|范文(?:精选|大全)|欢迎(?:阅读|下载)|微信扫|扫一扫")
# The head that government sites print above a document: 索引号: … 组配分类: … 发布日期: …
_PAGE_HEAD = re.compile(
    r"^(?:索引号|索取号|组配分类|发布机构|发布单位|发文机关|发文单位|主题分类|信息分类|分类|信息类别|公开方式|公开范围|公开形式|公开时限|公开日期|生成日期|成文日期|发文日期|发布日期|发布时间|有效性|效力状态|文件编号|"
    r"发文字号|文号|主题词|关键词|体裁分类|名称|标题|信息名称|内容概述|时间|作者|您(?:现在)?(?:所在)?的?位置)\s*[:：]"
)
_NOISE_LINE_LENGTH = 400
_NOISE_TAIL = re.compile(
    r"(?:分享(?:到|至)\s*[:：]?|扫一扫[^。]{0,30}|附件下载\s*[:：]?|[\[【](?:打印|关闭)[^。]{0,20}|责任编辑[:：].{0,20})[\s|]*$"
)


def is_noise(line: str) -> bool:
    """A whole line (flat) that belongs to the page and not to the document."""
    stripped = line.strip(" |·•-_=*#>")
    if not stripped:
        return True
    if len(stripped) > _NOISE_LINE_LENGTH:
        return False
    if len(stripped) <= 200 and _PAGE_HEAD.match(stripped):
        return True
    return (_TEASER if len(stripped) > 80 else _NOISE_ANYWHERE).search(stripped) is not None


def noise_tail(line: str) -> int:
    """Where a share button glued to the end of a line begins; the line's length when there is none."""
    match = _NOISE_TAIL.search(line, max(0, len(line) - 60))
    return match.start() if match else len(line)

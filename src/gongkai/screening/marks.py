"""Marks that keep a document inside: levels of secrecy, 不予公开, 内部资料, and what is cited or forwarded under such a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.screening.model import Hit

# Each begins with one character, for which `re` looks as fast as memchr; which mark it is, is asked only there.
_RARE = tuple(map(re.compile, ("密", "内[部〔\\[［(（【]", "不[公予得]", "依申请公开")))
_ANCHOR = re.compile("[绝机秘]密|密级|[密内][〔\\[［(（【]|内部[资文材刊明]|不公开|不[予得]公开|依申请公开")
_LEVEL = re.compile(
    r"(?:绝密|机密|秘密)\s{0,3}(?:[★☆✩⭐*＊]\s{0,3}(?:\d{1,2}\s?(?:年|个月|天)|长期|[一二三四五六七八九十]{1,3}年)?|级?\s{0,3}(?:特急|加急|平急)(?![\u4e00-\u9fff]))"
)
_LABELLED = re.compile(r"密\s{0,3}级\s{0,2}[:：]\s{0,2}(?:绝密|机密|秘密)")
_ALONE = re.compile(r"[ \t\u3000]*(?:绝密|机密|秘密)(?:级|件|文件)?[ \t\u3000]*(?:\n|\Z)")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{0,8}(?:绝密|机密|秘密|密|(?<![国省市县区])内)\s?[〔\[［(（【]\s?(?:19|20)\d\d\s?[〕\]］)）】]\s?\d{1,5}\s?号"
)
_TITLE_MARK = re.compile(
    r"《[^《》\n]{2,80}?[（(](?:绝密|机密|秘密|内部|内部资料|不公开|不予公开|此件不公开|不公开发布)[）)][^《》\n]{0,4}》"
)
_CITED = re.compile(
    r"(?:转发|引用|依据|根据|按照|贯彻|落实|印发)?[^。\n]{0,12}《[^《》\n]{2,80}》[^《》。\n]{0,24}?[（(](?:绝密|机密|秘密|内部资料|内部文件|内部|此件)?(?:不公开|不予公开|不公开发布|不予公开发布|绝密|机密|秘密|内部资料|内部文件)[）)]"
)
_CLOSED = re.compile(
    r"[（(\[【]\s?此件\s?(?:不公开|不予公开|不公开发布|不予公开发布|不得公开)\s?[）)\]】]|(?:公开(?:方式|属性|类别|类型|选项)|信息公开(?:选项|形式|属性)?)\s?[:：]\s?不(?:予)?公开"
)
_CLOSED_LINE = re.compile(r"[ \t\u3000]*此件(?:不公开|不予公开|不公开发布)[。 \t\u3000]*(?:\n|\Z)")
_ON_REQUEST = re.compile(
    r"[（(\[【]\s?此件\s?依申请公开\s?[）)\]】]|(?:公开(?:方式|属性|类别|类型|选项)|信息公开(?:选项|形式|属性)?)\s?[:：]\s?依申请公开"
)
_INTERNAL = re.compile(
    r"内部(?:资料|文件|材料|刊物)[\s，,：:·—-]{0,4}(?:请)?(?:注意保存|妥善保管|注意保管|不得外传|严禁外传|请勿外传|切勿外传|不得翻印|严禁翻印|仅供参考|注意保密|严禁复制)"
)
_INTERNAL_NOTE = re.compile(r"[ \t\u3000【（(\[]*内部(?:资料|文件|材料|刊物|明电)[ \t\u3000】）)\]]*(?:\n|\Z)")
_LAW = re.compile(r"(?:条例|规定|办法|法)》")


def hits(text: str) -> Iterator[Hit]:
    """Marks in the order of the text, not overlapping."""
    done = 0
    for position in _positions(text):
        anchor = _ANCHOR.match(text, position)
        if anchor is None or position < done:
            continue
        hit = _at(text, anchor.start(), anchor.end())
        if hit:
            done = hit.end
            yield hit


def _positions(text: str) -> list[int]:
    found = set()
    for rare in _RARE:
        for match in rare.finditer(text):
            at = match.start()
            found.add(at - 1 if match[0] == "密" and at and text[at - 1] in "绝机秘" else at)
    return sorted(found)


def _at(text: str, start: int, end: int) -> Hit | None:
    word = text[start:end]
    # Plans say 以公开为常态、不公开为例外 on every page: as a mark it follows a bracket, a colon or 此件.
    if word[0] in "不依" and (not start or text[start - 1] not in "（([【件：: "):
        return None
    line = text.rfind("\n", 0, start) + 1
    if word[0] in "绝机秘密" or word[-1] in "密级":
        for pattern, rule in ((_LEVEL, "secrecy.mark"), (_LABELLED, "secrecy.mark")):
            if found := pattern.match(text, start):
                return _hit(rule, text, found)
        if not text[line:start].strip(" \t\u3000") and (found := _ALONE.match(text, line)):
            return _hit("secrecy.mark", text, found)
    if word[-1] in "〔[［(（【" and (found := _containing(_NUMBER, text, start, line, 10)):
        return _hit("secrecy.number", text, found)
    # A citation begins before its mark: look from the last title bracket of the line.
    opened = text.rfind("《", max(line, start - 130), start)
    if opened >= 0:
        for pattern in (_TITLE_MARK, _CITED):
            found = pattern.match(text, opened)
            if found and found.end() >= end and not _LAW.search(found[0][-14:]):
                return _hit("secrecy.quoted", text, found)
    for pattern, rule in ((_CLOSED, "secrecy.closed"), (_ON_REQUEST, "secrecy.on_request"), (_INTERNAL, "secrecy.internal")):
        if found := _containing(pattern, text, start, line, 14):
            return _hit(rule, text, found)
    for pattern, rule in ((_CLOSED_LINE, "secrecy.closed"), (_INTERNAL_NOTE, "secrecy.internal_note")):
        if found := pattern.match(text, line):
            return _hit(rule, text, found)
    return None


def _containing(pattern: re.Pattern[str], text: str, start: int, line: int, back: int) -> re.Match[str] | None:
    """The match that begins at most `back` characters before `start` in its line and reaches beyond it."""
    for found in pattern.finditer(text, max(line, start - back), min(len(text), start + 120)):
        if found.end() > start:
            return found
    return None


def _hit(rule: str, text: str, found: re.Match[str]) -> Hit:
    """A mark is not personal: it is shown as it stands, a cited title only by its beginning."""
    words = found[0].strip(" \t\u3000\n")
    shown = words if len(words) <= 24 and rule != "secrecy.quoted" else words[:6] + "***"
    return Hit(rule, found.start(), found.end(), shown)

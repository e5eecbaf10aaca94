"""Bytes into characters: which of the encodings Chinese offices use, decided by what the text then says.

GB18030 and Big5 accept nearly each other's every byte, so strict decoding alone settles nothing. What settles it is that in real
text a few hundred characters and the punctuation make up about half of it, and in a wrongly decoded one next to nothing.
"""

from __future__ import annotations

import codecs
import re
import string

import charset_normalizer

from gongkai.reading.errors import ReadingError

SAMPLE_CHARS = 20_000
TRUSTED = 0.25
"""Share of familiar characters above which a guess needs no second opinion."""
HINTED = 0.08
"""And below which it is no text at all, in Chinese or in English."""

_SIMPLIFIED = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十二三四五六七八九"
    "之进着等部度家电力里如水化高自理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政日那社义事平形相全表间样与关各重新线内数正"
    "心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展果料象员革位入常文总次品式活设及管特件长求老头基"
    "资边流路级少图统接知较将组见计别手角期根论运农指区强放决西被干做必战先回则任取据处府办务信息开督落实单责牵负促服规标范完善推保障监促请按照有省市县区街道乡镇"
)
_TRADITIONAL = (
    "這為個國時來們對會發動過說產種後學經進著等電裡現實應開當從業還間樣與關數內無線氣變條沒結解問係軍題黨質設長頭資邊級圖統較將組見計別論運農強決處據務辦責牽負"
    "規標準範圍監督導領優環營門單機構員總則訂區縣鄉鎮請東風書話給讓認識試"
)
_MARKS = "，。、；：（）《》“”〔〕—　\n\r\t .,:;()"
FAMILIAR = frozenset(_SIMPLIFIED + _TRADITIONAL + _MARKS + string.ascii_letters + string.digits)
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# hkscs last: it reads more than Big5 does, and so proves less.
_MULTIBYTE = ("gb18030", "big5", "cp950", "big5hkscs")
_UTF16 = ("utf-16-le", "utf-16-be")


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The characters of `data`, without its byte order mark. `declared` is what the file says of itself, tried first.

    Raises ReadingError when no encoding makes sense of the bytes.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding)
            return text if text is not None else _repair(data[len(mark) :], name, (encoding,))
    if declared and (text := _strict(data, _widened(declared))) is not None:
        return text
    with_nulls = b"\0" in data[:8192]
    if not with_nulls and (text := _strict(data, "utf-8")) is not None:
        return text
    candidates: list[str] = list(_UTF16) if with_nulls else [*_MULTIBYTE]
    best = _best(data, candidates)
    if (best is None or best[0] < HINTED) and not with_nulls:
        # UTF-16 text without a mark and without one ASCII character, line ends included.
        other = _best(data, list(_UTF16))
        if other and other[0] >= TRUSTED and (best is None or other[0] > best[0]):
            best = other
    if best is not None and (not with_nulls or best[0] >= HINTED):
        return best[1]
    if with_nulls:
        raise _unknown(name)
    return _repair(data, name, ("utf-8", "gb18030", "big5hkscs"))


def familiarity(text: str) -> float:
    """Share of characters that any official text is full of, 0 to 1, judged on the beginning."""
    sample = text[:SAMPLE_CHARS]
    return sum(map(FAMILIAR.__contains__, sample)) / len(sample) if sample else 0.0


def is_binary(text: str) -> bool:
    """Whether what was decoded is not writing: control characters beyond the odd stray one."""
    sample = text[: 1 << 20]
    return len(_UNPRINTABLE.findall(sample)) * 100 > len(sample)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _widened(encoding: str) -> str:
    """Pages that say gb2312 mean its superset; so do those that say big5."""
    plain = encoding.strip().strip("\"'").lower().replace("_", "-")
    if plain in ("gb2312", "gbk", "gb-2312", "x-gbk", "cp936", "hz-gb-2312"):
        return "gb18030"
    return plain


def _best(data: bytes, encodings: list[str]) -> tuple[float, str] | None:
    best: tuple[float, str] | None = None
    for encoding in encodings:
        text = _strict(data, encoding)
        if text is None:
            continue
        score = familiarity(text)
        if best is None or score > best[0]:
            best = (score, text)
        if score >= TRUSTED * 2:
            break
    return best


def _repair(data: bytes, name: str, encodings: tuple[str, ...]) -> str:
    """A text with a few bytes lost (cut in the middle of a character) is still worth reading: a replacement mark stands for each."""
    best: tuple[float, str] | None = None
    for encoding in encodings:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") * 500 > len(text) + 500:
            continue
        score = familiarity(text)
        if score >= TRUSTED and (best is None or score > best[0]):
            best = (score, text)
    if best:
        return best[1]
    guess = charset_normalizer.from_bytes(data[: 1 << 16]).best()
    if guess is not None and (text_or_none := _strict(data, guess.encoding)) is not None and familiarity(text_or_none) >= TRUSTED:
        return text_or_none
    raise _unknown(name)


def _unknown(name: str) -> ReadingError:
    return ReadingError(name, "不是可识别的文本（可能是二进制文件，或编码已损坏）", "请另存为 UTF-8 编码的文本，或提交 docx、pdf、ofd 原件")

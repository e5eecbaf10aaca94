"""What is offered and never decided: an abstract from the text, keywords, and what a document says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.formats import document_number
from gongkai.publications.vocabularies import Label, genre_of_title
from gongkai.reading.cleaning import clean as clean_words
from gongkai.reading.metadata import read_metadata
from gongkai.reading.outline import blocks

ABSTRACT_LENGTH = 200
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_HEAD = re.compile(
    r"^(?:各[^。]{2,60}[:：]|[^。，]{4,60}(?:文件|通知|公告|决定|意见|办法|规定|方案)|[〔\[（(].*|.*号|[一二三四五六七八九十]+、.{0,30}|第[一二三四五六七八九十]+[章条].{0,12}|.{0,12})$"
)
_FILLER = re.compile(r"(?:印发|转发)给你们|请(?:认真|结合实际|遵照)[^。]{0,14}(?:执行|落实)。?$|特此(?:通知|公告|批复)")
_ADDRESSEE = re.compile(r"^(?P<words>(?:各|市|县|省|区|自治区)[^。；]{3,200})[:：]$")
_LABEL = re.compile(r"^[（(]\s*(此件[^（()）]{2,20})\s*[)）]$")
_DATE = re.compile(r"^((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日$")
_EFFECTIVE = re.compile(r"自((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日起(?:施行|实施|执行|生效)")
_ENDS = re.compile(r"有效期(?:至|到)((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")
_NEAR_ENDS = 8_000
"""Characters at either end of a text in which it says what it is."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says of itself; empty or None where it does not."""

    title: str = ""
    doc_number: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    addressees: str = ""
    issuer: str = ""
    label: str = ""
    genre: str = ""


def said_in(text: str, labels: Sequence[Label] = ()) -> Said:
    """Read near the head and the end. `labels`: those of the place; another printed one is told as it stands."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    near = "\n".join(lines) if len(text) < 2 * _NEAR_ENDS else text[:_NEAR_ENDS] + "\n" + text[-_NEAR_ENDS:]
    doc = clean_words(near)
    meta = read_metadata(doc, blocks(doc, [], []))
    number = document_number.parse(meta.doc_number) if meta.doc_number else None
    title = " ".join((meta.title or "").split())
    ends = [*lines[:40], *lines[-60:]]
    dates = [found for line in lines[-60:] if (found := _day(_DATE.match("".join(line.split()))))]
    return Said(
        title=title[:300],
        doc_number=number.canonical if number else (meta.doc_number or "")[:80],
        issued_on=meta.issued_on or (dates[-1] if dates else None),
        effective_on=_day(_EFFECTIVE.search(near)),
        repealed_on=_day(_ENDS.search(near)),
        addressees=next((match["words"] for line in lines[:12] if (match := _ADDRESSEE.match(line))), ""),
        issuer=meta.issuer or "",
        label=next((match[1] for line in reversed(ends) if (match := _LABEL.match(line))), ""),
        genre=genre_of_title(title),
    )


def _day(match: re.Match[str] | None) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def abstract_of(text: str) -> str:
    """The first sentences that say something, up to ABSTRACT_LENGTH characters. Linear, and only of the beginning."""
    chosen: list[str] = []
    length = 0
    for line in text[:_NEAR_ENDS].split("\n"):
        words = line.strip()
        if not words or _HEAD.match(words) or "\t" in words:
            continue
        for match in _SENTENCE.finditer(words):
            sentence = match.group().strip()
            if len(sentence) < 8 or (_FILLER.search(sentence) and len(sentence) < 60 and not chosen):
                continue
            if length + len(sentence) > ABSTRACT_LENGTH and chosen:
                return "".join(chosen)
            chosen.append(sentence)
            length += len(sentence)
    return "".join(chosen)[: ABSTRACT_LENGTH * 2] or " ".join(text[:ABSTRACT_LENGTH].split())


def keywords_of(title: str) -> str:
    """Words of the title that say what it is about, without 关于, 印发, 通知 and their like; at most six."""
    inner = re.sub(r"^.*?关于|的(?:通知|意见|决定|通告|公告|批复|函|报告|通报)$|印发|转发|做好|进一步|加强|开展|推进|公布", " ", title)
    inner = re.sub(r"[《》（）()〔〕“”\d年月日]|有关|相关|工作$|实施|本市|全市|全省", " ", inner)
    words = [w for w in re.split(r"[\s、，和及与的]+", inner) if 2 <= len(w) <= 12]
    return " ".join(dict.fromkeys(words[:6]))

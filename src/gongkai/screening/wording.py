"""A wording list of the user's own: words to be checked or not to be used. Gongkai brings none."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import ahocorasick

from gongkai.reading.errors import ReadingError
from gongkai.reading.files.decoding import decode
from gongkai.screening.model import Hit

MOST_WORDS = 100_000
LONGEST_WORD = 100
LARGEST = 16 * 1024 * 1024
_MEND = "表头写 词语、类别、处理、建议用语、生效日期、失效日期，第一列必填"
_COLUMNS = {
    "词语": "word",
    "用语": "word",
    "词": "word",
    "word": "word",
    "类别": "category",
    "分类": "category",
    "category": "category",
    "处理": "action",
    "级别": "action",
    "action": "action",
    "建议用语": "advice",
    "建议": "advice",
    "advice": "advice",
    "生效日期": "since",
    "from": "since",
    "失效日期": "until",
    "to": "until",
}
_SHEET_EPOCH = date(1899, 12, 30)
"""A workbook keeps dates as days since then."""
_TITLES = 5
"""Rows at the top among which the head of the table is looked for."""
_TXT_HEAD = ["词语", "建议用语", "类别", "处理"]
"""What the columns of a txt without a head are."""
_ACTIONS = {"提示": "warn", "warn": "warn", "": "warn", "禁用": "block", "block": "block", "允许": "allow", "allow": "allow"}


@dataclass(frozen=True, slots=True)
class Word:
    """`action`: warn, block, or allow (a longer phrase inside which other words do not count). Dates bound its validity, both included."""

    word: str
    category: str = ""
    action: str = "warn"
    advice: str = ""
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class WordList:
    """The words in force on one day, ready to be looked for. `counts` adds up the hits of each word."""

    def __init__(self, words: Iterable[Word], on: date) -> None:
        self.words = tuple(word for word in words if word.holds_on(on))
        self.counts: Counter[str] = Counter()
        self._automaton = ahocorasick.Automaton()
        for word in self.words:
            # The same word twice: allowed beats blocked beats warned, so that an allow-list can be appended.
            known = self._automaton.get(word.word, None)
            if known is None or _rank(word) > _rank(known):
                self._automaton.add_word(word.word, word)
        if self.words:
            self._automaton.make_automaton()

    def hits(self, text: str) -> Iterator[Hit]:
        """Words outside allowed phrases; of overlapping words each counts."""
        if not self.words:
            return
        found = [(end + 1 - len(word.word), end + 1, word) for end, word in self._automaton.iter(text)]
        allowed = [(start, end) for start, end, word in found if word.action == "allow"]
        at = 0
        for start, end, word in found:
            while at < len(allowed) and allowed[at][1] < end:
                at += 1
            if word.action == "allow" or any(low <= start for low, _ in allowed[at : at + LONGEST_WORD]):
                continue
            self.counts[word.word] += 1
            yield Hit("wording.block" if word.action == "block" else "wording", start, end, word.word, _category(word))


def _rank(word: Word) -> int:
    return ("warn", "block", "allow").index(word.action)


def _category(word: Word) -> str:
    return "；".join(part for part in (word.category, f"建议用“{word.advice}”" if word.advice else "") if part)


def read(data: bytes, name: str) -> tuple[Word, ...]:
    """A word list from csv, xlsx or txt. Raises ReadingError naming the first bad row; nothing of a bad list is used."""
    words, faults = examine(data, name)
    if faults:
        raise ReadingError(name, faults[0], _MEND)
    return tuple(words)


def examine(data: bytes, name: str) -> tuple[list[Word], list[str]]:
    """The words of the good rows, and a sentence for each bad one. Raises ReadingError when the file as a whole cannot be taken.

    A txt has a word a line, and behind a tab what to write instead.
    """
    if len(data) > LARGEST:
        raise ReadingError(name, f"用语表超过 {LARGEST // 1024 // 1024} MB", "请删去不用的列后再试")
    rows = _rows(data, name)
    if not rows:
        raise ReadingError(name, "用语表是空的", _MEND)
    keys, head = _head(rows)
    if "word" not in keys:
        raise ReadingError(name, "用语表没有“词语”一列", _MEND)
    words: list[Word] = []
    faults: list[str] = []
    for number, row in enumerate(rows[head + 1 :], 1 if rows[0] is _TXT_HEAD else head + 2):
        if any(cell.strip() for cell in row):
            found = _word(keys, row, f"第 {number} 行")
            if isinstance(found, Word):
                words.append(found)
            else:
                faults.append(found)
    if len(words) > MOST_WORDS:
        raise ReadingError(name, f"用语表有 {len(words)} 行，超过上限 {MOST_WORDS} 行", "请分类拆开后再试")
    return words, faults


def _head(rows: list[list[str]]) -> tuple[list[str | None], int]:
    """What the columns are, and the row that says so: the first one, or one below the title of the table."""
    for at, row in enumerate(rows[:_TITLES]):
        keys = [_COLUMNS.get(cell.strip().lower()) for cell in row]
        if "word" in keys:
            return keys, at
    return [], 0


def _rows(data: bytes, name: str) -> list[list[str]]:
    if data.startswith(b"PK"):
        return _xlsx(data, name)
    text = decode(data, name)
    if name.lower().endswith(".txt"):
        lines = [line.split("\t") for line in text.splitlines()]
        named = bool(lines) and "word" in [_COLUMNS.get(cell.strip().lower()) for cell in lines[0]]
        return lines if named else [_TXT_HEAD, *lines]
    try:
        return list(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise ReadingError(name, "csv 有一个单元格过长或者引号不成对", "请用表格软件打开后另存为 xlsx 再试") from error


def _xlsx(data: bytes, name: str) -> list[list[str]]:
    from gongkai.reading.files.package import Budget
    from gongkai.screening.places import xlsx

    return xlsx.first_sheet(data, name, Budget(), MOST_WORDS + 2)


def _word(keys: Sequence[str | None], row: Sequence[str], where: str) -> Word | str:
    """The word of a row, or the sentence why there is none."""
    given = {key: cell.strip() for key, cell in zip(keys, row, strict=False) if key}
    text = given.get("word", "")
    if not 0 < len(text) <= LONGEST_WORD:
        return f"{where}：词语要写 1 到 {LONGEST_WORD} 个字"
    action = _ACTIONS.get(given.get("action", "").lower())
    if action is None:
        return f"{where}：处理只能写 提示、禁用、允许"
    try:
        since, until = _day(given.get("since", "")), _day(given.get("until", ""))
    except ValueError as error:
        return f"{where}：日期 {error} 写成 2026-01-31 的样子"
    if since and until and until < since:
        return f"{where}：失效日期早于生效日期"
    return Word(text, given.get("category", ""), action, given.get("advice", ""), since, until)


def _day(text: str) -> date | None:
    """Raises ValueError(the words as written)."""
    if not text:
        return None
    if re.fullmatch(r"[2-6]\d{4}(?:\.0+)?", text):
        return _SHEET_EPOCH + timedelta(int(text[:5]))
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(text.split(" ")[0], form).date()
        except ValueError:
            continue
    raise ValueError(text[:20])

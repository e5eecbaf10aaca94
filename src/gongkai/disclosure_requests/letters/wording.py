"""The words of letters: national ones as dated data (rules/letters.toml), before them those a place approved, and what may be filled in.

A letter is named by its outcome, with its situation where it has two (`open.published`), or by its procedure (`clarification`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from gongkai.agencies.models import Jurisdiction
from gongkai.disclosure_requests.models import LetterTemplate
from gongkai.formats.annual_report.outcomes import Outcome, outcomes
from gongkai.publications.screening.rules import places_above

NEED_WORDS: Mapping[str, str] = {
    "documents": "提供的文件",
    "route": "获取的方式和途径",
    "withheld": "不公开的部分",
    "ground": "事实和理由",
    "secrecy": "定密依据和程序",
    "law": "禁止公开的法律、行政法规及条款",
    "harm": "可能危及的具体内容",
    "third_party": "征求第三方意见的情况",
    "public_interest": "公共利益的衡量",
    "information_kind": "属于哪一类信息",
    "law_opens": "有无法律、法规、规章规定应当公开",
    "registry": "办理查询的机关和程序",
    "search": "检索的范围和方法",
    "other_agency": "掌握信息的机关和联系方式",
    "clarification": "补正告知和补正的情况",
    "channel": "应当走的渠道",
    "earlier_reply": "前次答复的文号和日期",
    "publication": "公报、报刊、书籍的名称和获取途径",
    "frequency": "数量、频次和说明理由的情况",
    "fee_notice": "收费通知的文号、金额和期限",
}
"""What outcomes.toml `needs` asks for, in the words of the form; the same words stand in {braces} in a template."""
LONGEST = 6000
UNFILLED = "【待填："
_FREE = ("称呼", "提交日期", "收到日期", "申请编号", "申请内容")
"""What a procedural letter may leave out."""
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_END = "。；;.，, \n\t"


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str
    what: str
    sample: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class National:
    """One row of letters.toml. `body` with its opening."""

    letter: str
    title: str
    body: str
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class Wording:
    """The words in force: `template` is the place's row, None for the national ones; `version` is what a reply keeps of them."""

    letter: str
    title: str
    body: str
    template: LetterTemplate | None
    version: str


@cache
def _rules() -> tuple[tuple[National, ...], tuple[Placeholder, ...]]:
    table = tomllib.loads(resources.files("gongkai.disclosure_requests").joinpath("rules/letters.toml").read_text("utf-8"))
    rows = tuple(
        National(
            row["letter"],
            row.get("title", "") or outcome_title(row["letter"]),
            (table["opening"] + "\n" if row.get("opening") else "") + row["body"].strip(),
            row["effective_from"],
            row.get("effective_to"),
        )
        for row in table["letter"]
    )
    return rows, tuple(Placeholder(one["name"], one["what"], one["sample"], tuple(one["letters"])) for one in table["placeholder"])


def outcome_of(letter: str) -> tuple[Outcome, str] | None:
    """(outcome, situation) of a reply's letter; None for a procedural one."""
    code, _, situation = letter.partition(".")
    found = outcomes().get(code)
    return (found, situation) if found else None


def letter_of(outcome: Outcome, situation: str) -> str:
    """Its name; of an outcome with situations the first one's where none is chosen yet."""
    if not outcome.situations:
        return outcome.code
    chosen = outcome.situation(situation) or outcome.situations[0]
    return f"{outcome.code}.{chosen.code}"


def outcome_title(letter: str) -> str:
    found = outcome_of(letter)
    if found is None:
        return ""
    one = found[0].situation(found[1])
    return one.letter if one else found[0].letter


def article_of(outcome: Outcome, situation: str) -> str:
    one = outcome.situation(situation)
    return one.article if one else outcome.article


def letters() -> tuple[str, ...]:
    """Every letter there is, replies in the order of the annual table first."""
    return tuple(dict.fromkeys(row.letter for row in _rules()[0]))


def name_of(letter: str) -> str:
    """For lists: the title, and of a reply what it is about."""
    found = outcome_of(letter)
    if found is None:
        return national(letter, date.max).title
    outcome, situation = found
    one = outcome.situation(situation)
    return f"{outcome.title}{f'：{one.title}' if one else ''}"


def national(letter: str, on: date) -> National:
    """The words of that day; those from the first day on for an earlier one. KeyError for a letter there is not."""
    rows = [row for row in _rules()[0] if row.letter == letter]
    if not rows:
        raise KeyError(letter)
    held = [row for row in rows if row.effective_from <= on and (row.effective_to is None or on <= row.effective_to)]
    return max(held or rows[:1], key=lambda row: row.effective_from)


def wording(letter: str, place: Jurisdiction, on: date) -> Wording:
    """What the place, or the nearest above it, has approved for that day; the national words otherwise. Two queries."""
    chain = places_above(place.pk)
    rows = LetterTemplate.objects.filter(letter=letter, jurisdiction__in=chain, approved_at__isnull=False, effective_from__lte=on)
    nearest = sorted(rows, key=lambda row: (chain.index(row.jurisdiction_id), -row.version))
    if nearest:
        row = nearest[0]
        return Wording(letter, row.title, row.body, row, f"第 {row.version} 版")
    own = national(letter, on)
    return Wording(letter, own.title, own.body, None, own.effective_from.isoformat())


def placeholders(letter: str) -> list[Placeholder]:
    """What may stand in a letter, with its meaning and a sample."""
    found = outcome_of(letter)
    kind = "reply" if found else letter
    mine = [one for one in _rules()[1] if not one.letters or kind in one.letters]
    if found:
        known = {one.name for one in mine}
        asked = [NEED_WORDS[need] for need in found[0].asked(found[1])]
        mine += [Placeholder(words, "答复表单里填写的内容", f"（{words}）", ("reply",)) for words in asked if words not in known]
    return mine


def used(body: str) -> list[str]:
    return list(dict.fromkeys(_FIELD.findall(body)))


def template_reasons(letter: str, title: str, body: str) -> list[str]:
    """Why words cannot be a template: a sentence each for braces, unknown and missing placeholders."""
    if letter not in letters():
        return ["没有这种文书"]
    found = []
    if not title.strip() or not body.strip():
        found.append("标题和正文都要填写")
    if len(body) > LONGEST or "\x00" in body:
        found.append(f"正文不能超过 {LONGEST} 个字，也不能有不能保存的字符")
    if any(mark in _FIELD.sub("", body) for mark in "{}"):
        found.append("正文里的花括号没有成对，请写成 {填入项}，一对花括号里只写一个填入项的名称")
    known = {one.name for one in placeholders(letter)}
    named = used(body)
    if unknown := [name for name in named if name not in known]:
        found.append(f"正文里有不认识的填入项：{'、'.join(f'{{{name}}}' for name in unknown)}。可以用的列在表单下面")
    if missing := [name for name in required(letter) if name not in named]:
        found.append(f"正文缺少必须的填入项：{'、'.join(f'{{{name}}}' for name in missing)}")
    if used(title):
        found.append("标题里不能有填入项")
    return found


def required(letter: str) -> list[str]:
    """What a template may not leave out: the article, and what the law wants said (needs)."""
    found = outcome_of(letter)
    if found is None:
        return [
            name for name in used(national(letter, date.max).body) if name not in ("称呼", "提交日期", "收到日期", "申请编号", "申请内容")
        ]
    return ["条款", *(NEED_WORDS[need] for need in found[0].asked(found[1]))]


def fill(body: str, values: Mapping[str, str], *, gaps: bool = True) -> str:
    """The paragraphs with what belongs between the braces. What is not known yet is marked as such (`gaps`), or left out."""

    def word(match: re.Match[str]) -> str:
        value = values.get(match[1], "").strip()
        if not value:
            return f"{UNFILLED}{match[1]}】" if gaps else ""
        end = match.end()
        return value.rstrip(_END) if end < len(body) and body[end] in _END else value

    return _FIELD.sub(word, body)


def sample(letter: str, title: str, body: str) -> tuple[str, str]:
    """(title, body) with sample data, for the preview of a template."""
    values = {one.name: one.sample for one in placeholders(letter)}
    return title, fill(body, values)

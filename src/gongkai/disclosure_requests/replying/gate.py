"""What screening holds back of a reply: other people's data and marks of secrecy in its words and in every file that goes with it.

The applicant's own data may go to the applicant. Anything else that blocks is masked, covered, or decided by the secrecy reviewer with a
reason (`Reply.cleared`); a decision is about one finding in one file or text and falls when that changes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from gongkai.disclosure_requests.models import Applicant, DisclosureRequest, Reply, ReplyFile
from gongkai.publications.screening.files import UNREAD, Row, row_of, unread_because
from gongkai.publications.screening.rules import Held, held
from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget
from gongkai.screening.model import Passage
from gongkai.screening.places import documents, passages
from gongkai.screening.screening import screen_passages

MOST = 500
"""Findings kept of one file; what is beyond is counted in a last one."""
BLOCK = "block"
OWN = ("identity_number", "phone", "email", "address", "name", "contact", "representative")
SHORTEST = 2
_PAGE = re.compile(r"\bpage (\d+)\b")


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of a reply. `name`: the file, empty for the text. `decided`: {reason, name, at} or None."""

    digest: str
    name: str
    row: Row
    decided: dict[str, Any] | None

    @property
    def where(self) -> str:
        """The place in words: the kernel says `page 3`."""
        return _PAGE.sub(r"第 \1 页", self.row["where"])

    @property
    def blocks(self) -> bool:
        return self.row["severity"] == BLOCK and self.decided is None


def own_values(request: DisclosureRequest) -> tuple[str, ...]:
    """What the applicant told of themselves."""
    told = Applicant.objects.filter(request=request).first()
    values = {str(getattr(told, name)).strip() for name in OWN} if told else set()
    return tuple(sorted((value for value in values if len(value) >= SHORTEST), key=len, reverse=True))


def _without(values: Iterable[str], passage: Passage) -> Passage:
    """The passage with the applicant's own values blanked, everything else in its place."""
    text = passage.text
    for value in values:
        text = text.replace(value, "\u3000" * len(value))
    return replace(passage, text=text) if text != passage.text else passage


def in_text(text: str, own: Iterable[str], rules: Held) -> list[Row]:
    passage = _without(own, Passage("正文", text))
    return [row_of(finding) for finding in screen_passages([passage], rules.rules, rules.words)]


def in_file(data: bytes, name: str, own: Iterable[str], rules: Held) -> list[Row]:
    """Every finding of a file that is to be given, its name and the members of an archive included. What cannot be read is a finding."""
    values = tuple(own)
    rows = [row_of(finding) for finding in screen_passages([_without(values, Passage("文件名", name))], rules.rules, rules.words)]
    budget = Budget()
    for label, member in documents(data, name, budget):
        try:
            if isinstance(member, ReadingError):
                raise member
            rows += list(_of_member(member, label, name, values, rules, budget))
        except ReadingError as error:
            rows.append(unread_because(rules.rules[UNREAD], f"{error.problem}。{error.mend}", label.removeprefix(name)))
    rows.sort(key=lambda row: row["severity"] != BLOCK)
    if len(rows) > MOST:
        more = unread_because(rules.rules[UNREAD], f"筛查结果超过 {MOST} 处，其余 {len(rows) - MOST} 处没有列出")
        rows = [*rows[:MOST], more]
    return rows


def _of_member(data: bytes, label: str, name: str, own: tuple[str, ...], rules: Held, budget: Budget) -> Iterator[Row]:
    inside = label.removeprefix(name).removeprefix("!")
    for finding in screen_passages((_without(own, passage) for passage in passages(data, label, budget)), rules.rules, rules.words):
        yield row_of(finding, inside)


def found(reply: Reply) -> list[Found]:
    """Everything screening says of a reply as it is now. The text is read here, files were read when they were made."""
    rules = held(reply.request.jurisdiction_id)
    rows: list[tuple[str, str, Row]] = [("text", "", row) for row in in_text(reply.text, own_values(reply.request), rules)]
    for file in reply.files.select_related("source"):
        rows += [(_scope(file), file.given_name or file.source.name, row) for row in file.findings]
    return [_found(scope, name, row, reply) for scope, name, row in rows]


def _scope(file: ReplyFile) -> str:
    return file.given_sha256 or f"file{file.pk}"


def _found(scope: str, name: str, row: Row, reply: Reply) -> Found:
    words = "\0".join((scope, row["rule"], row["where"], row["masked"]))
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    return Found(digest, name, row, reply.cleared.get(digest))


def reasons(reply: Reply) -> list[str]:
    """A sentence for the text and for each file that may not go out as it is; empty when all may."""
    by_name: dict[str, list[Found]] = {}
    for one in found(reply):
        if one.blocks:
            by_name.setdefault(one.name, []).append(one)
    return [_sentence(name, rows) for name, rows in by_name.items()]


def _sentence(name: str, rows: list[Found]) -> str:
    kinds = "、".join(dict.fromkeys(one.row["why"].partition("：")[0] for one in rows))
    first = " ".join(part for part in (rows[0].where, rows[0].row["masked"]) if part)
    where = f"“{name}”里" if name else "正文里"
    return f"{where}有{kinds} {len(rows)} 处（{first}），请遮盖或者修改，或者由保密审查员写明理由认定可以提供"

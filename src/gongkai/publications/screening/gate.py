"""What screening holds back: a sentence for each thing that stands between an edition and the public, with where and the mend."""

from __future__ import annotations

from collections import Counter

from gongkai.publications.models import Edition, Screening, ScreeningFinding
from gongkai.publications.screening import public_copies
from gongkai.publications.screening.rules import held
from gongkai.publications.screening.runs import progress

MEND = "请在“内容检查”里遮盖，或者由不是拟稿人的审核人写明理由认定可以公开"


def reasons(edition: Edition) -> list[str]:
    """Not finished, done under other rules, blocking findings nobody decided, attachments without a public copy; empty when none."""
    revision = edition.revision
    if revision is None:
        return []
    found = Screening.objects.filter(revision=revision).first()
    if found is None:
        return ["内容检查还没有开始，稍后刷新页面"]
    if found.finished_at is None:
        done, total = progress(found)
        return [f"内容检查还没有完成（{total} 份里已查 {done} 份），稍后刷新页面"]
    rules = held(edition.document.jurisdiction_id)
    if found.rules_key != rules.key:
        return ["检查规则或者用语表在上次检查后有改动，请在“内容检查”里重新检查"]
    return [*_open(found), *public_copies.reasons(revision)]


def _open(found: Screening) -> list[str]:
    """One sentence for the text, and for each attachment."""
    rows = found.findings.filter(severity=ScreeningFinding.Severity.BLOCK, decision="")
    by_part: dict[str, list[tuple[str, str, str]]] = {}
    for title, where, masked, why in rows.order_by("version", "pk").values_list("version__name", "where", "masked", "why"):
        by_part.setdefault(title or "", []).append((where, masked, why))
    return [_sentence(title, found_there) for title, found_there in by_part.items()]


def _sentence(title: str, rows: list[tuple[str, str, str]]) -> str:
    kinds = Counter(why.partition("：")[0] for _, _, why in rows)
    words = "、".join(f"{kind} {count} 处" if count > 1 else kind for kind, count in kinds.items())
    first = rows[0]
    shown = f"（{' '.join(part for part in first[:2] if part)}{'等' if len(rows) > 1 else ''}）" if first[0] or first[1] else ""
    return f"{f'附件“{title}”里' if title else '正文和著录项里'}有{words}{shown}，{MEND}"

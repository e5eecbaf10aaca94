"""Two tasks of different documents that ask the same of the same agency: found, offered to a person, dealt with together or kept apart.

Looked for within one agency at a time: what two agencies owe is never one thing. The texts are compared by the machinery that compares
plans (reading.similarity): an index of rare n-grams names the few candidates of each text, so that the cost grows with an agency's
tasks and not with their square.

Dealt with together means: evidence is handed in at one of the two, the one due first, and proves both; each keeps its own due date, its own
state and its own place in every count (decision 0019).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import User
from gongkai.journal.actions import record
from gongkai.obligations import origins
from gongkai.obligations.fulfilment import settle_proof
from gongkai.obligations.models import Duplicate, Obligation, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.reading.similarity import Corpus, prepare

ALIKE = 0.6
"""From this similarity on a pair is offered; see decision 0019 for the pairs it was set on."""
NEAREST = 3
"""Candidates of one task that are fully compared."""
Decision = Duplicate.Decision


@dataclass(frozen=True, slots=True)
class Pair:
    """Two open obligations of one agency; `first` has the smaller key. `texts` are the words of the documents."""

    first: Obligation
    second: Obligation
    similarity: float
    texts: tuple[str, str]

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """(what, of the first, of the second), where the two differ."""
        a, b = self.first, self.second
        rows = [
            ("期限", str(a.due_on or a.standing), str(b.due_on or b.standing)),
            ("来源", a.get_source_display(), b.get_source_display()),
            ("依据", a.basis, b.basis),
            ("角色", a.get_role_display(), b.get_role_display()),
            ("数量", _quota(a), _quota(b)),
        ]
        return [row for row in rows if row[1] != row[2]]

    @property
    def main(self) -> Obligation:
        return main_of(self.first, self.second)


def _quota(ob: Obligation) -> str:
    return f"{ob.quota_op}{ob.quota_value.normalize():f}{ob.quota_unit}" if ob.quota_value is not None else ""


def main_of(first: Obligation, second: Obligation) -> Obligation:
    """Where the evidence is handed in: what is due first, so that what is in time for it is in time for both; undated last, older first."""
    return min(first, second, key=lambda ob: (ob.due_on is None, ob.due_on or date.max, ob.pk))


def comparable(rows: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """What can be a duplicate: open, not yet with another, and no period of a series (its own periods ask the same by design)."""
    return rows.filter(OPEN, merged_into__isnull=True, series__isnull=True)


def decidable_by(user: Any) -> Q:
    """Whose pairs a user sees and decides: an openness office all of its place, the people of an agency its own."""
    scope = scope_of(user)
    acting = [agency for agency in scope.agency_ids if scope.acts_for(agency)]
    return Q(owner__in=acting) | Q(jurisdiction__in=scope.office_ids)


def pairs_of(rows: Iterable[Obligation]) -> list[Pair]:
    """Pairs among the open obligations of any number of agencies, most alike first. One query for the texts of each source, one for what
    was decided.
    """
    listed = list(rows)
    texts = origins.texts_of(listed)
    by_owner: dict[int, list[Obligation]] = defaultdict(list)
    for ob in listed:
        by_owner[ob.owner_id].append(ob)
    keys = [ob.pk for ob in listed]
    decided = set(Duplicate.objects.filter(first__in=keys).values_list("first_id", "second_id")) if keys else set()
    found = []
    for mine in by_owner.values():
        if len({(ob.source, ob.document_id) for ob in mine}) > 1:
            found += [pair for pair in _alike(mine, texts) if (pair.first.pk, pair.second.pk) not in decided]
    return sorted(found, key=lambda pair: (-pair.similarity, pair.first.pk, pair.second.pk))


def _alike(mine: list[Obligation], texts: dict[int, str]) -> list[Pair]:
    items = [prepare(texts.get(ob.pk) or ob.title, (), ()) for ob in mine]
    corpus = Corpus([], items)
    found: dict[tuple[int, int], Pair] = {}
    for n, item in enumerate(items):
        others = [m for m in corpus.candidates(item) if m != n and _other_document(mine[n], mine[m])]
        for m in others[:NEAREST]:
            low, high = sorted((n, m), key=lambda k: mine[k].pk)
            key = (mine[low].pk, mine[high].pk)
            if key not in found and (score := corpus.score(items[low], items[high])) >= ALIKE:
                words = tuple(texts.get(mine[k].pk) or mine[k].title for k in (low, high))
                found[key] = Pair(mine[low], mine[high], round(score, 3), (words[0], words[1]))
    return list(found.values())


def _other_document(a: Obligation, b: Obligation) -> bool:
    """Two rules of law ask two things, however alike their words: each request has a duty to be taken on and one to be answered."""
    return (a.source, a.document_id) != (b.source, b.document_id)


def failure_reasons(first: Obligation, second: Obligation, decision: str) -> list[str]:
    """Why the pair cannot be decided so now; empty: it can."""
    reasons = []
    if first.pk == second.pk or first.owner_id != second.owner_id:
        reasons.append("只有同一个单位的两项任务才能并案办理")
    for ob in (first, second):
        if ob.fulfilled_on or ob.waived_at or ob.replaced_on:
            reasons.append(f"“{ob.title[:30]}”已经办结、免除或不再办理")
    if decision == Decision.TOGETHER and (first.merged_into_id or second.merged_into_id):
        reasons.append("其中一项已经与别的任务并案办理，请先取消")
    return reasons


def role_reason(ob: Obligation, actor: User) -> str:
    scope = scope_of(actor)
    if scope.is_office_of(ob.jurisdiction_id) or scope.acts_for(ob.owner_id):
        return ""
    return "是否并案办理由责任单位或者本地区政务公开主管部门确认"


def decide(first: Obligation, second: Obligation, actor: User, *, key: str, decision: str, similarity: float) -> Duplicate:
    """并案办理 or 不是一件事, once for a pair. The same decision again returns the one there is."""
    if not key or len(key) > 80:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    if decision not in Decision.values:
        raise ActionRefused("请选择并案办理，或者不是一件事")
    with transaction.atomic():
        locked = {ob.pk: ob for ob in Obligation.objects.select_for_update().filter(pk__in=[first.pk, second.pk]).order_by("pk")}
        low, high = locked[min(first.pk, second.pk)], locked[max(first.pk, second.pk)]
        for ob in (low, high):
            if reason := role_reason(ob, actor):
                raise NotAllowed(reason)
        earlier = Duplicate.objects.filter(first=low, second=high).first()
        if earlier is not None:
            if earlier.decision == decision:
                return earlier
            raise ActionRefused("这两项已经确认过，请刷新页面")
        if reasons := failure_reasons(low, high, decision):
            raise ActionRefused(reasons)
        now = timezone.now()
        row = Duplicate.objects.create(first=low, second=high, decision=decision, similarity=similarity, decided_by=actor, decided_at=now)
        if decision == Decision.TOGETHER:
            main = main_of(low, high)
            other = high if main is low else low
            _join(main, other, actor, key)
        record(
            "duplicate.decided",
            low,
            actor=actor,
            new={"other": high.pk, "decision": decision, "similarity": similarity},
            agency_id=low.owner_id,
            place=low.jurisdiction_id,
        )
    return row


def _join(main: Obligation, other: Obligation, actor: User, key: str) -> None:
    """`other`, and what was already with it, goes with `main`; what proves `main` already proves it from now on."""
    Obligation.objects.filter(Q(pk=other.pk) | Q(merged_into=other)).update(merged_into=main)
    settle_proof(main, actor)
    _note(main, Step.Kind.MERGED, actor, key, f"与“{other.title}”（{other.basis}）并案办理，佐证在本项提交。")
    _note(other, Step.Kind.MERGED, actor, key, f"与“{main.title}”（{main.basis}）并案办理，佐证在那一项提交，期限和状态各算各的。")


def _note(ob: Obligation, kind: str, actor: User, key: str, text: str) -> None:
    try:
        Step.objects.create(
            obligation=ob, kind=kind, actor=actor, agency_id=ob.owner_id, at=timezone.now(), text=text, key=f"{key}:{ob.pk}"
        )
    except IntegrityError as error:
        raise ActionRefused("这张表单已经用于另一条记录，请刷新页面后再提交") from error


def separate(obligation: Obligation, actor: User, *, key: str) -> Obligation:
    """取消并案: the obligation stands for itself again; what was proved together stays proved. Pressed twice, it is separate once."""
    if not key or len(key) > 80:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    with transaction.atomic():
        locked = Obligation.objects.select_for_update().get(pk=obligation.pk)
        if reason := role_reason(locked, actor):
            raise NotAllowed(reason)
        if Step.objects.filter(key=f"{key}:{locked.pk}", kind=Step.Kind.SEPARATED).exists():
            return locked
        main = locked.merged_into
        if main is None:
            raise ActionRefused("这项任务没有与别的任务并案办理")
        locked.merged_into = None
        locked.save(update_fields=["merged_into"])
        Duplicate.objects.filter(Q(first=locked, second=main) | Q(first=main, second=locked)).update(
            decision=Decision.DISTINCT, decided_by=actor, decided_at=timezone.now()
        )
        _note(locked, Step.Kind.SEPARATED, actor, key, f"不再与“{main.title}”并案办理，佐证在本项提交。")
        _note(main, Step.Kind.SEPARATED, actor, key, f"“{locked.title}”不再与本项并案办理。")
        record(
            "duplicate.separated",
            locked,
            actor=actor,
            old={"merged_into": main.pk},
            new={"merged_into": None},
            agency_id=locked.owner_id,
            place=locked.jurisdiction_id,
        )
    obligation.merged_into = None
    return locked

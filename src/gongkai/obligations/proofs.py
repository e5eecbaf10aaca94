"""Deliverables handed in: what a step says its files and its address are, kept with the step; and the addresses the public may follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db.models import Q

from gongkai.obligations.deliverables import Deliverable, expected_of
from gongkai.obligations.models import DeliverableProof, Evidence, Obligation, Step, StepFile


@dataclass(frozen=True, slots=True)
class Proof:
    """The deliverable `name` handed in: as this file, or, without one, at the public address of the step."""

    name: str
    file: File[Any] | None = None


def files_of(proofs: Iterable[Proof]) -> list[File[Any]]:
    """Each file once, in order, whatever number of deliverables it is."""
    return list({id(proof.file): proof.file for proof in proofs if proof.file is not None}.values())


def proof_reasons(obligation: Obligation, proofs: Sequence[Proof], link: str) -> list[str]:
    """Why these cannot be taken; empty when they can. Reads the task's words only where something was handed in."""
    if not proofs:
        return []
    wanted: dict[str, Deliverable] = {deliverable.name: deliverable for deliverable in expected_of(obligation)}
    reasons = []
    for proof in proofs:
        form = "file" if proof.file is not None else "link"
        if proof.name not in wanted:
            reasons.append(f"这项任务没有要求“{proof.name[:80]}”")
        elif form not in wanted[proof.name].forms:
            reasons.append(f"“{proof.name}”请{'填公开链接' if form == 'file' else '上传文件'}")
    if any(proof.file is None for proof in proofs) and not link.strip():
        reasons.append("勾选了公开链接里有的成果，请填写公开链接")
    return reasons


def keep_proofs(step: Step, proofs: Sequence[Proof], kept: dict[int, StepFile]) -> None:
    """Writes the proofs of a new step; `kept` is the stored row of each uploaded file by its id()."""
    seen: set[tuple[str, int]] = set()
    rows = []
    for proof in proofs:
        row = kept[id(proof.file)] if proof.file is not None else None
        if (proof.name, row.pk if row else 0) not in seen:
            seen.add((proof.name, row.pk if row else 0))
            rows.append(DeliverableProof(step=step, name=proof.name, file=row))
    DeliverableProof.objects.bulk_create(rows)


def is_shown(obligation: Obligation) -> bool:
    """Whether the owner ever handed in an address, a file or a record for it.

    No query where steps and files are prefetched and an address or a file is among them; else one or two.
    """
    kinds = (Step.Kind.PROGRESS, Step.Kind.COMPLETION, Step.Kind.EVIDENCE)
    if "steps" in getattr(obligation, "_prefetched_objects_cache", {}):
        found = any(step.link or step.files.all() for step in obligation.steps.all() if step.kind in kinds)
    else:
        found = obligation.steps.filter(~Q(link="") | Q(files__isnull=False), kind__in=kinds).exists()
    return found or obligation.evidence.filter(kind=Evidence.Kind.RECORD, withdrawn_at__isnull=True).exclude(result="failed").exists()


@dataclass(frozen=True, slots=True)
class PublicLink:
    """A public address that shows a duty done, and what stands there. A declaration of no change has words alone: `url` is empty."""

    name: str
    url: str


def public_links(obligations: Iterable[Obligation]) -> dict[int, list[PublicLink]]:
    """Obligation id → what the public may see in proof of it: no words of the work, no files. Three queries.

    For fulfilled duties the address of the last completion and those of steps that name a deliverable there; for every duty its evidence
    that passed and stands: records the public can open, addresses, and “本期没有新内容” as such. Each address once.
    """
    rows = list(obligations)
    done = [obligation.pk for obligation in rows if obligation.fulfilled_on]
    shown = [obligation.pk for obligation in rows if obligation.fulfilled_on or obligation.shown_on]
    found: dict[int, dict[str, PublicLink]] = {pk: {} for pk in shown}
    for pk, links in _of_steps(done).items():
        found[pk].update((link.url, link) for link in links)
    for proof in _standing_evidence(shown):
        link = PublicLink(proof.proves, proof.url)
        if proof.kind == Evidence.Kind.NO_CHANGE:
            link = PublicLink(f"{proof.on} 声明：{proof.proves}", "")
        found[proof.obligation_id].setdefault(link.url or link.name, link)
    return {pk: list(links.values()) for pk, links in found.items() if links}


def _standing_evidence(keys: list[int]) -> Iterable[Evidence]:
    if not keys:
        return []
    kinds = [Evidence.Kind.RECORD, Evidence.Kind.ADDRESS]
    rows = Evidence.objects.filter(obligation__in=keys, result=Evidence.Result.PASSED, withdrawn_at__isnull=True)
    return rows.filter(Q(kind=Evidence.Kind.NO_CHANGE) | (Q(kind__in=kinds) & ~Q(url=""))).order_by("on", "pk")


def _of_steps(done: list[int]) -> dict[int, list[PublicLink]]:
    """The address of the last completion, and those of steps that name a deliverable there."""
    if not done:
        return {}
    kinds = [Step.Kind.PROGRESS, Step.Kind.COMPLETION]
    steps = Step.objects.filter(obligation__in=done, kind__in=kinds).order_by("at", "pk").prefetch_related("proofs")
    by_duty: dict[int, list[Step]] = {}
    for step in steps:
        by_duty.setdefault(step.obligation_id, []).append(step)
    found: dict[int, list[PublicLink]] = {}
    for pk, rows in by_duty.items():
        last = max((row for row in rows if row.kind == Step.Kind.COMPLETION), key=lambda row: (row.at, row.pk), default=None)
        links = []
        for row in rows:
            names = [proof.name for proof in row.proofs.all() if proof.file_id is None]
            if row.link and (names or row is last):
                links.append(PublicLink("、".join(names) or "公开结果", row.link))
        found[pk] = links
    return found

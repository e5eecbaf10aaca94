"""Deliverables handed in: what a step says its files and its address are, kept with the step; and the addresses the public may follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db.models import Q

from gongkai.obligations.deliverables import Deliverable, expected_of
from gongkai.obligations.models import DeliverableProof, Obligation, Step, StepFile


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
    """Whether the owner ever handed in an address or a file for it. No query where steps and files are prefetched, else one."""
    kinds = (Step.Kind.PROGRESS, Step.Kind.COMPLETION)
    if "steps" in getattr(obligation, "_prefetched_objects_cache", {}):
        return any(step.link or step.files.all() for step in obligation.steps.all() if step.kind in kinds)
    return obligation.steps.filter(~Q(link="") | Q(files__isnull=False), kind__in=kinds).exists()


@dataclass(frozen=True, slots=True)
class PublicLink:
    """A public address that shows a duty done, and what stands there."""

    name: str
    url: str


def public_links(obligations: Iterable[Obligation]) -> dict[int, list[PublicLink]]:
    """Obligation id → the addresses shown in proof of it, for fulfilled ones alone: no words of the work, no files. Two queries.

    The address of the last completion, and those of steps that name a deliverable there; each address once.
    """
    done = [obligation.pk for obligation in obligations if obligation.fulfilled_on]
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
        links: dict[str, PublicLink] = {}
        for row in rows:
            names = [proof.name for proof in row.proofs.all() if proof.file_id is None]
            if row.link and (names or row is last):
                links[row.link] = PublicLink("、".join(names) or "公开结果", row.link)
        if links:
            found[pk] = list(links.values())
    return found

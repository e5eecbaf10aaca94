"""审核流程: which steps stand between a draft and the public, which of them are done, and whose turn it is.

The steps are data: those of the document's column, else of its place (models Workflow), else of rules/workflow.toml. What has been done
is a query over the reviews of the revision that would be opened: a later save is another revision, of which nothing has been reviewed yet.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

from django.db.models import Q

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, Membership
from gongkai.agencies.queries import line_of
from gongkai.publications.models import Document, Edition, Review, Revision, Workflow

CONTENT, SECRECY = "content", "secrecy"
OFFICE = Membership.Role.OFFICE.value
OWN, COMPETENT = "own", "competent"
Conclusion = Review.Conclusion


@dataclass(frozen=True, slots=True)
class WorkStep:
    """`role` is held at the document's agency, or with reach `competent` at the competent department of its place."""

    id: str
    name: str
    role: str
    kind: str
    reach: str = OWN
    basis: str = ""

    @property
    def role_words(self) -> str:
        return Membership.Role(self.role).label


@dataclass(frozen=True, slots=True)
class Extra:
    step: WorkStep
    kinds: frozenset[str]
    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorkflowRules:
    title: str
    steps: tuple[WorkStep, ...]
    extras: tuple[Extra, ...]
    stand_in: WorkStep


@cache
def rules() -> WorkflowRules:
    data = tomllib.loads(resources.files("gongkai.publications").joinpath("rules/workflow.toml").read_text("utf-8"))
    stand_in = data["stand_in"]
    return WorkflowRules(
        title=data["title"],
        steps=tuple(step_from(row) for row in data["step"]),
        extras=tuple(Extra(step_from(row), frozenset(row["kinds"]), frozenset(row["attributes"])) for row in data["extra"]),
        stand_in=WorkStep("stand_in", "", stand_in["role"], CONTENT, stand_in["reach"], stand_in["basis"]),
    )


def step_from(row: Mapping[str, Any]) -> WorkStep:
    return WorkStep(row["id"], row["name"], row["role"], row["kind"], row.get("reach", OWN), row.get("basis", ""))


def _steps(row: Workflow | None) -> list[WorkStep]:
    return [step_from(one) for one in row.steps] if row is not None and row.steps else list(rules().steps)


def steps_set(place: int, column: int | None = None) -> list[WorkStep]:
    """The steps of a column, else of its place, else of the rules. One query."""
    mine = Q(column__isnull=True) | Q(column=column) if column else Q(column__isnull=True)
    rows = list(Workflow.objects.filter(mine, jurisdiction=place))
    return _steps(next((row for row in rows if row.column_id), rows[0] if rows else None))


def steps_of(document: Document) -> list[WorkStep]:
    """The steps in order, as set now. Kept on the object, which lives one request."""
    kept: list[WorkStep] | None = getattr(document, "_gongkai_steps", None)
    if kept is None:
        kept = steps_set(document.jurisdiction_id, document.column_id)
        document._gongkai_steps = kept  # type: ignore[attr-defined]
    return kept


def steps_for(edition: Edition, revision: Revision | None = None) -> list[WorkStep]:
    """The steps of an edition: of its document, and those its kind and attribute add before the last word (国办发〔2016〕80号)."""
    revision = revision or edition.revision
    steps = list(steps_of(edition.document))
    for extra in rules().extras:
        if revision is not None and edition.document.kind in extra.kinds and revision.attribute in extra.attributes:
            last = max((n for n, step in enumerate(steps) if step.kind == CONTENT), default=len(steps))
            steps.insert(last, extra.step)
    return steps


def agrees(review: Review, revision: Revision) -> bool:
    """Whether a conclusion lets this revision go on: agreed as it is, redacted as the reviewer asked, or withheld as it says itself."""
    if revision.attribute == Revision.Attribute.WITHHELD:
        return review.conclusion == Conclusion.WITHHELD
    return review.conclusion == Conclusion.PASSED or (review.conclusion == Conclusion.REDACT and revision.redacted)


def latest_reviews(edition: Edition) -> dict[str, Review]:
    """Step → the last review of the current revision, whatever it concluded. One query, none where reviews are prefetched."""
    return {review.step: review for review in edition.reviews.all() if review.revision_id == edition.revision_id}


def done_steps(edition: Edition) -> dict[str, Review]:
    """Step → the review that counts for the current revision."""
    if edition.revision is None:
        return {}
    return {step: review for step, review in latest_reviews(edition).items() if agrees(review, edition.revision)}


def waiting_steps(edition: Edition) -> list[WorkStep]:
    """The steps that can be done now: a content step waits for all before it in the list, the secrecy review for none."""
    done = done_steps(edition)
    waiting, blocked = [], False
    for step in steps_for(edition):
        if step.id in done:
            continue
        if step.kind == SECRECY or not blocked:
            waiting.append(step)
        blocked = True
    return waiting


def missing_steps(edition: Edition) -> list[WorkStep]:
    done = done_steps(edition)
    return [step for step in steps_for(edition) if step.id not in done]


def authors_of(edition: Edition) -> set[int]:
    """Who wrote it: whoever began the edition and whoever saved one of its revisions. One query, none where revisions are prefetched."""
    if "revisions" in getattr(edition, "_prefetched_objects_cache", {}):
        return {edition.author_id, *(revision.author_id for revision in edition.revisions.all())}
    return {edition.author_id, *edition.revisions.order_by().values_list("author_id", flat=True)}


def holds(step: WorkStep, document: Document, user: Any) -> bool:
    """Whether this person has the role of a step, or stands in where nobody at the agency has it."""
    scope = scope_of(user)
    if step.reach == COMPETENT or step.role == OFFICE:
        return scope.is_office_of(document.jurisdiction_id)
    if any(step.role in scope.roles.get(agency, frozenset()) for agency in _hands_of(document)):
        return True
    return scope.is_office_of(document.jurisdiction_id) and step.role not in _roles_at(document)


def _roles_at(document: Document) -> frozenset[str]:
    """The roles that somebody holds for the document's agency. Kept on the object, which lives one request."""
    if not hasattr(document, "_gongkai_roles"):
        prepare([document])
    kept: frozenset[str] = document._gongkai_roles  # type: ignore[attr-defined]
    return kept


def _hands_of(document: Document) -> tuple[int, ...]:
    """The agencies whose people do the steps: its own; a 人民政府 has no staff, its office has (条例第三条)."""
    if document.agency.kind != Agency.Kind.GOVERNMENT:
        return (document.agency_id,)
    if not hasattr(document, "_gongkai_hands"):
        prepare([document])
    kept: tuple[int, ...] = document._gongkai_hands  # type: ignore[attr-defined]
    return kept


def prepare(documents: Iterable[Document]) -> None:
    """Reads steps and held roles of many documents at once. Three queries. Of an agency that ended, the roles at its heir count too."""
    listed = list(documents)
    places = {document.jurisdiction_id for document in listed}
    found = {(row.jurisdiction_id, row.column_id): row for row in Workflow.objects.filter(jurisdiction__in=places)}
    governed = {document.jurisdiction_id for document in listed if document.agency.kind == Agency.Kind.GOVERNMENT}
    offices = Agency.objects.filter(jurisdiction__in=governed, is_competent=True, valid_to__isnull=True)
    office_of = dict(offices.values_list("jurisdiction", "pk"))
    roles: dict[int, set[str]] = defaultdict(set)
    lines = {document.pk: [agency.pk for agency in line_of(document.agency)] for document in listed}
    held = Membership.objects.filter(agency__in={*chain.from_iterable(lines.values()), *office_of.values()}, user__is_active=True)
    for agency, role in held.order_by().values_list("agency", "role"):
        roles[agency].add(role)
    for document in listed:
        own = found.get((document.jurisdiction_id, document.column_id)) if document.column_id else None
        hands = lines[document.pk]
        if document.agency.kind == Agency.Kind.GOVERNMENT and document.jurisdiction_id in office_of:
            hands.append(office_of[document.jurisdiction_id])
        document._gongkai_steps = _steps(own or found.get((document.jurisdiction_id, None)))  # type: ignore[attr-defined]
        document._gongkai_hands = tuple(hands)  # type: ignore[attr-defined]
        document._gongkai_roles = frozenset(role for agency in hands for role in roles[agency])  # type: ignore[attr-defined]


def person_reason(step: WorkStep, edition: Edition, user: Any) -> str:
    """Why this person may not do this step of this edition, or an empty string: one person one step, and nobody his own text."""
    if not holds(step, edition.document, user):
        return f"{step.name}由{step.role_words}办理"
    if user.pk in authors_of(edition):
        return f"这份文稿是您写的，{step.name}要由另一个人办理"
    taken = {review.reviewer_id: name for name, review in done_steps(edition).items() if name != step.id}
    if user.pk in taken:
        return f"您已经办理了“{name_of(edition, taken[user.pk])}”，{step.name}要由另一个人办理"
    return ""


def name_of(edition: Edition, step_id: str) -> str:
    return next((step.name for step in steps_for(edition) if step.id == step_id), step_id)


def step_reasons(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a list of steps that somebody wants to set."""
    steps = list(rows)
    reasons = []
    roles = set(Membership.Role.values)
    if any(not str(row.get("id", "")).strip() or not str(row.get("name", "")).strip() for row in steps):
        reasons.append("每一步都要有代码和名称")
    if any(len(str(row.get("id", ""))) > 20 or len(str(row.get("name", ""))) > 20 for row in steps):
        reasons.append("步骤的代码和名称不超过 20 个字")
    if len({row.get("id") for row in steps}) != len(steps):
        reasons.append("步骤的代码不能重复")
    if any(row.get("role") not in roles or row.get("kind") not in (CONTENT, SECRECY) for row in steps):
        reasons.append("每一步都要选定角色和类别")
    kinds = [row.get("kind") for row in steps]
    if CONTENT not in kinds:
        reasons.append("至少要有一步内容审核（政府信息公开条例第十七条）")
    if SECRECY not in kinds:
        reasons.append("至少要有一步保密审查：先审查、后公开（保守国家秘密法实施条例第四十二条）")
    if len(steps) > 8:
        reasons.append("最多 8 步")
    return reasons

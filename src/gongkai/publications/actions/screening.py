"""遮盖、认定可以公开、重新检查: what people decide of findings. See base.perform for keys and refusals.

Masking the text makes a new revision, by the drafter's own verb; masking an attachment changes only the copy the public will get, the
original stays inside. Overruling is for a reviewer who wrote none of it, with a reason (条例第十七条: 先审查、后公开).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Membership, User
from gongkai.publications import metadata
from gongkai.publications.access import acts_for
from gongkai.publications.actions import drafting
from gongkai.publications.actions.base import insist, masked, perform, text_reasons
from gongkai.publications.models import Deed, Edition, Revision, Screening, ScreeningFinding
from gongkai.publications.reviewing.workflow import authors_of
from gongkai.publications.screening import public_copies
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.screening import text as screening_text
from gongkai.publications.screening.rules import Held, held
from gongkai.reading.errors import ReadingError
from gongkai.screening import copies
from gongkai.screening.copies.values import TABLES

Role = Membership.Role
OVERRULERS = frozenset({Role.REVIEWER.value, Role.SECRECY.value, Role.HEAD.value})
REMOVED = frozenset({"hidden_content", "metadata"})
"""Kinds that are not masked but taken out of the public copy."""
NEVER = frozenset({"hidden.file", "hidden.unread"})
"""Of what nobody could look into nothing can be taken out."""
LABELS = {"mask": "遮盖", "overrule": "认定可以公开", "again": "重新检查"}
Decision = ScreeningFinding.Decision


def role_reason(verb: str, revision: Revision, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string."""
    document, scope = revision.edition.document, scope_of(actor)
    if verb == "overrule":
        if actor.pk in {*authors_of(revision.edition), revision.author_id}:
            return "认定可以公开要由拟稿人以外的审核人、保密审查员或者负责人办理"
        if not scope.roles.get(document.agency_id, frozenset()) & OVERRULERS and not _office_of_government(scope, document.agency):
            return f"认定可以公开由{document.agency.name}的审核人、保密审查员或者负责人办理"
        return ""
    if acts_for(scope, document.agency):
        return ""
    return f"{LABELS[verb]}由{document.agency.name}的经办人、审核人或者负责人办理"


def _office_of_government(scope: Any, agency: Agency) -> bool:
    """A government has no staff of its own: its openness office reviews for it."""
    return agency.kind == Agency.Kind.GOVERNMENT and bool(scope.is_office_of(agency.jurisdiction_id))


def state_reasons(verb: str, revision: Revision) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    edition = revision.edition
    if not public_copies.is_working(revision):
        return ["这一稿已经不是正在办理的文稿，请到当前文稿的内容检查页面办理"]
    if verb == "again":
        return []
    return ["已经定时发布，要改请先取消定时"] if edition.state == Edition.State.SCHEDULED else []


def failure_reasons(verb: str, revision: Revision, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(verb, revision, actor)
    return [role] if role else state_reasons(verb, revision)


def can_be_masked(finding: ScreeningFinding, rules: Held, masking_files: frozenset[int]) -> bool:
    """Whether a button may offer it. `masking_files`: versions in which values can be masked (`masking_versions`)."""
    rule = rules.rules.get(finding.rule)
    if rule is None or finding.rule in NEVER:
        return False
    if finding.kind in REMOVED:
        return finding.version_id is not None
    if not (copies.is_maskable(rule) or finding.rule in TABLES):
        return False
    return finding.version_id is None or finding.version_id in masking_files


def masking_versions(revision: Revision) -> frozenset[int]:
    """Attachments in which values can be masked, by their names, which the upload compared with the bytes. What cannot be done after all
    (a zip of PDFs alone) the worker tells: no copy is made that still shows the value."""
    able = (".docx", ".xlsx", ".txt", ".csv", ".html", ".htm", ".zip")
    names = revision.attachment_links.values_list("version_id", "version__name")
    return frozenset(pk for pk, name in names if name.lower().endswith(able))


def mask(revision: Revision, actor: User, *, key: str, findings: Sequence[int]) -> Revision:
    """遮盖: values of the text in a new revision; values, metadata and hidden parts of attachments in their public copies.

    The revision that is now the edition's own. What cannot be masked is refused, and nothing is done then.
    """

    def work() -> Revision:
        row = _held(revision)
        insist(role_reason("mask", row, actor), state_reasons("mask", row))
        chosen = _chosen(row, findings)
        rules = held(row.edition.document.jurisdiction_id)
        _insist_maskable(chosen, rules, row)
        now = timezone.now()
        ScreeningFinding.objects.filter(pk__in=[one.pk for one in chosen]).update(
            decision=Decision.MASKED, decided_by=actor, decided_at=now, reason=""
        )
        made = _mask_text(row, actor, key, chosen, rules)
        _enqueue_copies(made)
        return made

    return perform(
        Deed.Kind.MASKED, actor, key, revision.edition, work, text=f"遮盖 {len(findings)} 处", agency_id=revision.edition.document.agency_id
    )


def _insist_maskable(chosen: Iterable[ScreeningFinding], rules: Held, revision: Revision) -> None:
    able = masking_versions(revision)
    for one in chosen:
        if not can_be_masked(one, rules, able):
            raise ActionRefused(_not_maskable(one))


def _not_maskable(one: ScreeningFinding) -> str:
    name = one.why.partition("：")[0]
    if one.kind == "secrecy_mark":
        return f"“{name}”不能遮盖后公开，请删改文稿，或者由审核人认定可以公开"
    if one.version_id is None or one.rule in NEVER:
        return f"“{name}”不能自动处理，请改好文稿，或者由审核人认定可以公开"
    return f"“{name}”在这种文件里不能遮盖，请改好原稿后重新上传，或者由审核人认定可以公开"


def _mask_text(revision: Revision, actor: User, key: str, chosen: list[ScreeningFinding], rules: Held) -> Revision:
    """A further revision without the values of the text; it says that it was redacted (条例第三十七条: 区分处理), also where only an
    attachment was. A text under review is not touched for an attachment's sake: its public copy shows what was masked."""
    of_text = [one for one in chosen if one.version_id is None]
    if of_text:
        changed = _masked(revision, of_text, rules)
    elif revision.edition.state == Edition.State.DRAFT and any(one.kind not in REMOVED for one in chosen):
        changed = {}
    else:
        return revision
    changed |= _as_redacted(revision)
    if not changed:
        return revision
    text = drafting.text_of_revision(revision)
    issuers = Agency.objects.in_bulk(list(text.issuers))
    return drafting.save(
        revision.edition,
        actor,
        key=f"{key[:80]}:save",
        base_revision_id=revision.pk,
        content={**text.fields, **changed},
        issuers=[issuers[pk] for pk in text.issuers],
        references=text.references,
    )


def _as_redacted(revision: Revision) -> dict[str, Any]:
    """删减后公开, with the printed label that says so where the place has one."""
    if revision.redacted or revision.attribute == Revision.Attribute.WITHHELD:
        return {}
    listed = metadata.labels_of(revision.edition.document.jurisdiction)
    said = next((one for one in listed if one.redacted and one.attribute == revision.attribute), None)
    return {"redacted": True} | ({"label": said.text} if said is not None and revision.label else {})


def _masked(revision: Revision, chosen: list[ScreeningFinding], rules: Held) -> dict[str, Any]:
    """Fields of the text with their values masked."""
    every = list(revision.screening.findings.filter(version__isnull=True))
    for one in every:
        one.decision = Decision.MASKED if one.pk in {row.pk for row in chosen} else ""
    choose = copies.chosen(public_copies.decided(every).masked, rules.rules)
    try:
        changed = screening_text.masked_content(revision, choose)
    except ReadingError as error:
        raise ActionRefused(f"正文没有能遮盖：{error.problem}。{error.mend}") from error
    if not changed:
        raise ActionRefused("这些内容在附件名称或者变更说明里，请在编辑页面改正")
    return dict(changed)


def overrule(revision: Revision, actor: User, *, key: str, findings: Sequence[int], reason: str) -> Screening:
    """认定可以公开, with the reason that stands in the register."""
    missing = text_reasons(reason, most=500)
    if not reason.strip():
        missing.append("请写明为什么可以公开")

    def work() -> Screening:
        row = _held(revision)
        insist(role_reason("overrule", row, actor), state_reasons("overrule", row) or missing)
        chosen = _chosen(row, findings)
        values = {"decided_by": actor, "decided_at": timezone.now(), "reason": masked(reason.strip())}
        ScreeningFinding.objects.filter(pk__in=[one.pk for one in chosen]).update(decision=Decision.OVERRULED, **values)
        _enqueue_copies(row)
        return row.screening

    return perform(Deed.Kind.OVERRULED, actor, key, revision.edition, work, text=reason, agency_id=revision.edition.document.agency_id)


def again(revision: Revision, actor: User, *, key: str, at: datetime | None = None) -> Screening:
    """重新检查 under the rules and wordings as they are today; files that could get no public copy are tried again."""

    def work() -> Screening:
        row = _held(revision)
        insist(role_reason("again", row, actor), state_reasons("again", row))
        found = screening_runs.ask(row)
        _enqueue_copies(row)
        return found

    return perform(Deed.Kind.SCREENED, actor, key, revision.edition, work, at=at, agency_id=revision.edition.document.agency_id)


def _held(revision: Revision) -> Revision:
    """The revision with its edition as it is now, held until the transaction ends."""
    from gongkai.publications.actions.holding import held as held_edition

    row = Revision.objects.get(pk=revision.pk)
    row.edition = held_edition(revision.edition)
    return row


def _chosen(revision: Revision, findings: Sequence[int]) -> list[ScreeningFinding]:
    """Findings of this revision's screening that nobody has decided."""
    found = list(ScreeningFinding.objects.filter(pk__in=set(findings), screening__revision=revision, decision=""))
    if not found:
        raise ActionRefused("请选择还没有处理的发现")
    return found


def _enqueue_copies(revision: Revision) -> None:
    from gongkai.publications.tasks import make_copies

    transaction.on_commit(partial(make_copies.enqueue, revision.pk), robust=True)

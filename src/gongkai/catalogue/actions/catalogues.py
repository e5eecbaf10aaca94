"""建立目录, 开始修订, 批准, 放弃修订. What was approved never changes; an item keeps its identity through all versions (S1-7)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.deletion import ProtectedError
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.catalogue import signals
from gongkai.catalogue.actions.base import approver_reason, insist, keeper_reason, lock, not_draft, perform, text_reasons
from gongkai.catalogue.copying import copy_from_template, copy_standards
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Deed, Item
from gongkai.catalogue.proofs import KIND
from gongkai.catalogue.reporting import report_of
from gongkai.catalogue.terms import terms_of
from gongkai.obligations.proving import prove_by_fact

State = CatalogueVersion.State
LABELS = {"revise": "开始修订", "approve": "批准", "discard": "放弃修订"}


def role_reason(verb: str, record: Any, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string."""
    if verb == "approve":
        return approver_reason(record, actor)
    catalogue = record if isinstance(record, Catalogue) else record.catalogue
    return keeper_reason(catalogue.agency, actor)


def state_reasons(verb: str, record: Any) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    if verb == "revise":
        return ["已经有一版正在修订"] if record.versions.filter(state=State.DRAFT).exists() else []
    found = not_draft(record)
    if verb == "approve" and not found:
        found = report_of(record).reasons
    return found


def failure_reasons(verb: str, record: Any, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(verb, record, actor)
    return [role] if role else state_reasons(verb, record)


def create(
    agency: Agency,
    actor: User,
    *,
    key: str,
    kind: str,
    field: str = "",
    title: str = "",
    template: CatalogueVersion | None = None,
) -> CatalogueVersion:
    """A catalogue with its first draft: empty, or with the items of a template (another field's or place's catalogue in force, S1-2)."""
    terms = terms_of(agency.jurisdiction_id)
    reasons = text_reasons(title, field, most=200)
    if kind not in Catalogue.Kind.values:
        reasons.append("请选择目录的类别")
    if kind == Catalogue.Kind.AGENCY:
        field = ""
    elif kind == Catalogue.Kind.FIELD and field not in terms.fields:
        reasons.append("请选择公开领域；没有的领域由政务公开主管部门在词表里增加")
    elif kind == Catalogue.Kind.SECTOR and not field.strip():
        reasons.append("请选择公共企事业单位的行业")
    if template is not None and template.state != State.CURRENT:
        reasons.append("只能用现行的目录作模板")
    name = title.strip() or default_title(agency, kind, terms.field_name(field) if field else "")

    def work() -> CatalogueVersion:
        insist(keeper_reason(agency, actor), reasons)
        made = Catalogue.objects.create(jurisdiction=agency.jurisdiction, agency=agency, kind=kind, field=field, title=name)
        reason = f"以《{template.catalogue.title}》第{template.number}版为模板" if template else "首次编制"
        version = CatalogueVersion.objects.create(catalogue=made, number=1, reason=reason, made_by=actor)
        if template is not None:
            copy_from_template(template, version)
        return version

    verb = Deed.Kind.TEMPLATED if template else Deed.Kind.CREATED
    return perform(verb, actor, key, None, work, text=name, agency_id=agency.pk, clash="这个单位已经有这一类别的目录，请在原目录上修订")


def default_title(agency: Agency, kind: str, field_name: str) -> str:
    if kind == Catalogue.Kind.AGENCY:
        return f"{agency.name}主动公开基本目录"
    return f"{agency.jurisdiction.name}{field_name}领域基层政务公开标准目录"


def revise(catalogue: Catalogue, actor: User, *, key: str, reason: str) -> CatalogueVersion:
    """A draft with what is in force now; with nothing where no version is."""
    missing = text_reasons(reason, most=500) or ([] if reason.strip() else ["请写明为什么修订"])

    def work() -> CatalogueVersion:
        locked = lock(catalogue)
        insist(role_reason("revise", locked, actor), state_reasons("revise", locked) or missing)
        number = (locked.versions.aggregate(n=Max("number"))["n"] or 0) + 1
        version = CatalogueVersion.objects.create(catalogue=locked, number=number, reason=reason.strip(), made_by=actor)
        current = locked.versions.filter(state=State.CURRENT).first()
        if current is not None:
            copy_standards(current, version)
        return version

    return perform(Deed.Kind.REVISED, actor, key, catalogue, work, text=reason, agency_id=catalogue.agency_id, clash="已经有一版正在修订")


def approve(version: CatalogueVersion, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> CatalogueVersion:
    """By another person than any who worked on it, when the validator finds nothing (S1-4, S1-5). It is in force from this moment."""

    def work() -> CatalogueVersion:
        lock(version.catalogue)
        locked = lock(version)
        insist(role_reason("approve", locked, actor), state_reasons("approve", locked))
        before = CatalogueVersion.objects.filter(catalogue=locked.catalogue_id, state=State.CURRENT).first()
        CatalogueVersion.objects.filter(catalogue=locked.catalogue_id, state=State.CURRENT).update(state=State.PAST)
        locked.state, locked.approved_by, locked.approved_at = State.CURRENT, actor, at or timezone.now()
        locked.save(update_fields=["state", "approved_by", "approved_at"])
        signals.version_approved.send(CatalogueVersion, version=locked, before=before, actor=actor)
        prove_by_fact(KIND, locked.catalogue_id)
        return locked

    return perform(Deed.Kind.APPROVED, actor, key, version, work, text=text, at=at, agency_id=version.catalogue.agency_id)


def discard(version: CatalogueVersion, actor: User, *, key: str) -> Catalogue:
    """The draft goes with what only it had; the version in force stays as it is."""
    files = [row.file for row in version.imports.all() if row.file]

    def work() -> Catalogue:
        locked = lock(version)
        insist(role_reason("discard", locked, actor), state_reasons("discard", locked))
        locked.standards.all().delete()
        CatalogueVersion.objects.filter(pk=locked.pk).delete()
        drop_unused_items(locked.catalogue_id)
        transaction.on_commit(partial(_forget, files))
        return Catalogue.objects.get(pk=locked.catalogue_id)

    text = f"第{version.number}版"
    return perform(Deed.Kind.DISCARDED, actor, key, version, work, text=text, agency_id=version.catalogue.agency_id)


def _forget(files: list[FieldFile]) -> None:
    """The tables handed in for a draft that is gone."""
    for file in files:
        file.storage.delete(str(file.name))


def drop_unused_items(catalogue_id: int) -> None:
    """Items that stand in no version any more go, unless something points to them."""
    for item in Item.objects.filter(catalogue=catalogue_id, standards__isnull=True):
        try:
            item.delete()
        except ProtectedError:  # a document names it: the item stays known
            continue

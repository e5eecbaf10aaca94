"""The road of the operator, who has the installation and no membership: the journal names no person for it."""

from __future__ import annotations

from django.db import transaction

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency
from gongkai.catalogue.actions.catalogues import default_title
from gongkai.catalogue.actions.importing import look
from gongkai.catalogue.copying import copy_standards
from gongkai.catalogue.importing import Outlook
from gongkai.catalogue.models import Catalogue, CatalogueVersion
from gongkai.catalogue.taking_over import take_over
from gongkai.catalogue.terms import terms_of
from gongkai.journal.actions import Change, record_many

State = CatalogueVersion.State


class _DryRun(Exception):
    """Carries what was seen out of a transaction that must leave nothing."""

    def __init__(self, seen: Outlook, version: CatalogueVersion) -> None:
        self.seen, self.version = seen, version


def import_file(
    agency: Agency, field: str, data: bytes, name: str, *, drop_missing: bool = False, dry_run: bool = False
) -> tuple[Outlook, CatalogueVersion]:
    """The draft of the agency's catalogue takes the table over; made where there is none. Nothing is written when a row is wrong.

    Raises ActionRefused for a field nobody knows and for a file that cannot be read.
    """
    if field and field not in terms_of(agency.jurisdiction_id).fields:
        raise ActionRefused(f"没有“{field}”这个领域，可用的见公开目录的词表")
    try:
        with transaction.atomic():
            version = _draft(agency, field, name)
            seen = look(version, data, name)
            if dry_run or seen.faults:
                raise _DryRun(seen, version)
            if not seen.steps:
                raise ActionRefused(f"“{name}”表头下面没有事项")
            take_over(version, seen, None, drop_missing)
    except _DryRun as stopped:
        return stopped.seen, stopped.version
    return seen, version


def _draft(agency: Agency, field: str, name: str) -> CatalogueVersion:
    """The draft there is, else a revision of what is in force, else the first version of a new catalogue."""
    kind = Catalogue.Kind.FIELD if field else Catalogue.Kind.AGENCY
    title = default_title(agency, kind, terms_of(agency.jurisdiction_id).field_name(field) if field else "")
    values = {"jurisdiction": agency.jurisdiction, "title": title}
    catalogue, made = Catalogue.objects.get_or_create(agency=agency, kind=kind, field=field, defaults=values)
    draft = catalogue.versions.filter(state=State.DRAFT).first()
    if draft is not None:
        return draft
    last = catalogue.versions.order_by("-number").first()
    reason = f"从命令行导入 {name}"[:500]
    draft = CatalogueVersion.objects.create(catalogue=catalogue, number=last.number + 1 if last else 1, reason=reason)
    current = catalogue.versions.filter(state=State.CURRENT).first()
    if current is not None:
        copy_standards(current, draft)
    action = "catalogue.created" if made else "catalogue.revised"
    record_many([Change(action, draft, None, {}, {"number": draft.number, "reason": reason}, agency.pk, agency.jurisdiction_id)])
    return draft

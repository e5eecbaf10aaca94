"""归档 and 去标识化: a closed case is packed; when its term of keeping is over, nothing personal stays and every count stays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.disclosure_requests import loaded
from gongkai.disclosure_requests.actions.base import insist, lock, no_role, perform
from gongkai.disclosure_requests.actions.duties import open_duties
from gongkai.disclosure_requests.letters import files
from gongkai.disclosure_requests.models import (
    Applicant,
    ArchivePackage,
    Clarification,
    Consultation,
    Correction,
    Deed,
    DisclosureRequest,
    Extension,
    FrequencyCheck,
    IncomingMail,
    Remedy,
    ReplyFile,
)
from gongkai.disclosure_requests.privacy.packing import Broken, pack
from gongkai.obligations.proving import record_proves
from gongkai.sealing.fields import sealed_fields
from gongkai.sealing.rotation import sealed_models

ANONYMOUS = "保存期满，已去标识化"
PENDING = Remedy.objects.filter(request=OuterRef("pk"), closed_on__isnull=True)
ASKED = Correction.objects.filter(request=OuterRef("pk"), answered_on__isnull=True)
"""A correction that is not answered keeps its case: its applicant must still be found."""
BATCH = 20


def archive_reasons(request: DisclosureRequest) -> list[str]:
    found = []
    if request.closed_on is None:
        found.append("办结以后才能归档")
    if request.reopened_on is not None:
        found.append("正在重新答复，办结以后再归档")
    if loaded.has(request, "archive"):
        found.append("已经归档")
    if request.anonymised_at is not None:
        found.append("保存期已满，已经去标识化")
    return found


def archive(request: DisclosureRequest, actor: User, *, key: str) -> ArchivePackage:
    """归档: the package is made, read again, and kept sealed. Terms of remedy that are over without a case close with it."""
    insist(no_role(actor, request), archive_reasons(request))
    stored: list[ArchivePackage] = []

    def work() -> ArchivePackage:
        case = lock(request)
        insist("", archive_reasons(case))
        _keep_letters(case)
        try:
            packed = pack(case)
        except Broken as error:
            raise ActionRefused(str(error)) from None
        made = ArchivePackage(request=case, sha256=packed.sha256, size=len(packed.data), made_at=timezone.now(), made_by=actor)
        made.file.save(f"{case.pk}.zip", ContentFile(packed.data), save=False)
        stored.append(made)
        made.save()
        for duty in open_duties("refusal_served", case.pk):
            if duty.due_on is not None and duty.due_on < timezone.localdate():
                record_proves(duty, "archive", made.pk)
        return made

    try:
        return perform(Deed.Kind.ARCHIVED, actor, key, request, work, request=request)
    except BaseException:
        for made in stored:
            made.file.storage.delete(str(made.file.name))
        raise


def _keep_letters(case: DisclosureRequest) -> None:
    """A letter that the worker has not written yet belongs into the package too."""
    for pk in case.services.filter(word_file__isnull=True).values_list("pk", flat=True):
        files.keep(pk)


def due(today: date | None = None) -> QuerySet[DisclosureRequest]:
    """Cases whose term of keeping is over; `held` says whether a reconsideration, a suit or a correction keeps them nevertheless."""
    rows = DisclosureRequest.objects.filter(retention_until__lt=today or timezone.localdate(), anonymised_at__isnull=True)
    return rows.annotate(held=Exists(PENDING) | Exists(ASKED)).order_by("retention_until", "pk")


def is_free() -> Q:
    """Not held: see `due`."""
    return ~Q(Exists(PENDING)) & ~Q(Exists(ASKED)) & Q(reopened_on__isnull=True, closed_on__isnull=False)


def anonymise(request: DisclosureRequest) -> bool:
    """去标识化 of one case by the system; False when it is not due, or held, or done. Everything that tells of a person is emptied, in the
    database and on the disk; numbers, days, outcome and the kind of the applicant stay, so that no table changes."""
    gone: list[tuple[object, str]] = []

    def work() -> DisclosureRequest:
        row = lock(request)
        if not due().filter(is_free(), pk=row.pk).exists():
            raise ActionRefused("还没有到期，或者正在复议、诉讼")
        gone.extend(_empty(row))
        return row

    try:
        perform(Deed.Kind.ANONYMISED, None, f"anonymise:{request.pk}", request, work, request=request)
    except ActionRefused:
        return False
    for storage, name in gone:  # after the commit: a file without a row is harmless, a row without its file is not
        storage.delete(name)  # type: ignore[attr-defined]
    return True


def _empty(row: DisclosureRequest) -> list[tuple[object, str]]:
    now = timezone.now()
    row.subject, row.description, row.features, row.purpose = ANONYMOUS, "", "", ""
    row.wanted_number, row.satisfaction_words, row.likeness, row.anonymised_at = "", "", [], now
    row.save(
        update_fields=[
            *("subject", "description", "features", "purpose", "wanted_number", "satisfaction_words", "likeness", "anonymised_at"),
        ]
    )
    Applicant.objects.filter(request=row).update(digest="", consented_at=None)
    for model, path in _sealed():
        model._default_manager.filter(**{path: row}).update(**dict.fromkeys(sealed_fields(model), ""))
    row.replies.update(answers={}, cleared={})
    _empty_steps(row)
    row.corrections.update(record=ANONYMOUS, words="", anonymised_at=now)
    gone: list[tuple[object, str]] = []
    for file in row.files.filter(removed_at__isnull=True):
        gone.append((file.file.storage, str(file.file.name)))
        file.removed_at, file.name, file.file.name = now, file.get_kind_display(), ""
        file.save(update_fields=["removed_at", "name", "file"])
    for given in ReplyFile.objects.filter(reply__request=row).exclude(given=""):
        gone.append((given.given.storage, str(given.given.name)))
        ReplyFile.objects.filter(pk=given.pk).update(given="", given_name="", areas=[], findings=[])
    for mail in IncomingMail.objects.filter(request=row):
        if mail.raw.name:
            gone.append((mail.raw.storage, str(mail.raw.name)))
        IncomingMail.objects.filter(pk=mail.pk).update(raw="")
    for package in ArchivePackage.objects.filter(request=row).exclude(file=""):
        gone.append((package.file.storage, str(package.file.name)))
        ArchivePackage.objects.filter(pk=package.pk).update(file="")
    return gone


def _empty_steps(row: DisclosureRequest) -> None:
    """What the office wrote on the way may name the applicant or repeat what was asked; that it was written, when and by whom stays."""
    Clarification.objects.filter(request=row).update(items=ANONYMOUS, lapse_note="")
    Consultation.objects.filter(request=row).update(asked=ANONYMOUS)
    Consultation.objects.filter(request=row, overridden=True).update(override_reason=ANONYMOUS)
    Extension.objects.filter(request=row).update(reason=ANONYMOUS)
    FrequencyCheck.objects.filter(request=row).update(facts=ANONYMOUS)
    FrequencyCheck.objects.filter(request=row, judged_on__isnull=False).update(words=ANONYMOUS)
    row.assignments.update(task=ANONYMOUS)
    row.assignments.filter(answered_at__isnull=False).update(answer=ANONYMOUS)
    row.services.update(proof="", told={})
    row.services.exclude(failed="").update(failed=ANONYMOUS)
    row.remedies.update(number="", result_words="")


def _sealed() -> list[tuple[type[Any], str]]:
    """Every model with sealed words that hangs on a case, with the way to it: one that is added later is emptied too."""
    found = []
    for model in sealed_models():
        names = {field.name for field in model._meta.concrete_fields}
        path = "request" if "request" in names else "reply__request" if "reply" in names else ""
        if path and model._meta.app_label == Deed._meta.app_label:
            found.append((model, path))
    return found


def due_corrections(today: date | None = None) -> QuerySet[Correction]:
    """更正申请 without a request behind them whose term of keeping is over; one that has a request goes with it."""
    rows = Correction.objects.filter(request__isnull=True, retention_until__lt=today or timezone.localdate(), anonymised_at__isnull=True)
    return rows.order_by("retention_until", "pk")


def anonymise_correction(row: Correction) -> bool:
    """去标识化 of one correction by the system; False when it is not due or done. Number, days and result stay."""

    def work() -> Correction:
        made = lock(row)
        if not due_corrections().filter(pk=made.pk).exists():
            raise ActionRefused("还没有到期")
        made.applicant, made.claim, made.words, made.record, made.anonymised_at = "", "", "", ANONYMOUS, timezone.now()
        made.save(update_fields=["applicant", "claim", "words", "record", "anonymised_at"])
        return made

    key = f"anonymise:correction:{row.pk}"
    try:
        perform(Deed.Kind.ANONYMISED, None, key, row, work, request=None, agency_id=row.agency_id, text="更正申请")
    except ActionRefused:
        return False
    return True


def tick() -> int:
    """The worker's: a batch of what is due. Harmless twice, late, or by several workers at once."""
    cases = sum(anonymise(row) for row in due().filter(is_free())[:BATCH])
    return cases + sum(anonymise_correction(row) for row in due_corrections()[:BATCH])

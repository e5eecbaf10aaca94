"""When an agency is merged, divided or abolished, whoever goes on with its work answers what was asked of it (条例第十条); what is answered
stays in its name, kept by the heir (agencies.access.Scope.kept_ids)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.agencies.reorganising import Change, Followed
from gongkai.agencies.signals import reorganised
from gongkai.disclosure_requests.actions.base import perform
from gongkai.disclosure_requests.models import Assignment, Correction, Deed, DisclosureRequest, WorkSuggestion
from gongkai.disclosure_requests.models.requests import OPEN

TITLE = "没有答复的公开申请、更正和工作建议"


@receiver(reorganised, dispatch_uid="disclosure_requests.follow")
def follow(change: Change, **kwargs: Any) -> Followed | None:
    """A case goes where its duty goes, its clock as it is. A section that moves takes no case along: the agency asked still answers."""
    if change.section is not None:
        return None
    moved = 0
    for case in DisclosureRequest.objects.filter(OPEN, agency=change.old, withdrawn_at__isnull=True).select_related("jurisdiction"):
        to = change.goes_to("obligation", case.obligation_id) if case.obligation_id else change.heir
        if to is not None and to != change.old:
            _carry(case, to, change)
            moved += 1
    if change.gone and change.heir is not None:
        moved += Correction.objects.filter(agency=change.old, answered_on__isnull=True).update(agency=change.heir)
        moved += WorkSuggestion.objects.filter(to=change.old, answered_at__isnull=True).update(to=change.heir)
    return Followed(TITLE, moved, unit="件")


def _carry(case: DisclosureRequest, to: Agency, change: Change) -> None:
    """The page of progress says who answers now. Work given to a section that goes on goes on; other work of the old agency ends."""

    def work() -> DisclosureRequest:
        section = change.sections.get(case.section_id or 0)
        for task in Assignment.objects.filter(request=case, answered_at__isnull=True, ended_at__isnull=True):
            new = change.sections.get(task.section_id or 0)
            if new is not None and new.agency_id == to.pk:
                task.section = new
            elif task.section_id is not None:  # a person may have gone along; the heir takes his work back where he has not
                task.ended_at = timezone.now()
            task.save(update_fields=["section", "ended_at"])
        case.agency, case.section = to, section if section is not None and section.agency_id == to.pk else None
        case.save(update_fields=["agency", "section"])
        return case

    text = f"{change.reason}，由{to.display_name}继续办理"
    perform(Deed.Kind.TRANSFERRED, change.actor, f"{change.key}:{case.pk}", case, work, request=case, text=text)

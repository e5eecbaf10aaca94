"""What coordination takes along when an agency ends: checks with something left to mend, materials not handed in."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from gongkai.agencies.reorganising import Change, Followed
from gongkai.agencies.signals import reorganised
from gongkai.coordination.models import Check, CheckPoint, Submission


@receiver(reorganised, dispatch_uid="coordination.follow")
def follow(change: Change, **kwargs: Any) -> Followed | None:
    """Only what an ended agency leaves behind; what was received and what is closed stays with it."""
    if not change.gone or change.heir is None:
        return None
    mending = CheckPoint.objects.filter(result=CheckPoint.Result.FAILED, rechecked_on__isnull=True).values("check_record")
    running = Check.objects.filter(Q(finished_at__isnull=True) | Q(pk__in=mending))
    n = 0
    for check in running.filter(Q(agency=change.old) | Q(checker=change.old)).select_for_update(of=("self",)):
        if check.agency_id == change.old.pk:
            check.agency = change.heir
        if check.checker_id == change.old.pk:
            check.checker = change.heir
        check.save(update_fields=["agency", "checker"])
        n += 1
    owed = Submission.objects.filter(agency=change.old, received_at__isnull=True)
    there = set(Submission.objects.filter(agency=change.heir).values_list("collection", "item"))
    for row in owed.select_for_update(of=("self",)):
        if (row.collection_id, row.item) in there:  # the heir owes the same already
            if row.submitted_at is None:
                row.delete()
            continue
        row.agency = change.heir
        row.save(update_fields=["agency"])
        n += 1
    return Followed("检查和材料收集", n)

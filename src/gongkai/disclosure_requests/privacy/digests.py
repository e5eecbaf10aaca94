"""The keyed digests of this app, made again when the key they are made by changes (sealing/rotation.py; docs/decisions/0032)."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from gongkai.disclosure_requests import likeness
from gongkai.disclosure_requests.actions.filing import applicant_digest
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest

BATCH = 500


def again(say: Callable[[str], None]) -> int:
    """Puts right every digest and likeness that is not by the key in use; how many. What is anonymised has none and gets none.

    Reads the newest last, so that what is filed meanwhile, by the new key already, is passed over. Run twice it does nothing.
    """
    return _applicants(say) + _requests(say)


def _applicants(say: Callable[[str], None]) -> int:
    done, last = 0, 0
    rows = Applicant.objects.exclude(digest="").order_by("pk").only("name", "identity_number", "digest")
    while listed := list(rows.filter(pk__gt=last)[:BATCH]):
        for row in listed:
            digest = applicant_digest(row.name, row.identity_number)
            if digest != row.digest:
                done += Applicant.objects.filter(pk=row.pk, digest=row.digest).update(digest=digest)
        last = listed[-1].pk
        say(f"本人摘要：已看到 #{last}")
    return done


def _requests(say: Callable[[str], None]) -> int:
    done, last = 0, 0
    parts = Exists(DisclosureRequest.objects.filter(split_from=OuterRef("pk")))
    rows = DisclosureRequest.objects.exclude(likeness=[]).order_by("pk").annotate(was_split=parts)
    while listed := list(rows.only("description", "wanted_number", "features", "subject", "likeness").filter(pk__gt=last)[:BATCH]):
        for row in listed:
            # What stayed with a request that was split is kept in its short line alone.
            words = row.subject if row.was_split else f"{row.description}{row.wanted_number}{row.features}"
            made = likeness.signature(words)
            if made != row.likeness:
                done += DisclosureRequest.objects.filter(pk=row.pk, anonymised_at__isnull=True).update(likeness=made)
        last = listed[-1].pk
        say(f"相似特征：已看到 #{last}")
    return done

"""A stamp for every document the public may open: the same stamp, the same page. Read for all of them in a handful of queries, so that a
second export does not make a hundred thousand pages to find that ten have changed.

A stamp holds what the document is, which edition was opened when, whether it is open today and in force, its copies, and the same of
every document it refers to or that refers to it. What stands around all pages (names of agencies and columns, the site itself) is the
frame: another frame, and nothing is taken to be the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from gongkai.agencies.models import Agency, AgencyProfile
from gongkai.catalogue.models import Column, Site, Term
from gongkai.journal.queries import newest_change
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.publications.models import Document, Edition, PublicCopy, RevisionReference, ValidityChange
from gongkai.publications.validity import state as validity
from gongkai.publications.visible import live_editions

OF_DOCUMENT = re.compile(r"/documents/(?:(\d+)(?:/|\.json)(?:editions/\d+/|compare/\d+/\d+/)?|valid/(\d+)/document\.\w+)")
"""What the stamp of a document answers for. Files of a document are not among it: they are answered by their own (304)."""
PLANS = "plans"


def key_of(address: str) -> str:
    """Which stamp answers for an address: a document's number, PLANS, or empty for none."""
    found = OF_DOCUMENT.fullmatch(address)
    return (found[1] or found[2]) if found else PLANS if address.startswith("/plans/") else ""


def _duties() -> dict[str, str]:
    """Of the plans with the state of every task: the newest deed, the day, and the limits in hours that have run out today. None while a
    deed waits for its seal, for then nobody can say."""
    newest, now = newest_change(), timezone.now()
    if newest is None:
        return {}
    today = timezone.localdate(now)
    return {PLANS: _hash((newest, today, Obligation.objects.filter(OPEN, due_on=today, due_at__lte=now).count()))}


def frame() -> str:
    """Of what stands around the text of every page. One query a table, each of them small."""
    rows = [list(model.objects.order_by("pk").values_list()) for model in (Agency, AgencyProfile, Column, Site, Term)]
    return _hash((rows, settings.SITE, settings.BASE_URL))


def stamps() -> dict[str, str]:
    """Number of the document → its stamp, of all that were ever opened, and that of the plans. Ten queries."""
    open_today = set(live_editions().order_by().values_list("document", flat=True))
    own: dict[int, list[Any]] = {}
    documents = validity.with_validity(Document.objects.filter(first_published_at__isnull=False)).order_by("pk")
    for pk, *said in documents.values_list(
        "pk", "kind", "agency", "column", "index_number", "withdrawn_at", "withdrawn_reason", "validity"
    ):
        own[pk] = [pk in open_today, *said]
    editions = Edition.objects.filter(document__first_published_at__isnull=False).order_by("pk")
    fields = ("document", "pk", "revision", "state", "published_at", "ended_at", "expires_on", "confirmed_at")
    for pk, *said in editions.values_list(*fields):
        own[pk].append(said)
    changes = ValidityChange.objects.order_by("pk").values_list("document", "pk", "cause", "cleanup__notice")
    near: dict[int, set[int]] = defaultdict(set)
    for pk, *said in changes:
        if pk in own:
            own[pk].append(said)
        _meet(near, pk, *said[1:])
    copies = PublicCopy.objects.order_by().values_list("version__attachment__document").annotate(n=Count("pk"), last=Max("pk"))
    for pk, *said in copies:
        if pk in own:
            own[pk].append(said)
    for pk, target in RevisionReference.objects.order_by("pk").values_list("revision__edition__document", "target"):
        _meet(near, pk, target)
    single = {pk: _hash(said) for pk, said in own.items()}
    found = {str(pk): _hash((stamp, [single.get(other) for other in sorted(near.get(pk, ()))])) for pk, stamp in single.items()}
    return found | _duties()


def _meet(near: dict[int, set[int]], pk: int, *others: int | None) -> None:
    for other in others:
        if other is not None and other != pk:
            near[pk].add(other)
            near[other].add(pk)


def _hash(said: Any) -> str:
    return sha256(repr(said).encode()).hexdigest()[:16]

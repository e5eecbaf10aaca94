"""专题和汇编, to read: whose they are, what is in them, and whether a bound booklet still says what may be said."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.publications.access import MISSING
from gongkai.publications.models import Booklet, Deed, Document, Edition, Revision, Topic, TopicEntry, ValidityChange
from gongkai.publications.validity.state import attach, with_standing
from gongkai.publications.visible import live_editions


def topics_for(user: Any) -> QuerySet[Topic]:
    """Of one's own agencies, and all of the places one reads as openness office."""
    scope = scope_of(user)
    rows = Topic.objects.select_related("jurisdiction", "agency")
    if not scope.is_staff_member:
        return rows.none()
    return rows.filter(Q(agency__in=scope.agency_ids) | Q(jurisdiction__in=scope.seen_ids))


def access_topic(user: Any, pk: int) -> Topic:
    row = topics_for(user).filter(pk=pk).first()
    if row is None:
        raise Http404(MISSING)
    return row


def opened() -> QuerySet[Topic]:
    """What the public sees; an archived topic keeps its page (invariant 4)."""
    return Topic.objects.filter(opened_at__isnull=False).select_related("agency", "jurisdiction")


def counted(rows: QuerySet[Topic]) -> QuerySet[Topic]:
    return rows.annotate(total=Count("entries"))


def readable() -> QuerySet[Edition]:
    """Live editions whose text may be gathered and bound."""
    return live_editions().exclude(revision__attribute=Revision.Attribute.WITHHELD)


def entries(topic: Topic, *, public: bool) -> list[TopicEntry]:
    """The entries in order, each `.document` with `.standing` and `.state`; for the public only what it may read now. Five queries."""
    rows = topic.entries.order_by("position", "pk")
    if public:
        rows = rows.filter(document__in=readable().values("document"))
    listed = list(rows)
    found = with_standing(Document.objects.filter(pk__in=[row.document_id for row in listed])).select_related("agency", "jurisdiction")
    documents = {row.pk: row for row in attach(found)}
    shown = set(readable().filter(document__in=list(documents)).values_list("document", flat=True)) if not public else set(documents)
    for row in listed:
        row.document = documents[row.document_id]
        row.is_public = row.document_id in shown  # type: ignore[attr-defined]
    return listed


def is_stale(booklet: Booklet) -> bool:
    """Whether anything in it may have changed since it was begun: then the public does not get it until it is bound anew. Four queries."""
    since = booklet.asked_at
    inside = booklet.topic.entries.order_by().values("document")
    editions = Edition.objects.filter(document__in=inside)
    if editions.filter(Q(published_at__gt=since) | Q(ended_at__gt=since)).exists():
        return True
    if editions.filter(expires_on__gte=timezone.localdate(since), expires_on__lt=timezone.localdate()).exists():
        return True
    if ValidityChange.objects.filter(document__in=inside, at__gt=since).exists():
        return True
    deeds = Deed.objects.filter(at__gt=since, kind__in=(Deed.Kind.GATHERED, Deed.Kind.REMOVED))
    return deeds.filter(subject="topic", subject_id=booklet.topic_id).exists()


def public_booklets(topic: Topic) -> list[Booklet]:
    """The last finished booklet of each form, where it still says what may be said."""
    found: dict[str, Booklet] = {}
    for row in topic.booklets.exclude(file="").filter(finished_at__isnull=False).order_by("-asked_at", "-pk"):
        found.setdefault(row.form, row)
    return [row for row in found.values() if not is_stale(row)]

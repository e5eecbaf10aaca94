"""Government information as the public finds it: what is live now, with its attachments' names; what is withheld by its title alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Item, Term
from gongkai.catalogue.terms import terms_of
from gongkai.publications.drafting.cleaning import text_of
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.validity import state as validity
from gongkai.publications.visible import live_editions
from gongkai.publications.vocabularies import genre_words, theme_words
from gongkai.search import log
from gongkai.search.model import PLACE, Record
from gongkai.search.sources import Shown, Source, key_of

KIND = "document"


def changed(documents: Iterable[int]) -> None:
    """Inside the transaction of whatever changes what the public sees of these documents."""
    log.changed(KIND, documents)


def _live(ids: Collection[int]) -> QuerySet[Edition]:
    rows = live_editions().filter(document__in=ids).select_related("document__agency", "document__column", "revision")
    return rows.prefetch_related("revision__issuers", "revision__attachment_links")


def _records(ids: Collection[int]) -> Iterable[Record]:
    day = timezone.localdate()
    states = dict(validity.with_validity(Document.objects.filter(pk__in=ids), day).values_list("pk", "validity"))
    fields: dict[int, set[str]] = {}
    for pk, field in Item.objects.filter(documents__in=ids).values_list("documents", "catalogue__field"):
        if field:
            fields.setdefault(pk, set()).add(field)
    for edition in _live(ids):
        document, text = edition.document, edition.revision
        if text is None or edition.published_at is None:
            continue
        on = timezone.localdate(edition.published_at)
        facets = {
            "kind": [KIND],
            "agency": [str(document.agency_id)],
            PLACE: [str(document.jurisdiction_id)],
            "theme": [text.theme[:2]] if text.theme else [],
            "genre": [text.genre] if text.genre else [],
            "validity": [states[document.pk]] if states.get(document.pk, validity.NONE) != validity.NONE else [],
            "year": [str((text.issued_on or on).year)],
            "field": fields.get(document.pk, ()),
        }
        yield Record(key_of(KIND, document.pk), text.title, _words(document, text), on, text.doc_number, facets)


def _words(document: Document, text: Revision) -> str:
    """What is searched beside the title. The text of what is withheld is nobody's to find."""
    own = [document.agency.name, *(agency.name for agency in text.issuers.all()), text.doc_number, document.index_number]
    if text.attribute == Revision.Attribute.PROACTIVE:
        cells = [str(value) for row in text.rows for value in (row.values() if isinstance(row, dict) else ())]
        names = [link.title for link in text.attachment_links.all()]
        own = [text_of(text.body), *cells, text.abstract, text.keywords, *names, *own]
    return "\n".join(filter(None, own))


def _keys(after: int, limit: int) -> list[int]:
    rows = live_editions().filter(document__gt=after).order_by("document")
    return list(rows.values_list("document", flat=True)[:limit])


def _shown(ids: Collection[int]) -> Mapping[int, Shown]:
    """Constant number of queries; the validity is today's, whatever the index says."""
    documents = validity.with_standing(Document.objects.filter(pk__in=ids))
    states = {row.pk: row.state for row in validity.attach(documents)}
    shown = {}
    for edition in _live(ids).defer("revision__body", "revision__rows"):
        document, text, state = edition.document, edition.revision, states[edition.document_id]
        assert text is not None and edition.published_at is not None
        mark, css = (state.words, state.css) if state.is_marked else ("", "")
        if text.attribute == Revision.Attribute.WITHHELD:
            mark, css = "不予公开", "late"
        notes = (document.agency.display_name, text.doc_number, document.column.name if document.column else "")
        url = reverse("documents:document", args=[document.pk])
        shown[document.pk] = Shown(text.title, url, tuple(filter(None, notes)), mark, css)
    return shown


def _drifted(since: date, today: date) -> list[int]:
    """Documents whose term ended or began in between, and those whose last day has passed."""
    rows = validity.with_validity(Document.objects.filter(first_published_at__isnull=False), since, name="before")
    rows = validity.with_validity(rows, today, name="now")
    other = ~Q(before=F("now")) | Q(editions__state=Edition.State.LIVE, editions__expires_on__range=(since, today))
    return list(rows.filter(other).order_by("pk").values_list("pk", flat=True).distinct())


def _agency_names(codes: Collection[str]) -> dict[str, str]:
    rows = Agency.objects.filter(pk__in=[code for code in codes if code.isascii() and code.isdecimal() and len(code) < 19])
    return {str(agency.pk): agency.display_name for agency in rows}


def field_names(codes: Collection[str]) -> dict[str, str]:
    """By the standard's names; what a place added by that place's."""
    own = Term.objects.filter(kind=Term.Kind.FIELD, code__in=codes, unused=False).order_by("pk").values_list("code", "name")
    terms = terms_of(None)
    return {code: terms.field_name(code) for code in codes} | {code: name for code, name in own if code not in terms.fields}


def _public(ids: Collection[int]) -> Iterable[int]:
    return live_editions().filter(document__in=ids).values_list("document", flat=True)


DOCUMENTS = Source(
    KIND,
    "政府信息",
    _records,
    _keys,
    _shown,
    drifted=_drifted,
    live=_public,
    names={
        "agency": _agency_names,
        "field": field_names,
        "theme": lambda codes: {code: theme_words(code) for code in codes},
        "genre": lambda codes: {code: genre_words(code) for code in codes},
        "validity": lambda codes: {code: validity.WORDS.get(code, code) for code in codes},
    },
)

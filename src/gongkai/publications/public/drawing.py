"""The rows of a list of documents and the links by which they are gone through, drawn at once: twenty rows by nodes of a template are half
of what a list costs, a hundred links more than all the rest of a home page.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongkai.publications.models import Edition, Revision
from gongkai.publications.public.facets import Value

ROW = '<li><span><a href="{}">{}</a>{}<span class="sub">{}</span></span><time datetime="{}">{}</time></li>'
LINK = '<li><a href="{}">{}</a>{}</li>'
COUNT = '&nbsp;<span class="muted">{}</span>'
WITHHELD = mark_safe(' <span class="state late">不予公开</span>')  # noqa: S308 — written here


def rows(editions: Iterable[Edition], *, columns: bool = True) -> SafeString:
    """Each with the agency, the number and, where `columns` are told, the column it stands in (facets.listed has them all)."""
    return mark_safe("".join(_row(one, columns) for one in editions))  # noqa: S308 — every part is escaped


def links(values: Iterable[tuple[Value, str]]) -> SafeString:
    """Each with its address (listing.addressed), and how many documents it holds."""
    return format_html_join("", LINK, ((url, row.label, format_html(COUNT, row.n) if row.n else "") for row, url in values))


def _row(edition: Edition, columns: bool) -> str:
    revision, document = edition.revision, edition.document
    assert revision is not None and edition.published_at is not None
    at = timezone.localtime(edition.published_at)
    told = [document.agency.display_name, revision.doc_number, document.column.name if columns and document.column else ""]
    sub = "　".join(word for word in told if word)
    mark = WITHHELD if revision.attribute == Revision.Attribute.WITHHELD else ""
    return format_html(ROW, reverse("documents:document", args=[document.pk]), revision.title, mark, sub, at.isoformat(), f"{at:%Y-%m-%d}")

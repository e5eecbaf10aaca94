"""The attachments of a public page: names, types and sizes of the public copies, and the copies themselves. The original never goes out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.screening.public_copies import public_file_response, public_sizes

TYPES = {
    "docx": "Word",
    "doc": "Word",
    "wps": "WPS",
    "xlsx": "Excel",
    "xls": "Excel",
    "csv": "CSV",
    "pptx": "PowerPoint",
    "pdf": "PDF",
    "ofd": "OFD",
    "zip": "压缩包",
    "txt": "文本",
    "png": "图片",
    "jpg": "图片",
    "jpeg": "图片",
    "mp4": "视频",
}


@dataclass(frozen=True, slots=True)
class PublicFile:
    """`size` in bytes of the copy that goes out."""

    title: str
    name: str
    type_words: str
    size: int
    url: str
    accessible: bool
    contact: str


def files_of(document: Document, edition: Edition, past: bool = False) -> list[PublicFile]:
    """Those that have a copy for the public, in order. A constant number of queries, none where the edition says so."""
    revision = edition.revision
    if revision is None or revision.attribute != Revision.Attribute.PROACTIVE or not getattr(edition, "has_files", True):
        return []
    links = list(revision.attachment_links.select_related("version").order_by("position", "pk"))
    copies = public_sizes(revision) if links else {}
    found = []
    for link in links:
        if (copy := copies.get(link.version_id)) is None:
            continue
        suffix = PurePosixPath(link.version.name).suffix.lower().lstrip(".")
        url = reverse("documents:file", args=[document.pk, link.version.attachment_id])
        if past:
            url = reverse("documents:edition_file", args=[document.pk, edition.number, link.version.attachment_id])
        found.append(PublicFile(link.title, link.version.name, TYPES.get(suffix, suffix), copy.size, url, link.accessible, link.contact))
    return found


def response(request: HttpRequest, edition: Edition, attachment: int) -> HttpResponseBase:
    """The copy of an attachment as it stands with an edition; 404 where the edition shows none of it."""
    revision = edition.revision
    if revision is None or revision.attribute != Revision.Attribute.PROACTIVE:
        raise Http404("这个附件没有公开")
    link = revision.attachment_links.select_related("version").filter(version__attachment=attachment).first()
    if link is None:
        raise Http404("这一版没有这个附件")
    return public_file_response(request, link)

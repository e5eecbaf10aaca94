"""A document as people name it: by its address, its index number, or its 发文字号."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.formats.document_number import canonical
from gongkai.publications.access import documents_for
from gongkai.publications.models import Document, Edition

_ADDRESS = re.compile(r"/documents/(\d{1,18})/?$")


def named(user: Any, text: str) -> tuple[Document | None, str]:
    """(document, "") or (None, why not), of what this person may read or what was ever public. Two queries."""
    words = text.strip()
    found: QuerySet[Document]
    if match := _ADDRESS.search(words):
        found = Document.objects.filter(pk=int(match[1]))
    else:
        numbers = {words, canonical(words)} - {""}
        by_number = Edition.objects.filter(revision__doc_number__in=numbers).exclude(state=Edition.State.DISCARDED)
        found = Document.objects.filter(Q(index_number=words) | Q(pk__in=by_number.values("document")))
    readable = Q(pk__in=documents_for(user).order_by().values("pk")) | Q(first_published_at__isnull=False)
    rows = list(found.filter(readable).order_by("pk")[:2])
    if not rows:
        return None, f"系统里没有找到“{words[:60]}”，请填文件的网址、索引号或者发文字号；不在系统里的只写依据"
    if len(rows) > 1:
        return None, f"“{words[:60]}”不止一份，请填文件的网址或者索引号"
    return rows[0], ""

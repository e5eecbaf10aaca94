"""Where a publication went, on its own staff page: one line for each channel, with what is to be done."""

from __future__ import annotations

from typing import Any

from gongkai.channels.access import channels_for, deliveries_for
from gongkai.channels.forms import AddForm
from gongkai.channels.models import Channel
from gongkai.channels.planning import reaches
from gongkai.channels.queries import listed, looked
from gongkai.channels.views import may_add
from gongkai.publications.models import Document
from gongkai.publications.panels import Panel
from gongkai.publications.visible import live_editions

MOST = 60


def of_document(user: Any, document: Document) -> Panel | None:
    """Deliveries that this person may see; nothing for a draft, which goes nowhere yet. A constant number of queries."""
    if document.first_published_at is None:
        return None
    rows = looked(listed(deliveries_for(user).filter(document=document))[:MOST])
    form = None
    live = live_editions().filter(document=document, revision__attribute="proactive").values_list("pk", flat=True).first()
    if live is not None:
        went = {row.channel_id for row in rows if row.edition_id == live and row.action != "withdraw"}
        others = channels_for(user).filter(reaches(document), active=True).exclude(pk__in=went)
        free: list[Channel] = [row for row in others if may_add(user, row)]
        form = AddForm(channels=free, auto_id="push_%s") if free else None
    return Panel("channels", "渠道", "channels/parts/document.html", {"rows": rows, "form": form, "document": document})

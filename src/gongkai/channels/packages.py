"""What is handed to a connector: of a live document what its public page shows, of a withdrawn one that it is."""

from __future__ import annotations

from typing import IO, Any

from django.urls import reverse

from gongkai.channels.connectors.base import File, Package, Target
from gongkai.channels.models import Channel, Delivery
from gongkai.publications.drafting.cleaning import text_of
from gongkai.publications.models import Edition, Revision
from gongkai.publications.public import files as public_files
from gongkai.publications.public import page as public_page
from gongkai.publications.screening.public_copies import public_sizes
from gongkai.publications.visible import live_editions
from gongkai.reminders.letters import address


class _Here:
    """Stands for a request where nobody asks: addresses begin as the installation is known."""

    @staticmethod
    def build_absolute_uri(path: str) -> str:
        return address(path)


def live_of(delivery: Delivery) -> Edition | None:
    """The edition that the public reads now, while its text is open to all: what goes out is this, never an older one."""
    row = live_editions().filter(document=delivery.document_id).select_related("revision", "document__agency").first()
    shown = row is not None and row.revision is not None and row.revision.attribute == Revision.Attribute.PROACTIVE
    return row if shown else None


def target_of(channel: Channel) -> Target:
    return Target(channel.settings, channel.secret, channel.name)


def earlier_keys(delivery: Delivery) -> tuple[str, ...]:
    """What went to this channel of this document, or may have gone: begun and never answered counts."""
    rows = Delivery.objects.filter(channel=delivery.channel_id, document=delivery.document_id, pk__lt=delivery.pk, attempts__gt=0)
    return tuple(rows.exclude(action=Delivery.Action.WITHDRAW).order_by("pk").values_list("key", flat=True))


def package_of(delivery: Delivery, live: Edition | None = None) -> Package:
    """`live` is needed for all but a withdrawal. A constant number of queries, the attachments' bytes unread."""
    document = delivery.document
    common: dict[str, Any] = {
        "key": delivery.key,
        "action": delivery.action,
        "document": document.pk,
        "url": address(reverse("documents:document", args=[document.pk])),
        "agency": document.agency.name,
        "agency_id": document.agency_id,
        "earlier": earlier_keys(delivery),
    }
    if delivery.action == Delivery.Action.WITHDRAW or live is None:
        revision = delivery.edition.revision
        title = revision.title if revision is not None else document.index_number
        reason = document.withdrawn_reason or "不再公开"
        at = document.withdrawn_at or delivery.made_at
        return Package(edition=delivery.edition.number, title=title, at=at, reason=reason, **common)
    revision = live.revision
    assert revision is not None and live.published_at is not None
    page = public_page.gather(document, live)
    page.files = public_files.files_of(document, live)
    return Package(
        edition=live.number,
        title=revision.title,
        at=live.published_at,
        html=revision.body,
        text=text_of(revision.body),
        reason=live.change_note,
        data=public_page.as_json(page, _Here()),
        files=_files(document.pk, revision),
        **common,
    )


def _files(document: int, revision: Revision) -> tuple[File, ...]:
    copies = public_sizes(revision)
    found = []
    for link in revision.attachment_links.select_related("version").order_by("position", "pk"):
        copy = copies.get(link.version_id)
        if copy is None:
            continue
        url = address(reverse("documents:file", args=[document, link.version.attachment_id]))

        def opened(stored: Any = copy.file) -> IO[bytes]:
            return stored.storage.open(stored.name, "rb")

        found.append(File(link.version.name, link.title, copy.size, copy.sha256, url, opened))
    return tuple(found)

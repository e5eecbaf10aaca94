"""What a form keeps on the server between two presses: its files, sealed; afterwards, for a while, what the receipt shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.disclosure_requests.actions.filing import Filed
from gongkai.disclosure_requests.models import HeldFile, OpenForm
from gongkai.disclosure_requests.public import gate, receipts
from gongkai.publications.drafting.attachments import described
from gongkai.sealing.keys import digest

Part = HeldFile.Part
KEPT = timedelta(hours=24)
SHOWN = timedelta(minutes=30)
"""How long the receipt may be shown again in the browser that filed."""
MOST_FILES, MOST_BYTES = 20, 4
"""Files of a form; and their bytes together, in times of the largest file (GONGKAI_UPLOAD_MB)."""
TOO_MUCH = f"一份申请最多 {MOST_FILES} 个文件，合计不超过 {{mb}} MB，超出的没有收下"


def form_of(key: str) -> OpenForm:
    """The row of a form by the key it carries. The key itself is nowhere in the database: who has it may see the receipt."""
    found, _ = OpenForm.objects.get_or_create(key=digest("request form", key))
    return found


def filing_key(form: OpenForm) -> str:
    """The idempotency key of the request; says nothing of the form's own."""
    return f"web:{digest('filing', form.key)}"


def hold(form: OpenForm, part: str, files: Iterable[File[Any]]) -> list[str]:
    """Keeps files that were judged good; the sentences for those that are too many. The same bytes twice are kept once."""
    rows = list(form.held.all())
    room, most = MOST_FILES - len(rows), MOST_BYTES * settings.UPLOAD_MB * 1024 * 1024 - sum(row.size for row in rows)
    for file in files:
        facts = described(file)
        if form.held.filter(part=part, sha256=facts["sha256"]).exists():
            continue
        if room <= 0 or facts["size"] > most:
            return [TOO_MUCH.format(mb=MOST_BYTES * settings.UPLOAD_MB)]
        room, most = room - 1, most - facts["size"]
        row = HeldFile(form=form, part=part, name=facts["name"], sha256=facts["sha256"], size=facts["size"])
        file.seek(0)
        row.file.save(facts["name"], file, save=False)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:  # the same press, come twice at once
            row.file.storage.delete(str(row.file.name))
    return []


def held(form: OpenForm, part: str) -> list[File[Any]]:
    """The kept files as the action takes them; without those that another press of the same form has filed and let go just now."""
    found: list[File[Any]] = []
    for row in form.held.filter(part=part):
        with suppress(FileNotFoundError), row.file.open() as opened:
            found.append(File(BytesIO(opened.read()), name=row.name))
    return found


def sent_meanwhile(form: OpenForm) -> bool:
    """Whether another press of the same form has filed it since this one was read."""
    return OpenForm.objects.filter(pk=form.pk).exclude(number="").exists()


def let_go(form: OpenForm, ids: Sequence[str] | None = None) -> None:
    """Takes files away that the applicant does not want any more; all of them where none are named."""
    rows = form.held.all()
    if ids is not None:
        rows = rows.filter(pk__in=[int(pk) for pk in ids if pk.isascii() and pk.isdecimal() and len(pk) < 18])
    _remove(rows)


def _remove(rows: Iterable[HeldFile]) -> None:
    for row in list(rows):
        row.delete()
        row.file.storage.delete(str(row.file.name))


def filed(form: OpenForm, done: Filed) -> None:
    """In the transaction that files: what the receipt shows. A second press of the same form changes nothing."""
    if not done.code:
        return
    form.number, form.code, form.filed_at = done.request.number, done.code, timezone.now()
    form.save(update_fields=["number", "code", "filed_at"])


def shown(key: str) -> OpenForm | None:
    """The form whose receipt may be shown, by its digest; None when the half hour is over."""
    since = timezone.now() - SHOWN
    return OpenForm.objects.filter(key=key, filed_at__gt=since).first() if key else None


def tick() -> int:
    """Forgets forms of yesterday with their files, codes whose half hour is over, used challenges, receipts that went out by e-mail."""
    now = timezone.now()
    OpenForm.objects.filter(filed_at__lt=now - SHOWN).exclude(code="").update(code="")
    old = list(OpenForm.objects.filter(made_at__lt=now - KEPT)[:200])
    for form in old:
        _remove(form.held.all())
        form.delete()
    return len(old) + gate.forget(now) + receipts.forget(now)

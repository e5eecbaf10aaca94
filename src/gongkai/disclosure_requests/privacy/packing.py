"""案卷: everything of a case in one zip with an index for people and one for machines, every file with its hash."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from gongkai.disclosure_requests.models import CaseFile, Deed, DisclosureRequest, Remedy, ReplyFile
from gongkai.disclosure_requests.services import LETTERS
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.journal.models import Entry

FORMAT = "gongkai-case-1"
FIXED = (1980, 1, 1, 0, 0, 0)
"""The time in the zip of every file: the same case gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Packed:
    data: bytes
    sha256: str


class Broken(Exception):
    """A file of the case does not read as it was kept. `str(error)` is a Chinese sentence."""


def pack(request: DisclosureRequest) -> Packed:
    """Reads every file and compares it with its kept hash (Broken where it differs), writes the zip, and reads that again."""
    files = [(told, data) for told, data in _files(request)]
    index = _index(request, [told for told, _ in files])
    page = render_to_string("disclosure_requests/privacy/package.html", {"index": index})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        _put(packed, "index.json", json.dumps(index, ensure_ascii=False, indent=1).encode())
        _put(packed, "index.html", page.encode())
        for told, data in files:
            _put(packed, told["path"], data)
    data = out.getvalue()
    verify(data)
    return Packed(data, hashlib.sha256(data).hexdigest())


def verify(data: bytes) -> dict[str, Any]:
    """The index of a package whose files are all there and unchanged; Broken otherwise."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        index: dict[str, Any] = json.loads(packed.read("index.json"))
        for told in index["files"]:
            if hashlib.sha256(packed.read(told["path"])).hexdigest() != told["sha256"]:
                raise Broken(f"案卷包里的“{told['name']}”与校验值不符")
    return index


def _put(packed: zipfile.ZipFile, name: str, data: bytes) -> None:
    packed.writestr(zipfile.ZipInfo(name, FIXED), data, zipfile.ZIP_DEFLATED)


def _files(request: DisclosureRequest) -> Iterator[tuple[dict[str, Any], bytes]]:
    rows = CaseFile.objects.filter(request=request, removed_at__isnull=True).order_by("pk")
    for n, row in enumerate(rows, 1):
        yield _file(row.file, f"files/{n:03d}", row.name, row.get_kind_display(), row.sha256)
    given = ReplyFile.objects.filter(reply__request=request).exclude(given="").order_by("pk")
    for n, one in enumerate(given, 1):
        yield _file(one.given, f"given/{n:03d}", one.given_name, "提供给申请人的文件", one.given_sha256)


def _file(stored: Any, stem: str, name: str, kind: str, sha256: str) -> tuple[dict[str, Any], bytes]:
    try:
        with stored.open("rb") as file:
            data: bytes = file.read()
    except FileNotFoundError:
        raise Broken(f"案卷里的“{name}”不在磁盘上，请先从备份恢复") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Broken(f"案卷里的“{name}”与上传时的校验值不符，请先查明原因")
    path = stem + PurePath(name).suffix.lower()[:8]
    return {"path": path, "name": name, "kind": kind, "sha256": sha256, "size": len(data)}, data


def _index(request: DisclosureRequest, files: list[dict[str, Any]]) -> dict[str, Any]:
    applicant = request.applicant
    outcome = outcomes().get(request.outcome)
    return {
        "format": FORMAT,
        "number": request.number,
        "agency": request.agency.name,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "subject": request.subject,
        "description": request.description,
        "wanted_number": request.wanted_number,
        "features": request.features,
        "purpose": request.purpose,
        "channel": request.get_channel_display(),
        "received_on": _day(request.received_on),
        "receipt_rule": request.receipt_rule,
        "closed_on": _day(request.closed_on),
        "outcome": outcome.title if outcome else "",
        "retention_until": _day(request.retention_until),
        "applicant": {
            "类别": applicant.get_kind_display(),
            **{
                str(getattr(applicant._meta.get_field(name), "verbose_name", name)): getattr(applicant, name)
                for name in ("name", "identity_number", "representative", "contact", "phone", "email", "address", "postcode", "help_needed")
                if getattr(applicant, name)
            },
        },
        "replies": [
            {
                "number": row.number,
                "outcome": outcomes()[row.outcome].title if row.outcome in outcomes() else row.outcome,
                "text": row.text,
                "signed_at": row.signed_at.isoformat() if row.signed_at else "",
                "served_on": _day(row.served_on),
                "replaced": row.replaced_reason,
            }
            for row in request.replies.order_by("pk")
        ],
        "services": [
            {
                "letter": LETTERS.get(row.letter, row.letter),
                "route": row.get_route_display(),
                "sent_on": _day(row.sent_on),
                "served_on": _day(row.served_on),
                "proof": row.proof,
                "failed": row.failed,
            }
            for row in request.services.order_by("sent_on", "pk")
        ],
        "remedies": [
            {"kind": row.get_kind_display(), "organ": row.organ, "number": row.number, "filed_on": _day(row.filed_on)}
            | {"result": row.get_result_display(), "words": row.result_words, "closed_on": _day(row.closed_on)}
            for row in Remedy.objects.filter(request=request)
        ],
        "timeline": [
            {"at": timezone.localtime(deed.at).isoformat(timespec="seconds"), "deed": deed.get_kind_display()}
            | {"actor": str(deed.actor) if deed.actor else "申请人或者系统", "text": deed.text}
            for deed in Deed.objects.filter(request_id=request.pk).select_related("actor").order_by("at", "pk")
        ],
        "journal": list(
            Entry.objects.filter(object_kind="disclosure_requests.disclosurerequest", object_id=str(request.pk)).values_list(
                "pk", flat=True
            )
        ),
        "files": files,
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""

"""公开件: the copy of an attachment that alone is served to the public, and the original never.

A copy is made by the worker of what was decided in the screening of one revision (`recipe`), looked through again, and kept beside those
of other decisions: what a draft decides later changes nothing of what the public sees now. It has a file, or a sentence why it has none.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.http.response import FileResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from gongkai.publications.models import (
    AttachmentVersion,
    Edition,
    PublicCopy,
    Revision,
    RevisionAttachment,
    Screening,
    ScreeningFinding,
    ScreeningPolicy,
)
from gongkai.publications.models.editions import WORKING
from gongkai.publications.screening.files import Row, extension_of, in_bytes
from gongkai.publications.screening.rules import Held, held
from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.screening import copies
from gongkai.screening.copies.values import TABLES

Decision = ScreeningFinding.Decision
Wanted = frozenset[tuple[str, str]]
"""(rule, masked form), or (rule, "") for all that the rule finds."""
NUMBERS = frozenset({"id_number.18", "id_number.15", "id_number.15_form", "id_number.miswritten", "passport"})
"""What is masked where a table of names and numbers is."""
INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})
"""What a browser shows by itself and never runs."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of one file: to be masked or taken out, overruled, and whether something blocking is still open."""

    masked: Wanted
    overruled: Wanted
    open: bool


def decided(findings: Iterable[ScreeningFinding]) -> Decided:
    rows = list(findings)
    blocking = any(row.severity == ScreeningFinding.Severity.BLOCK and not row.decision for row in rows)
    return Decided(_chosen(rows, Decision.MASKED), _chosen(rows, Decision.OVERRULED), blocking)


def _chosen(rows: list[ScreeningFinding], decision: str) -> Wanted:
    """Where a whole rule was decided alike it stands alone: it also reaches what is beyond the most that are listed."""
    chosen = Counter(row.rule for row in rows if row.decision == decision)
    whole = {rule for rule, count in chosen.items() if count == sum(row.rule == rule for row in rows)}
    pairs = {(row.rule, "" if row.rule in whole else row.masked) for row in rows if row.decision == decision}
    if decision == Decision.MASKED and chosen.keys() & TABLES:
        pairs |= {(rule, "") for rule in NUMBERS}
    return frozenset(pairs)


def recipe_of(version: AttachmentVersion, masked: Wanted) -> str:
    told = json.dumps([version.sha256, extension_of(version.name), sorted(masked)], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def copies_of(revision: Revision) -> dict[int, tuple[Decided, PublicCopy | None]]:
    """Version → what was decided of it in this revision, and the copy that follows from it. Three queries."""
    links = list(revision.attachment_links.select_related("version"))
    rows: dict[int, list[ScreeningFinding]] = {link.version_id: [] for link in links}
    for finding in ScreeningFinding.objects.filter(screening__revision=revision, version__isnull=False):
        rows.setdefault(finding.version_id or 0, []).append(finding)
    made = {(copy.version_id, copy.recipe): copy for copy in PublicCopy.objects.filter(version__in=rows).select_related("version")}
    found = {}
    for link in links:
        what = decided(rows[link.version_id])
        found[link.version_id] = (what, made.get((link.version_id, recipe_of(link.version, what.masked))))
    return found


def make_for(revision: Revision) -> int:
    """Makes the copies that can be made: of attachments that were looked through and have nothing blocking left. How many were made."""
    screening = Screening.objects.filter(revision=revision).first()
    if screening is None:
        return 0
    looked = set(screening.parts.filter(done_at__isnull=False).values_list("version_id", flat=True))
    rules = held(revision.edition.document.jurisdiction_id)
    links = {link.version_id: link for link in revision.attachment_links.select_related("version")}
    count = 0
    for version_id, (what, copy) in copies_of(revision).items():
        if version_id in looked and not what.open and (copy is None or not copy.file or (copy.kept and not _keeps(rules))):
            ensure_public(links[version_id].version, what, rules)
            count += 1
    return count


def ensure_public(version: AttachmentVersion, what: Decided, rules: Held) -> PublicCopy:
    """The copy after these decisions, made now where there is none; tried again where there was a sentence instead of a file."""
    recipe = recipe_of(version, what.masked)
    standing = PublicCopy.objects.filter(version=version, recipe=recipe).first()
    if standing is not None and standing.file and (not standing.kept or _keeps(rules)):
        return standing
    copy = PublicCopy(version=version, recipe=recipe, made_at=timezone.now())
    stored: list[str] = []
    try:
        _fill(copy, what, rules, stored)
    except ReadingError as error:
        copy.problem = f"{error.problem}。{error.mend}"[:500]
    try:
        with transaction.atomic():
            earlier = PublicCopy.objects.select_for_update().filter(version=version, recipe=recipe).first()
            if earlier is not None and earlier.file and not earlier.kept and not copy.file:
                return earlier
            if earlier is not None:
                copy.pk = earlier.pk
            copy.save()
    except IntegrityError:  # another worker was faster with the same
        for name in stored:
            copy.file.storage.delete(name)
        return PublicCopy.objects.get(version=version, recipe=recipe)
    return copy


def _keeps(rules: Held) -> bool:
    return rules.unstripped == ScreeningPolicy.Unstripped.KEEP


def _fill(copy: PublicCopy, what: Decided, rules: Held, stored: list[str]) -> None:
    """Raises ReadingError where no copy can be made, or the one that was made still shows what it must not."""
    version = copy.version
    try:
        data = _made(version, what, rules)
    except ReadingError:
        if not _keeps(rules):
            raise
        _keep(copy, what)
        stored.append(str(copy.file.name))
        return
    _look_again(in_bytes(data, version.name, rules), what, rules)
    copy.sha256, copy.size = hashlib.sha256(data).hexdigest(), len(data)
    copy.file.save(version.name, ContentFile(data), save=False)
    stored.append(str(copy.file.name))


def _made(version: AttachmentVersion, what: Decided, rules: Held) -> bytes:
    if version.size > limits.FILE_BYTES:
        raise ReadingError(version.name, "文件太大，不能去除属性", "请拆分或删去其中的图片后再上传")
    with version.original.open("rb") as file:
        data: bytes = file.read()
    choose = copies.chosen(what.masked, rules.rules) if what.masked else None
    return copies.for_public(data, version.name, choose)


def _keep(copy: PublicCopy, what: Decided) -> None:
    """The original's bytes: of a format that cannot be stripped, where the place lets it pass and nobody asked for anything to go."""
    version = copy.version
    if what.masked:
        raise ReadingError(version.name, "这种文件不能遮盖，也不能去除属性", "请改好原稿后重新上传，或者由审核人认定可以公开")
    with version.original.open("rb") as file:
        copy.file.save(version.name, File(file), save=False)
    copy.sha256, copy.size, copy.kept = version.sha256, version.size, True


def _look_again(rows: Iterable[Row], what: Decided, rules: Held) -> None:
    """Nothing blocking that nobody overruled, and nothing that somebody had taken out."""
    for row in rows:
        left = (row["rule"], row["masked"]) in what.masked or (row["rule"], "") in what.masked
        passed = (row["rule"], row["masked"]) in what.overruled or (row["rule"], "") in what.overruled
        if left or (row["severity"] == ScreeningFinding.Severity.BLOCK and not passed):
            name = rules.rules[row["rule"]].name
            problem = f"公开件里还有{name} {row['masked']}（{row['where']}）".replace(" （", "（")
            raise ReadingError("", problem, "这种文件不能这样处理，请改好原稿后重新上传，或者由审核人认定可以公开")


def public_of(link: RevisionAttachment) -> PublicCopy | None:
    """The copy the public gets of an attachment as it stands with a revision; None while there is none. Two queries."""
    findings = ScreeningFinding.objects.filter(screening__revision=link.revision_id, version=link.version_id)
    recipe = recipe_of(link.version, decided(findings).masked)
    return PublicCopy.objects.filter(version=link.version_id, recipe=recipe).exclude(file="").first()


def public_sizes(revision: Revision) -> Mapping[int, PublicCopy]:
    """Version → its copy, for the list of attachments on a public page. Three queries whatever their number."""
    return {pk: copy for pk, (_, copy) in copies_of(revision).items() if copy is not None and copy.file}


def reasons(revision: Revision) -> list[str]:
    """Why an attachment cannot go out yet; those with open blocking findings are told by the screening."""
    found = []
    titles = {link.version_id: link.title for link in revision.attachment_links.all()}
    policy = held(revision.edition.document.jurisdiction_id) if titles else None
    for version_id, (what, copy) in copies_of(revision).items():
        title = titles[version_id]
        if what.open:
            continue
        if copy is None:
            found.append(f"附件“{title}”的公开件还在制作，稍后刷新页面")
        elif copy.problem:
            found.append(f"附件“{title}”没有做成公开件：{copy.problem}")
        elif copy.kept and policy is not None and not _keeps(policy):
            found.append(f"附件“{title}”是按原件公开的，现在的设置不允许，请换成可以处理的格式")
    return found


def public_file_response(request: HttpRequest, link: RevisionAttachment) -> HttpResponseBase:
    """The public copy under the name it was uploaded with; 404 without one. The original is never opened here."""
    copy = public_of(link)
    if copy is None:
        raise Http404("这个附件没有公开")
    etag = f'"{copy.sha256}"'
    known = get_conditional_response(request, etag=etag)
    response: HttpResponseBase
    if known is not None:
        response = known
    else:
        try:
            response = FileResponse(copy.file.open("rb"), content_type=link.version.content_type or "application/octet-stream")
        except FileNotFoundError as error:
            raise Http404("文件不在存储里") from error
        download = link.version.content_type not in INLINE
        response["Content-Disposition"] = content_disposition_header(download, link.version.name) or "attachment"
        response["Content-Length"] = str(copy.size)
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def is_working(revision: Revision) -> bool:
    """Whether decisions on this revision still decide what goes out."""
    edition: Edition = revision.edition
    return edition.revision_id == revision.pk and edition.state in WORKING

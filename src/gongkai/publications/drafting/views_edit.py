"""The editing page, with the conflict of two savers; earlier texts, their differences; the draft slip."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.deeds.pages import back, status_of, try_or_tell
from gongkai.obligations.exports import attachment
from gongkai.obligations.too_large import dropped_files
from gongkai.publications import access, metadata
from gongkai.publications.actions import drafting
from gongkai.publications.actions.holding import role_reason, state_reasons
from gongkai.publications.actions.writing import text_of_revision
from gongkai.publications.drafting import attachments, docx_import
from gongkai.publications.drafting import slip as drafting_slip
from gongkai.publications.drafting.cleaning import clean, text_of
from gongkai.publications.drafting.forms import DraftForm, ImportForm, RestoreForm, initial_of
from gongkai.publications.drafting.proposing import abstract_of, keywords_of
from gongkai.publications.drafting.views import page_of
from gongkai.publications.models import Edition, Revision
from gongkai.publications.public.comparing import compare_texts
from gongkai.publications.vocabularies import genre_of_title, genre_words, theme_words
from gongkai.reading.errors import ReadingError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _editable(request: HttpRequest, pk: int) -> Edition:
    """The edition, for who may write it; its state is told on the page."""
    edition = access.access_edition(request.user, pk)
    if role := role_reason("save", edition.document, request.user):
        raise NotAllowed(role)
    return edition


@staff_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _editable(request, pk)
    if request.method == "GET":
        return _page(request, edition, DraftForm(edition, initial=initial_of(edition)))
    form = DraftForm(edition, request.POST, initial={"label": edition.revision.label if edition.revision else ""})
    if "propose" in request.POST:
        return _page(request, edition, _proposed(edition, form), notes=["已从正文提出概述、主题词和体裁，看过后保存。"])
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    try:
        made = drafting.save(edition, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
    except drafting.Conflict as conflict:
        return _conflict(request, edition, form, conflict)
    except ActionRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _page(request, edition, form, status=status_of(form))
    messages.success(request, f"已保存为第 {made.number} 稿。")
    return back("drafting:edit", edition.pk) if "stay" in request.POST else back("drafting:document", edition.document_id)


def _page(
    request: HttpRequest,
    edition: Edition,
    form: DraftForm,
    *,
    status: int = 200,
    notes: list[str] | None = None,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "edition": edition,
        "document": edition.document,
        "form": form,
        "why_not": state_reasons("save", edition),
        "notes": notes or [],
        "conflict": conflict,
    }
    return render(request, "publications/drafting/edit.html", context, status=status)


def _proposed(edition: Edition, form: DraftForm) -> DraftForm:
    """The same form as typed, with what the text offers in the fields that are empty."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    text = text_of(clean(data.get("body", "")))
    for name, value in (
        ("abstract", abstract_of(text)),
        ("keywords", keywords_of(data.get("title", ""))),
        ("genre", genre_of_title(data.get("title", ""))),
    ):
        if not data.get(name, "").strip():
            data[name] = value
    return _unbound(edition, data)


def _unbound(edition: Edition, data: Any, **more: Any) -> DraftForm:
    """A fresh form that shows what was typed, without complaints."""
    names = DraftForm.base_fields
    typed = {name: data.getlist(name) if name == "joint" else data.get(name) for name in names if name != "key"}
    return DraftForm(edition, initial={**typed, **more})


def _conflict(request: HttpRequest, edition: Edition, form: DraftForm, conflict: drafting.Conflict) -> HttpResponse:
    """What the other one saved beside what was typed here; the form keeps the latter and begins from the former now.

    Fields that only the other one changed are taken over, because nobody here decided anything of them.
    """
    current = conflict.current
    base = edition.revisions.filter(pk=form.cleaned_data["base"]).first()
    theirs = initial_of(Edition.objects.select_related("document", "revision").get(pk=edition.pk))
    taken = {}
    if base is not None:
        edition_then = Edition(pk=edition.pk, document=edition.document, revision=base, expires_on=edition.expires_on)
        before = initial_of(edition_then)
        taken = {name: theirs[name] for name in theirs if _untouched(form, name, before)}
    compared = compare_texts(text_of_revision(current), conflict.mine)
    since = compare_texts(text_of_revision(base), text_of_revision(current)) if base is not None else None
    shown = _unbound(edition, form.data, **taken, base=current.pk)
    told = {"current": current, "compared": compared, "since": since, "reasons": conflict.reasons}
    return _page(request, edition, shown, status=409, conflict=told)


def _untouched(form: DraftForm, name: str, before: dict[str, Any]) -> bool:
    """Whether this person left a field as it was when the form was opened."""
    if name in ("base", "change_note", "expires_on") or name not in form.fields:
        return False
    if name in ("issuer", "joint"):
        given = form.cleaned_data[name]
        return ([a.pk for a in given] if name == "joint" else given.pk) == before[name]
    if name == "references":
        return "\n".join(form.data.get(name, "").split()) == "\n".join(str(before[name]).split())
    if name == "body":
        return clean(form.cleaned_data[name]) == before[name]
    return bool(form.cleaned_data[name] == before[name])


@staff_required
@require_POST
def import_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens the editing page with what the file says; nothing is saved until the person saves."""
    edition = _editable(request, pk)
    form = ImportForm(request.POST, request.FILES, auto_id="import_%s")
    for name in dropped_files(request):
        form.add_error("file", attachments.too_large(name))
    if not form.is_valid():
        return page_of(request, edition.document, ("import", form), 422)
    file = form.cleaned_data["file"]
    place = edition.document.jurisdiction
    try:
        found = docx_import.read(file.read(), file.name or "", metadata.labels_of(place))
    except ReadingError as error:
        form.add_error("file", str(error))
        return page_of(request, edition.document, ("import", form), 422)
    present = initial_of(edition)
    offered = docx_import.offered(found, place)
    kept = {name: value for name, value in present.items() if value not in ("", None) and name not in ("body", "title")}
    notes = ["已读入文件，还没有保存。请核对正文和读出的信息后保存；不要的话直接离开，草稿不变。", *docx_import.told(found, place)]
    return _page(request, edition, DraftForm(edition, initial={**present, **offered, **kept}), notes=notes)


@staff_required
@require_POST
def restore(request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
    edition = _editable(request, pk)
    revision = access.access_revision(request.user, revision_pk)
    form = RestoreForm(request.POST)
    try_or_tell(
        request,
        form,
        lambda: drafting.restore(
            edition, actor_of(request), key=str(form.cleaned_data["key"]), revision=revision, base_revision_id=form.cleaned_data["base"]
        ),
        f"已恢复第 {revision.number} 稿的内容，存为新的一稿。",
    )
    return back("drafting:document", edition.document_id)


@staff_required
@require_GET
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    """One text as saved, to read."""
    record = access.access_revision(request.user, pk)
    document = record.edition.document
    working = document.editions.filter(state=Edition.State.DRAFT).first()
    may = working is not None and working.revision_id != record.pk and not role_reason("restore", document, request.user)
    context = {
        "revision": record,
        "document": document,
        "theme": theme_words(record.theme) if record.theme else "",
        "genre": genre_words(record.genre) if record.genre else "",
        "issuers": [link.agency for link in record.issuer_links.select_related("agency")],
        "links": list(record.attachment_links.select_related("version")),
        "working": working,
        "restore_form": RestoreForm(initial={"base": working.revision_id}) if may and working else None,
    }
    return render(request, "publications/drafting/revision.html", context)


@staff_required
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every text of a document, and any two of them side by side: ?a=&b= are revisions of it."""
    document = access.access_document(request.user, pk)
    rows = list(
        Revision.objects.filter(edition__document=document)
        .select_related("edition", "author")
        .defer("body", "abstract", "rows")
        .order_by("-edition__number", "-number")
    )
    by_id = {str(row.pk): row for row in rows}
    old, new = by_id.get(request.GET.get("a", "")), by_id.get(request.GET.get("b", ""))
    asked = bool(request.GET.get("a") or request.GET.get("b"))
    if asked and (old is None or new is None):
        raise Http404("没有这一稿，或者不是这条信息的")
    compared = None
    if old is not None and new is not None:
        if (old.edition.number, old.number) > (new.edition.number, new.number):
            old, new = new, old
        compared = compare_texts(text_of_revision(old), text_of_revision(new))
    context = {"document": document, "rows": rows, "old": old, "new": new, "compared": compared}
    return render(request, "publications/drafting/history.html", context)


@staff_required
@require_GET
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """发文审批单 as a page to print."""
    edition = access.access_edition(request.user, pk)
    context = {"edition": edition, "document": edition.document, "slip": drafting_slip.slip_of(edition)}
    return render(request, "publications/drafting/slip.html", context)


@staff_required
@require_GET
def slip_docx(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.access_edition(request.user, pk)
    buffer = io.BytesIO()
    drafting_slip.write_docx(drafting_slip.slip_of(edition), buffer)
    title = edition.revision.title[:60] if edition.revision else edition.document.index_number.replace("/", "-")
    return attachment(buffer.getvalue(), f"发文审批单 {title} {timezone.localdate()}.docx", DOCX)

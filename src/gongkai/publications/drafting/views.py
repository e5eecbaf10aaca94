"""信息发布: the list of documents, beginning one, and the page of one at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Column
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.exports import as_file
from gongkai.obligations.too_large import dropped_files
from gongkai.publications import access, metadata
from gongkai.publications.actions import drafting
from gongkai.publications.actions.holding import role_reason, state_reasons
from gongkai.publications.drafting import attachments, docx_import
from gongkai.publications.drafting import rows as drafting_rows
from gongkai.publications.drafting.forms import ArrangeForm, AttachForm, BeginForm, DiscardForm, DocumentFilter, ImportForm, StartForm
from gongkai.publications.models import Deed, Document, Edition
from gongkai.publications.models.editions import WORKING
from gongkai.publications.panels import panels
from gongkai.reading.errors import ReadingError

PER_PAGE = 50
DEEDS = 30


def filtered(request: HttpRequest) -> tuple[DocumentFilter, Any]:
    """The filter of the request and the documents it leaves."""
    seen = access.documents_for(request.user).order_by()
    agencies = Agency.objects.filter(pk__in=seen.values("agency")).order_by("jurisdiction__code", "code")
    columns = Column.objects.filter(pk__in=seen.filter(column__isnull=False).values("column"))
    form = DocumentFilter(agencies, columns, request.GET)
    return form, drafting_rows.documents(request.user, **form.conditions())


@staff_required
@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    form, rows = filtered(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.state_word, row.state_css = drafting_rows.STATE_WORDS.get(row.shown_state, ("", "wait"))
    here = reverse("drafting:list")
    counts = drafting_rows.state_counts(request.user)
    figures = [
        {"label": word, "n": counts.get(state, 0), "url": f"{here}?state={state}", "alarm": state == "failed"}
        for state, (word, _css) in drafting_rows.STATE_WORDS.items()
        if counts.get(state) or state in ("draft", "review", "live")
    ]
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "form": form,
        "figures": figures,
        "is_filtered": bool(form.conditions()),
        "query": query.urlencode(),
        "may_draft": access.agencies_of(request.user).exists(),
        "is_office": bool(scope_of(request.user).office_ids),
    }
    return render(request, "publications/drafting/list.html", context)


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    """What the filters leave, as this person sees it."""
    _form, rows = filtered(request)
    listed = list(rows[: drafting_rows.MOST_EXPORTED])
    notes = [f"导出时间 {timezone.localtime():%Y-%m-%d %H:%M}，共 {len(listed)} 条。"]
    if len(listed) == drafting_rows.MOST_EXPORTED:
        notes.append(f"只导出前 {drafting_rows.MOST_EXPORTED} 条，请加筛选条件。")
    return as_file(drafting_rows.export_table(listed, "政府信息清单", notes), fmt, f"政府信息清单 {timezone.localdate()}")


@staff_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    agencies = access.agencies_of(request.user)
    if not agencies.exists():
        raise NotAllowed("拟稿由各单位的经办人、审核人、负责人办理")
    if request.method == "GET":
        return render(request, "publications/drafting/start.html", {"form": StartForm(agencies)})
    form = StartForm(agencies, request.POST, request.FILES)
    told: list[str] = []

    def deed() -> Document:
        data = form.cleaned_data
        content: dict[str, Any] = {"title": data["title"]}
        if data["file"]:
            content, told[:] = _content_of(data["file"], data["agency"], data["title"])
        return drafting.start(
            data["agency"], actor_of(request), key=str(data["key"]), kind=data["kind"], column=data["column"], content=content
        )

    for name in dropped_files(request):
        form.add_error("file", attachments.too_large(name))
    made = None
    try:
        made = attempt(request, form, deed, "已建立，可以修改。")
    except ReadingError as error:
        form.add_error("file", str(error))
    if made is None:
        return render(request, "publications/drafting/start.html", {"form": form}, status=status_of(form))
    for words in told:
        messages.info(request, words)
    return back("drafting:edit", made.editions.get().pk)


def _content_of(file: Any, agency: Agency, title: str) -> tuple[dict[str, Any], list[str]]:
    """The first text of a document that begins with a Word file, and what could not be taken over."""
    place = agency.jurisdiction
    found = docx_import.read(file.read(), file.name or "", metadata.labels_of(place))
    content = {**docx_import.offered(found, place), **({"title": title} if title else {})}
    return {"title": file.name or "", **content}, docx_import.told(found, place)


@staff_required
@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, access.access_document(request.user, pk))


def page_of(request: HttpRequest, record: Document, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The page of a document; `bound` is a form that was refused, shown in its place."""
    actor = actor_of(request)
    editions = drafting_rows.open_editions(record)
    for one in editions:
        one.document = record
        one.state_word, one.state_css = drafting_rows.STATE_WORDS[one.state]  # type: ignore[attr-defined]
    edition = next((e for e in editions if e.state in WORKING), None)
    shown = edition or next((e for e in editions if e.state == Edition.State.LIVE), editions[0] if editions else None)
    mine = not role_reason("save", record, actor)
    editable = edition is not None and mine and not state_reasons("save", edition)
    forms: dict[str, Any] = {}
    if mine:
        forms["arrange"] = ArrangeForm(record, auto_id="arrange_%s")
        if not state_reasons("begin", record):
            forms["begin"] = BeginForm(auto_id="begin_%s")
    if editable:
        forms |= {
            "attach": AttachForm(auto_id="attach_%s"),
            "import": ImportForm(auto_id="import_%s"),
            "discard": DiscardForm(auto_id="discard_%s"),
        }
    if bound is not None:
        forms[bound[0]] = bound[1]
    context = {
        "document": record,
        "editions": editions,
        "edition": edition,
        "shown": shown,
        "revision": shown.revision if shown else None,
        "links": list(shown.revision.attachment_links.select_related("version")) if shown and shown.revision else [],
        "issuers": [link.agency for link in shown.revision.issuer_links.select_related("agency")] if shown and shown.revision else [],
        "references": list(shown.revision.references.select_related("target")) if shown and shown.revision else [],
        "reasons": [*metadata.reasons(shown), *attachments.reasons(shown)] if edition and shown else [],
        "warnings": metadata.warnings(edition) if edition else [],
        "why_not": state_reasons("save", edition) if edition and mine else [],
        "editable": editable,
        "forms": forms,
        "bound": bound[0] if bound else "",
        "deeds": deeds_of(record, editions),
        "theme": drafting_rows.theme_words(shown.revision.theme) if shown and shown.revision and shown.revision.theme else "",
        "genre": drafting_rows.genre_words(shown.revision.genre) if shown and shown.revision and shown.revision.genre else "",
        "review_url": _address("reviewing:edition", shown.pk) if shown else "",
        "screening_url": _address("screening:edition", shown.pk) if shown else "",
        "public_url": _address("documents:document", record.pk) if record.first_published_at else "",
        "panels": panels(request.user, record),
        "items": list(record.item_links.select_related("item__catalogue")),
    }
    return render(request, "publications/drafting/document.html", context, status=status)


def deeds_of(record: Document, editions: list[Edition]) -> list[Deed]:
    """What was done to a document and its editions, newest first. One query."""
    ids = [edition.pk for edition in editions]
    rows = Deed.objects.filter(about="edition", about_id__in=ids) | Deed.objects.filter(about="document", about_id=record.pk)
    rows |= Deed.objects.filter(subject="document", subject_id=record.pk)
    return list(rows.select_related("actor", "agency").order_by("-at", "-pk")[:DEEDS])


def _address(name: str, pk: int) -> str:
    """The page of a sister app of pages; empty where it is not installed."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


@staff_required
@require_POST
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_document(request.user, pk)
    form = ArrangeForm(record, request.POST, auto_id="arrange_%s")

    def deed() -> Document:
        return drafting.arrange(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "归类已保存。") is None:
        return page_of(request, record, ("arrange", form), status_of(form))
    return back("drafting:document", record.pk)


@staff_required
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_document(request.user, pk)
    form = BeginForm(request.POST, auto_id="begin_%s")

    def deed() -> Edition:
        return drafting.begin_edition(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "新版已建立，从现在公开的文本开始修改。")
    if made is None:
        return page_of(request, record, ("begin", form), status_of(form))
    return back("drafting:edit", made.pk)


@staff_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.access_edition(request.user, pk)
    form = DiscardForm(request.POST)
    try_or_tell(
        request,
        form,
        lambda: drafting.discard(edition, actor_of(request), key=str(form.cleaned_data["key"]), reason=form.cleaned_data["reason"]),
        "草稿已放弃，各稿还留着可查。",
    )
    return back("drafting:document", edition.document_id)

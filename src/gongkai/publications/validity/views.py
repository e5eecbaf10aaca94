"""有效性: the register, and for one document its state, what was decided of it, and the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Agency
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file
from gongkai.publications import labels, metadata
from gongkai.publications.access import access_document, documents_for
from gongkai.publications.actions import evaluating
from gongkai.publications.actions import validity as marking
from gongkai.publications.models import Document, Edition, Evaluation, ValidityChange
from gongkai.publications.validity import register
from gongkai.publications.validity.forms import EvaluateForm, LabelForm, MarkForm, PrintedForm, RegisterFilter
from gongkai.publications.validity.state import VALID, WORDS, attach, caused_by, revision_of, state_of, terms

PER_PAGE = 50
MOST = 20_000
"""Rows of one export."""


def filtered(request: HttpRequest) -> tuple[RegisterFilter, dict[str, Any], QuerySet[Any]]:
    """The register under every filter but the state."""
    own = documents_for(request.user).filter(first_published_at__isnull=False).order_by().values("agency")
    agencies = list(Agency.objects.filter(pk__in=own).order_by("jurisdiction__code", "code").values_list("pk", "name"))
    form = RegisterFilter(request.GET, agencies=agencies)
    asked = form.values()
    rows = register.register_for(request.user, asked.get("on") or timezone.localdate())
    if kind := asked.get("kind"):
        rows = rows.filter(kind=kind)
    if agency := asked.get("agency"):
        rows = rows.filter(agency=agency)
    return form, asked, register.search(rows, q=asked.get("q", ""), year=asked.get("year"))


def of_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == "valid":
        return rows.filter(validity__in=VALID)
    return rows.filter(validity=state) if state else rows


def _figures(request: HttpRequest, rows: QuerySet[Any], state: str) -> list[dict[str, Any]]:
    counted = register.counts(rows)
    valid = sum(counted.get(code, 0) for code in VALID)
    listed = [("valid", "现行有效", valid), *((code, WORDS[code], counted.get(code, 0)) for code in WORDS if WORDS[code])]
    figures = []
    for code, label, n in listed:
        query = request.GET.copy()
        query.pop("page", None)
        query["state"] = code
        figures.append({"label": label, "n": n, "url": "?" + query.urlencode(), "current": code == state})
    return figures


@staff_required
@require_GET
def register_page(request: HttpRequest) -> HttpResponse:
    form, asked, rows = filtered(request)
    state = asked.get("state", "")
    page = Paginator(of_state(rows, state), PER_PAGE).get_page(request.GET.get("page"))
    on = asked.get("on") or timezone.localdate()
    scope = scope_of(request.user)
    return render(
        request,
        "publications/validity/register.html",
        {
            "form": form,
            "open": bool(asked),
            "figures": _figures(request, rows, state),
            "page_obj": page,
            "documents": attach(page.object_list, on, known=terms()),
            "on": on,
            "is_today": on == timezone.localdate(),
            "query": request.GET.urlencode(),
            "sets_terms": bool(scope.office_ids or scope.competent_head_ids),
        },
    )


COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("title", "标题", 22),
    Column("number", "发文字号", 9),
    Column("kind", "类别", 6, "center"),
    Column("agency", "公开主体", 10),
    Column("issued", "成文日期", 6, "center"),
    Column("effective", "实施日期", 6, "center"),
    Column("state", "有效性", 5, "center"),
    Column("since", "自何日起", 6, "center"),
    Column("until", "有效期至", 6, "center"),
    Column("cause", "依据", 14),
    Column("index", "索引号", 9),
)


def register_table(documents: list[Any], title: str, notes: list[str]) -> LedgerTable:
    rows = []
    for n, row in enumerate(documents, 1):
        text, state = row.standing, row.state
        rows.append(
            LedgerRow(
                {
                    "n": n,
                    "title": text.title if text else "",
                    "number": text.doc_number if text else "",
                    "kind": row.get_kind_display(),
                    "agency": row.agency.name,
                    "issued": text.issued_on if text else None,
                    "effective": text.effective_on if text else None,
                    "state": state.words,
                    "since": state.since,
                    "until": state.until,
                    "cause": state.change.cause_words if state.change else "",
                    "index": row.index_number,
                }
            )
        )
    return LedgerTable(title, COLUMNS, rows, notes=notes)


@staff_required
@require_GET
def register_export(request: HttpRequest, fmt: str) -> HttpResponse:
    _form, asked, rows = filtered(request)
    on: date = asked.get("on") or timezone.localdate()
    found = list(of_state(rows, asked.get("state", ""))[: MOST + 1])
    documents = attach(found[:MOST], on, known=terms())
    notes = [f"{on} 的状态，共 {len(documents)} 件。"]
    if len(found) > MOST:
        notes.append(f"只列了前 {MOST} 件，请加条件分次导出。")
    return as_file(register_table(documents, "规章和行政规范性文件登记簿", notes), fmt, f"文件登记簿{on:%Y%m%d}")


def _page(request: HttpRequest, record: Document, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """One document: its state, everything decided and evaluated, and the forms of whoever may use them."""
    person = request.user
    mark_reasons = marking.failure_reasons(record, person)
    evaluate_reasons = evaluating.failure_reasons(record, person)
    may_label = not marking.role_reason(record, person)
    printed = [one.text for one in metadata.labels_of(record.jurisdiction)]
    forms: dict[str, Any] = {}
    if not mark_reasons:
        forms["mark"] = MarkForm(user=person, auto_id="mark_%s", initial={"on": timezone.localdate()})
    if not evaluate_reasons:
        forms["evaluate"] = EvaluateForm(subject=evaluating.subject_of(record), auto_id="evaluate_%s")
    if may_label:
        forms["label"] = LabelForm(labels=printed, auto_id="label_%s")
        forms["printed"] = PrintedForm(auto_id="printed_%s")
    if bound:
        forms[bound[0]] = bound[1]
    live = record.editions.filter(state=Edition.State.LIVE).first()
    working = record.editions.filter(state__in=("draft", "review", "ready", "scheduled", "failed")).select_related("revision").first()
    revision = revision_of(record)
    return render(
        request,
        "publications/validity/document.html",
        {
            "document": record,
            "revision": revision,
            "state": state_of(record),
            "changes": record.validity_changes.select_related("cause", "cleanup__notice", "actor").order_by("on", "pk"),
            "caused": caused_by(record),
            "evaluations": Evaluation.objects.filter(document=record).select_related("reviewer"),
            "records": record.label_records.select_related("by"),
            "differences": labels.different(labels.plain(revision.label), labels.seen(record).values()) if revision else [],
            "forms": forms,
            "opened": bound[0] if bound else "",
            "mark_reasons": mark_reasons,
            "live": live,
            "working": working,
        },
        status=status,
    )


@staff_required
@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_document(request.user, pk))


@staff_required
@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A mark, on the page of its document."""
    row = get_object_or_404(ValidityChange.objects.filter(document__in=documents_for(request.user)), pk=pk)
    return redirect("validity:document", row.document_id)


@staff_required
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    record = access_document(request.user, pk)
    form = MarkForm(request.POST, user=request.user, auto_id="mark_%s")

    def deed() -> ValidityChange:
        return marking.mark(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "已经标注，公开页面从现在起显示。")
    if made is None:
        return _page(request, record, ("mark", form), status_of(form))
    return back("validity:document", pk)


@staff_required
@require_POST
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    record = access_document(request.user, pk)
    form = EvaluateForm(request.POST, subject=evaluating.subject_of(record), auto_id="evaluate_%s")

    def deed() -> Evaluation:
        return evaluating.evaluate(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "评估已记录。")
    if made is None:
        return _page(request, record, ("evaluate", form), status_of(form))
    return back("validity:document", pk)

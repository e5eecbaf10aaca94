"""What is to be looked at: assessments before a term ends, withheld items, totals that reconcile, labels, the terms of a place."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Jurisdiction
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file
from gongkai.publications import metadata
from gongkai.publications.access import access_document, documents_for
from gongkai.publications.actions import labelling, validity_terms
from gongkai.publications.models import LabelRecord, Revision
from gongkai.publications.validity import evaluations, label_report, reconciliation, register
from gongkai.publications.validity.forms import LabelForm, PrintedForm, TermForm
from gongkai.publications.validity.state import attach, term_rules, terms
from gongkai.publications.validity.views import PER_PAGE, _page, filtered, register_table

TERMS = (Revision.Term.PLAIN, Revision.Term.TRIAL)


@staff_required
@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """有效期届满前评估: what ends by itself within six months."""
    today = timezone.localdate()
    page = Paginator(register.to_assess(request.user, today), PER_PAGE).get_page(request.GET.get("page"))
    documents = sorted(attach(page.object_list, today, known=terms()), key=lambda row: (row.state.until or date.max, row.pk))
    return render(request, "publications/validity/assessments.html", {"page_obj": page, "documents": documents})


def _withheld(request: HttpRequest) -> list[evaluations.Due]:
    return evaluations.calendar(evaluations.withheld_for(request.user))


@staff_required
@require_GET
def withheld(request: HttpRequest) -> HttpResponse:
    page = Paginator(_withheld(request), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "publications/validity/withheld.html", {"page_obj": page})


WITHHELD_COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("title", "标题", 20),
    Column("agency", "公开主体", 10),
    Column("ground", "理由说明", 16),
    Column("last", "上次评估", 6, "center"),
    Column("next", "应评估", 6, "center"),
    Column("index", "索引号", 9),
)


@staff_required
@require_GET
def withheld_export(request: HttpRequest, fmt: str) -> HttpResponse:
    rows = []
    for n, due in enumerate(_withheld(request), 1):
        text = due.document.standing
        cells = {
            "n": n,
            "title": text.title,
            "agency": due.document.agency.name,
            "ground": text.ground_words,
            "last": due.document.evaluated_on,
            "next": due.on,
            "index": due.document.index_number,
        }
        rows.append(LedgerRow(cells))
    return as_file(LedgerTable("不予公开信息定期评估表", WITHHELD_COLUMNS, rows), fmt, "不予公开信息定期评估表")


def _years(request: HttpRequest) -> tuple[Any, list[reconciliation.Year]]:
    form, _asked, rows = filtered(request)
    return form, reconciliation.reconcile(rows)


@staff_required
@require_GET
def reconcile(request: HttpRequest) -> HttpResponse:
    form, years = _years(request)
    missing = register.not_in_library(filtered(request)[2])
    context = {"form": form, "years": years, "missing": missing, "query": request.GET.urlencode()}
    return render(request, "publications/validity/reconcile.html", context)


@staff_required
@require_GET
def reconcile_export(request: HttpRequest, fmt: str) -> HttpResponse:
    _form, years = _years(request)
    issuer = "、".join(Jurisdiction.objects.filter(pk__in=scope_of(request.user).office_ids).values_list("name", flat=True))
    return as_file(reconciliation.table(years, "规章和行政规范性文件底数核对表", issuer), fmt, "文件底数核对表")


def _behind(request: HttpRequest, year: int, what: str) -> tuple[str, list[Any]]:
    """The documents behind one number of the sheet."""
    found = next((one for one in _years(request)[1] if one.year == year), None)
    words = reconciliation.NUMBERS.get(what)
    if found is None or words is None:
        raise Http404("没有这个数字")
    rows = register.stock(documents_for(request.user)).filter(pk__in=found.documents(what)).select_related("agency", "jurisdiction")
    day = min(date(year, 12, 31), timezone.localdate())
    return f"{year} 年{words}", attach(rows.order_by("pk"), day, known=terms())


@staff_required
@require_GET
def reconcile_rows(request: HttpRequest, year: int, what: str) -> HttpResponse:
    title, documents = _behind(request, year, what)
    page = Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": title, "page_obj": page, "year": year, "what": what, "query": request.GET.urlencode()}
    return render(request, "publications/validity/reconcile_rows.html", context)


@staff_required
@require_GET
def reconcile_rows_export(request: HttpRequest, year: int, what: str, fmt: str) -> HttpResponse:
    title, documents = _behind(request, year, what)
    return as_file(register_table(documents, title, [f"共 {len(documents)} 件。"]), fmt, title.replace(" ", ""))


@staff_required
@require_GET
def label_page(request: HttpRequest) -> HttpResponse:
    """四环节一致: which documents differ, where."""
    found = label_report.mismatches(request.user)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "publications/validity/labels.html", {"page_obj": page, "report": found})


@staff_required
@require_GET
def label_export(request: HttpRequest, fmt: str) -> HttpResponse:
    return as_file(label_report.table(label_report.mismatches(request.user)), fmt, "公开属性标识四环节核对表")


@staff_required
@require_POST
def label_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A label seen at a point, typed in."""
    record = access_document(request.user, pk)
    form = LabelForm(request.POST, labels=[one.text for one in metadata.labels_of(record.jurisdiction)], auto_id="label_%s")

    def deed() -> LabelRecord:
        return labelling.note(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "标识已登记。") is None:
        return _page(request, record, ("label", form), status_of(form))
    return back("validity:document", pk, at="labels")


@staff_required
@require_POST
def label_import(request: HttpRequest, pk: int) -> HttpResponse:
    """The label as it is printed on the issued document."""
    record = access_document(request.user, pk)
    form = PrintedForm(request.POST, request.FILES, auto_id="printed_%s")

    def deed() -> LabelRecord:
        return labelling.read_printed(record, actor_of(request), key=str(form.cleaned_data["key"]), file=form.cleaned_data["file"])

    made = attempt(request, form, deed, "")
    if made is None:
        return _page(request, record, ("printed", form), status_of(form))
    messages.success(request, f"文件上印的是“{made.label}”，已登记。")
    return back("validity:document", pk, at="labels")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_page(request: HttpRequest) -> HttpResponse:
    """有效期 of the places one answers for; a post sets one term of one place."""
    scope = scope_of(request.user)
    places = list(Jurisdiction.objects.filter(pk__in=scope.office_ids | scope.competent_head_ids).order_by("code"))
    if not places:
        raise Http404("有效期由本地区政务公开主管部门设置")
    known = terms([place.pk for place in places])
    own = {(row.jurisdiction_id, row.term): row for place in places for row in place.validity_terms.all()}
    groups, status = [], 200
    for place in places:
        rows = []
        for term in TERMS:
            sent = request.method == "POST" and request.POST.get("place") == str(place.pk) and request.POST.get("term") == term.value
            row = own.get((place.pk, term.value))
            initial = {"months": row.months, "basis": row.basis} if row else {}
            form = TermForm(request.POST if sent else None, initial=initial, auto_id=f"p{place.pk}_{term.value}_%s")
            if sent:
                if form.is_valid() and _set(request, place, term, form):
                    return redirect(request.path)
                status = 422
            rule = next(one for one in term_rules() if one.term == term)
            rows.append({"term": term, "form": form, "months": known.months(place.pk, term, timezone.localdate()), "rule": rule})
        groups.append({"place": place, "rows": rows})
    if request.method == "POST" and status == 200:
        raise Http404("没有这个地区，或者不在您的范围内")
    return render(request, "publications/validity/terms.html", {"groups": groups}, status=status)


def _set(request: HttpRequest, place: Jurisdiction, term: Revision.Term, form: TermForm) -> bool:
    try:
        changed = validity_terms.set_term(place, actor_of(request), term.value, form.cleaned_data["months"], form.cleaned_data["basis"])
    except ActionRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return False
    messages.success(request, f"{place.name}的有效期{'已保存，所有文件按新的有效期计算' if changed else '没有变化'}。")
    return True

"""导入: the table handed in, its dry run, how far the worker is, the rows to be mended. All of it can be left and found again."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.catalogue import access
from gongkai.catalogue.actions import importing
from gongkai.catalogue.forms import ApplyForm, HiddenForm, UploadForm
from gongkai.catalogue.import_runs import AT_ONCE, SHOWN
from gongkai.catalogue.models import Import
from gongkai.catalogue.tables import MOST_ROWS
from gongkai.catalogue.views_items import insist_keeper
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.exports import safe_headers

FAULTS = 200
"""Rows to be mended on one page of the list."""
WARNINGS = 200


@staff_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.access_version(request.user, pk)
    insist_keeper(version, actor_of(request))
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST":

        def deed() -> Import:
            data = form.arguments()
            return importing.upload(version, actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "表已收下，还没有导入。请看要改什么，再确认。")
        if made is not None:
            return back("catalogue:import", made.pk)
    context = {
        "version": version,
        "catalogue": version.catalogue,
        "form": form,
        "earlier": list(version.imports.select_related("uploaded_by")[:10]),
        "most": MOST_ROWS,
        "at_once": AT_ONCE,
    }
    return render(request, "catalogue/upload.html", context, status=status_of(form) if form.errors else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """What importing would do; POST does it, or has it done by the worker."""
    kept = access.access_import(request.user, pk)
    insist_keeper(kept.version, actor_of(request))
    form = ApplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":

        def deed() -> Import:
            key, partial = str(form.cleaned_data["key"]), form.cleaned_data["partial"]
            return importing.apply(kept, actor_of(request), key=key, partial=partial)

        at_once = kept.rows <= AT_ONCE
        made = attempt(request, form, deed, "已导入。" if at_once else "已交后台导入，可以离开这个页面。")
        if made is not None:
            whole = made.applied_at and not made.rejected
            return back("catalogue:version", kept.version_id) if whole else back("catalogue:import", pk)
        kept.refresh_from_db()
    return render(request, "catalogue/dry_run.html", _context(request, kept, form), status=status_of(form) if form.errors else 200)


def _context(request: HttpRequest, kept: Import, form: Any) -> dict[str, Any]:
    seen = kept.outlook if kept.read_at else None
    counts = seen["counts"] if seen else {}
    faults = Paginator(kept.faults.filter(is_error=True), FAULTS).get_page(request.GET.get("page"))
    return {
        "kept": kept,
        "version": kept.version,
        "catalogue": kept.version.catalogue,
        "seen": seen,
        "counts": counts,
        "all_rows": sum(counts.values()),
        "good": sum(counts.get(kind, 0) for kind in ("new", "changed", "same")),
        "page_obj": faults,
        "warnings": list(kept.faults.filter(is_error=False)[:WARNINGS]),
        "shown": SHOWN,
        "state_against": importing.state_reasons(kept),
        "rows_against": importing.row_reasons(kept) if seen else [],
        "form": form,
        "hidden_form": HiddenForm(initial={"include": not kept.include_hidden}, auto_id="hidden_%s"),
    }


@staff_required
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The line that says how far it is, asked for every two seconds; at the end the whole page is asked for again."""
    kept = access.access_import(request.user, pk)
    response = render(request, "catalogue/parts/import_progress.html", {"kept": kept})
    if not (kept.is_reading or kept.is_applying):
        response["HX-Refresh"] = "true"
    return response


@staff_required
@require_POST
def hidden(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether sheets that the workbook hides are read too."""
    kept = access.access_import(request.user, pk)
    form = HiddenForm(request.POST)

    def deed() -> Import:
        include = form.cleaned_data["include"]
        return importing.choose_hidden(kept, actor_of(request), key=str(form.cleaned_data["key"]), include=include)

    try_or_tell(request, form, deed, "已按选择重新读表。")
    return back("catalogue:import", pk)


@staff_required
@require_GET
def import_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The table as it was handed in, a download that is never run."""
    kept = access.access_import(request.user, pk)
    return _download(kept.file, kept.name)


@staff_required
@require_GET
def rejected(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that could not be taken, to be mended and handed in again."""
    kept = access.access_import(request.user, pk)
    if not kept.rejected:
        raise Http404("没有要改的行")
    return _download(kept.rejected, f"要改的行 {kept.name.rsplit('.', 1)[0][:80]}.xlsx")


def _download(file: Any, name: str) -> HttpResponseBase:
    from django.http import FileResponse

    try:
        response = FileResponse(file.open("rb"), content_type="application/octet-stream")
    except FileNotFoundError as error:
        raise Http404("文件不在存储里") from error
    safe_headers(response, name)
    return response

"""A report published before: read from its html or docx."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.reports.access import agencies_of
from gongkai.reports.actions import importing
from gongkai.reports.actions.writing import NOT_YOURS
from gongkai.reports.forms import ImportForm
from gongkai.reports.models import AnnualReport
from gongkai.reports.views import begin_form, offered


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    if not offered(request):
        raise NotAllowed(NOT_YOURS)
    posted = request.method == "POST"
    form = begin_form(request, request.POST if posted else None, ImportForm, request.FILES if posted else None, auto_id="import_%s")

    def deed() -> AnnualReport:
        values = form.arguments()
        given = values.pop("file")
        agency = agencies_of(request.user).get(pk=values.pop("agency"))
        key = str(form.cleaned_data["key"])
        return importing.bring_in(agency, actor_of(request), key=key, data=given.read(), name=given.name, **values)

    made = attempt(request, form, deed, "已导入，没有读出来的列在下面。") if posted else None
    if made:
        return back("reports:report", made.pk)
    return render(request, "reports/import.html", {"form": form}, status=status_of(form) if posted else 200)

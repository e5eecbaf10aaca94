"""How a place numbers and labels its documents: what holds now, and for its openness office the form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Jurisdiction
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.publications.actions.configuring import configure
from gongkai.publications.drafting.forms import PatternForm
from gongkai.publications.index_numbers import pattern_of
from gongkai.publications.metadata import set_of
from gongkai.publications.models import IndexPattern


@staff_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    offices = scope_of(request.user).office_ids
    if not offices:
        raise NotAllowed("索引号格式和印制标识由本地区政务公开主管部门设定")
    places = Jurisdiction.objects.filter(pk__in=offices)
    held = [(place, pattern_of(place), set_of(place)) for place in places]
    if request.method == "POST":
        form = PatternForm(places, request.POST)

        def deed() -> IndexPattern:
            data = form.cleaned_data
            return configure(data["place"], actor_of(request), key=str(data["key"]), pattern=data["pattern"], labels=data["labels"])

        if attempt(request, form, deed, "已设定，从下一件信息起使用。") is not None:
            return back("drafting:settings")
    else:
        form = PatternForm(places, initial={"place": held[0][0].pk, "pattern": held[0][1], "labels": held[0][2].code})
    return render(
        request, "publications/drafting/settings.html", {"form": form, "held": held}, status=status_of(form) if form.errors else 200
    )

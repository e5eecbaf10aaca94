"""The directory for staff, and the place where a person decides what an unknown wording means."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies import access, actions, queries
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.forms import CollectiveForm, CreateForm, DirectoryFilter, MatchForm
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import AgencySuggestion, CollectiveName

PER_PAGE = 50
SUGGESTIONS_PER_PAGE = 15
DECISIONS = ("match", "create", "collective", "dismiss")


@staff_required
@require_GET
def agency_list(request: HttpRequest) -> HttpResponse:
    everywhere = access.agencies_for(request.user)
    places = list(everywhere.order_by("jurisdiction__code").values_list("jurisdiction_id", "jurisdiction__name").distinct())
    form = DirectoryFilter(request.GET, jurisdictions=places)
    form.is_valid()
    rows = queries.agency_rows(request.user, form.cleaned_data.get("q", ""), form.cleaned_data.get("jurisdiction"))
    page = Paginator(rows.order_by("jurisdiction__code", "code"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "form": form,
        "filtered": bool(form.cleaned_data.get("q") or form.cleaned_data.get("jurisdiction")),
        "open_suggestions": access.suggestions_for(request.user).filter(state=AgencySuggestion.State.OPEN).count(),
        "is_office": bool(access.scope_of(request.user).office_ids),
        "keeps_guides": bool(access.scope_of(request.user).office_ids | access.scope_of(request.user).competent_head_ids),
    }
    return render(request, "agencies/list.html", context)


def _require_office(request: HttpRequest) -> None:
    """The page exists for openness offices only; to anybody else it does not."""
    if not access.scope_of(request.user).office_ids:
        raise Http404("待确认单位由政务公开主管部门处理")


def _suggestions(request: HttpRequest, bound: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    rows = queries.suggestion_rows(request.user)
    asked = request.GET.get("text", "").strip()
    rows.sort(key=lambda row: row.suggestion.text != asked)
    decided = access.suggestions_for(request.user).exclude(state=AgencySuggestion.State.OPEN).order_by("-decided_at")[:20]
    directories = {row.suggestion.jurisdiction_id: row.suggestion.jurisdiction for row in rows}
    known = {pk: list(Directory(place).agencies.values()) for pk, place in directories.items()}
    page = Paginator(rows, SUGGESTIONS_PER_PAGE).get_page(request.GET.get("page"))
    if bound:  # the form with the mistake stands on top
        page = Paginator(sorted(rows, key=lambda row: row.suggestion.pk != bound["pk"]), SUGGESTIONS_PER_PAGE).get_page(1)
    context = {
        "rows": page.object_list,
        "page_obj": page,
        "decided": decided,
        "names": {pk: sorted({a.name for a in found}) for pk, found in known.items()},
        "members": [{"pk": a.pk, "name": a.name, "place": pk} for pk, found in known.items() for a in found],
        "collective_rules": CollectiveName.Rule.choices,
        "asked": asked,
        "create_form": CreateForm(),
        "bound": bound or {},
    }
    return render(request, "agencies/suggestions.html", context, status=status)


@staff_required
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    _require_office(request)
    return _suggestions(request)


@staff_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`decision` is one of DECISIONS; its form decides the rest. A form with a mistake comes back with what was typed."""
    suggestion = access.access_suggestion(request.user, pk)
    decision = request.POST.get("decision", "")
    if decision not in DECISIONS:
        raise Http404("没有这个操作")
    form: Any = None
    try:
        if decision == "dismiss":
            actions.dismiss_suggestion(suggestion, actor_of(request))
            done = f"“{suggestion.text}”标为不是机构。"
        elif decision == "create":
            form = CreateForm(request.POST)
            if not form.is_valid():
                return _suggestions(request, {"pk": pk, "decision": decision, "form": form}, status=422)
            data = form.cleaned_data
            actions.create_from_suggestion(suggestion, actor_of(request), data["name"], data["short_name"], data["kind"])
            done = f"已登记“{data['name']}”，“{suggestion.text}”就是它。"
        elif decision == "match":
            form = MatchForm(request.POST, agencies=Directory(suggestion.jurisdiction).agencies)
            if not form.is_valid():
                return _suggestions(request, {"pk": pk, "decision": decision, "form": form}, status=422)
            agency = form.cleaned_data["agency"]
            actions.match_suggestion(suggestion, agency, actor_of(request), as_section=form.cleaned_data["as_section"])
            done = f"“{suggestion.text}”对应到{agency.name}{'的内设机构' if form.cleaned_data['as_section'] else ''}。"
        else:
            form = CollectiveForm(request.POST, agencies=Directory(suggestion.jurisdiction).agencies)
            if not form.is_valid():
                return _suggestions(request, {"pk": pk, "decision": decision, "form": form}, status=422)
            actions.suggestion_is_collective(suggestion, actor_of(request), form.cleaned_data["rule"], form.cleaned_data["members"])
            done = f"“{suggestion.text}”作为集合称谓。"
    except ActionRefused as error:
        if form is not None:
            form.add_error(None, str(error))
            return _suggestions(request, {"pk": pk, "decision": decision, "form": form}, status=409)
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(reverse("agencies:suggestions"))

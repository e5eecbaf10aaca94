"""Suggestions of the public for staff: the list, one with its answer."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.catalogue import suggestions
from gongkai.catalogue.expansion import names_of
from gongkai.catalogue.forms_keeping import AnswerForm
from gongkai.catalogue.models import Suggestion
from gongkai.deeds.pages import attempt, back, status_of

PER_PAGE = 50


@staff_required
@require_GET
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """Those that wait first, the oldest on top; then the answered."""
    done = request.GET.get("view") == "answered"
    rows = suggestions.suggestions_for(request.user).filter(answered_at__isnull=False) if done else suggestions.waiting(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    duties = suggestions.duties_of(listed)
    names = names_of(row.item_id for row in listed)
    context = {
        "page_obj": page,
        "rows": [(row, names.get(row.item_id, row.item.code), duties.get(row.pk)) for row in listed],
        "answered": done,
    }
    return render(request, "catalogue/keeping/suggestions.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = suggestions.access_suggestion(request.user, pk)
    role = suggestions.answer_role(row, request.user)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if role:
            raise NotAllowed(role)

        def deed() -> Suggestion:
            return suggestions.answer(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

        if attempt(request, form, deed, "已答复，公众在事项页面可以看到。") is not None:
            return back("catalogue_keeping:suggestion", pk)
    context = {
        "row": row,
        "name": names_of([row.item_id]).get(row.item_id, row.item.code),
        "duty": suggestions.duties_of([row]).get(row.pk),
        "form": None if role or suggestions.answer_state(row) else form,
        "role": role if not row.answered_at else "",
    }
    return render(request, "catalogue/keeping/suggestion.html", context, status=status_of(form) if form.errors else 200)

"""年度报告收集: for the openness office of a place and those above."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Jurisdiction
from gongkai.obligations.exports import as_file
from gongkai.reports import board
from gongkai.reports.actions.writing import FIRST_YEAR


class BoardForm(forms.Form):
    place = forms.TypedChoiceField(label="行政区划", coerce=int, required=False, empty_value=None)
    year = forms.IntegerField(label="年度", required=False, min_value=FIRST_YEAR, max_value=2100)

    def __init__(self, data: Any, *, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


def sees_board(user: Any) -> bool:
    return bool(scope_of(user).seen_ids)


def _asked(request: HttpRequest) -> tuple[BoardForm, board.Board]:
    """What was asked for; what makes no sense is named on the page, and the own place and last year are shown."""
    scope = scope_of(request.user)
    if not scope.seen_ids:
        raise NotAllowed("收集年度报告由政务公开主管部门办理")
    places = list(Jurisdiction.objects.filter(pk__in=scope.seen_ids).order_by("code"))
    form = BoardForm(request.GET or None, places=[(one.pk, one.name) for one in places])
    asked = form.cleaned_data if form.is_valid() else {}
    own = next((one for one in places if one.pk in scope.office_ids), places[0])
    place = next((one for one in places if one.pk == asked.get("place")), own)
    year = asked.get("year") or timezone.localdate().year - 1
    if not form.is_bound:
        form.initial = {"place": place.pk, "year": year}
    return form, board.board(place, year)


@staff_required
@require_GET
def board_page(request: HttpRequest) -> HttpResponse:
    form, found = _asked(request)
    context = {"form": form, "board": found, "lines": [*found.government, *found.lines], "shown": [words for *_rest, words in board.SHOWN]}
    return render(request, "reports/board.html", context | {"query": request.GET.urlencode()})


@staff_required
@require_GET
def board_export(request: HttpRequest, fmt: str) -> HttpResponse:
    _form, found = _asked(request)
    return as_file(board.table(found), fmt, f"{found.place.name}{found.year}年年度报告汇总表")

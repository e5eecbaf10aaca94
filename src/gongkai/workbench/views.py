"""The first screen of the staff face: what must I do, by when."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.agencies.auth import staff_required
from gongkai.workbench import queries


@require_safe
@staff_required
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    todo = queries.todo(request.user, today)
    figures = [{"label": group.title, "n": group.total, "url": f"#{group.key}", "alarm": group.key == "overdue"} for group in todo.groups]
    context = {"todo": todo, "figures": figures, "today": today, "soon": settings.DUE_SOON_DAYS, "shown": queries.SHOWN}
    return render(request, "workbench/home.html", context)

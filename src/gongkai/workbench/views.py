"""The first screen of the staff face: what must I do, by when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.agencies.auth import staff_required


@require_safe
@staff_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "workbench/home.html")

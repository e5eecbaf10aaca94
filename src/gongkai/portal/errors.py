"""Error pages that say what happened, what to do, and that nothing was lost. The page of status 500 needs neither database nor context."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from gongkai.agencies.auth import return_address

LONGEST = 300  # characters of an exception's sentence shown to the reader


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain("errors/400.html", request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`exception` is a PermissionDenied; its text, when it has one, is a sentence meant for the reader (agencies.errors.NotAllowed)."""
    return render(request, "errors/403.html", {"reason": str(exception)[:LONGEST]}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    template = "errors/404_work.html" if request.path.startswith("/work/") and request.user.is_authenticated else "errors/404.html"
    return render(request, template, {"path": request.path[:200]}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain("errors/500.html", request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW: an old page, a closed session or cookies switched off."""
    return render(request, "errors/csrf.html", {"back": return_address(request)}, status=403)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """An address that only takes forms, opened like a page. `allowed`: the Allow header of the refusal."""
    response = render(request, "errors/405.html", {"back": return_address(request) if request.method == "POST" else ""}, status=405)
    response.headers["Allow"] = allowed
    return response


def _plain(template: str, request: HttpRequest, status: int) -> HttpResponse:
    """Rendered without context processors: they read the session, and the database may be what failed."""
    large = request.COOKIES.get("large") == "1"
    return HttpResponse(loader.get_template(template).render({"site": settings.SITE, "large_type": large}), status=status)

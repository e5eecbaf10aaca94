"""Error pages that say what happened, what to do, and that nothing was lost. The page of status 500 needs neither database nor context."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse

from gongkai.agencies.auth import return_address

LONGEST = 300  # characters of an exception's sentence shown to the reader


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain("errors/400.html", request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`exception` is a PermissionDenied; its text, when it has one, is a sentence meant for the reader (agencies.errors.NotAllowed)."""
    return render(request, "errors/403.html", {"reason": str(exception)[:LONGEST]}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`exception` may bring a sentence for the reader. The page offers words of the address to search for, and lists near to it."""
    template = "errors/404_work.html" if request.path.startswith("/work/") and request.user.is_authenticated else "errors/404.html"
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    context = {"path": request.path[:200], "reason": said[:LONGEST], "words": words_of(request.path), "near": near(request.path)}
    return render(request, template, context, status=404)


NEAR = (
    ("/documents/lists", "documents:lists", "清单"),
    ("/documents/topics", "documents:topics", "专题专栏"),
    ("/documents/valid", "documents:valid", "现行有效的规章和规范性文件"),
    ("/documents", "documents:browse", "按主题、领域、单位浏览政府信息"),
    ("/documents", "documents:list", "全部政府信息，最新的在前"),
    ("/plans", "public_plans:list", "承诺与进展"),
    ("/catalogue", "catalogue_public:list", "公开目录"),
    ("/agencies", "portal:agencies", "机构"),
    ("/accountability", "portal:accountability", "承诺兑现"),
    ("/feeds", "documents:list", "全部政府信息（页脚有订阅地址）"),
)


def near(path: str) -> list[tuple[str, str]]:
    """(words, address) of the lists above an address that leads nowhere. Asks nothing of the database."""
    return [(words, reverse(name)) for start, name, words in NEAR if path == start or path.startswith(f"{start}/")][:3]


def words_of(path: str) -> str:
    """What of an address could be words somebody looks for: Chinese, and what is neither a number nor a part of every address."""
    parts = re.split(r"[/._\-+?=&\s]+", path.replace("\x00", "")[:LONGEST])
    return " ".join(part for part in parts if re.search(r"[\u3400-\u9fff]", part))[:60]


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

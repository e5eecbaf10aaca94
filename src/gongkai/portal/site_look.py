"""/site.css and /site.svg: the main colour of a site with a host of its own. The security policy allows no style in a page, so that the
variables stand in a sheet; who has it is answered 304."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gongkai.catalogue import colours
from gongkai.twins import hosting

AGE = 3600


def _colour() -> str:
    own = hosting.current()
    return own.colour if own is not None else "red"


def _answer(request: HttpRequest, content: str, content_type: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={AGE}"
    return response


@require_safe
def css(request: HttpRequest) -> HttpResponse:
    return _answer(request, colours.sheet(_colour()), "text/css; charset=utf-8")


@cache
def _drawing() -> str:
    found = finders.find("seal.svg")
    if found:
        return Path(str(found)).read_text("utf-8")
    with staticfiles_storage.open("seal.svg") as file:
        return bytes(file.read()).decode()


@require_safe
def svg(request: HttpRequest) -> HttpResponse:
    """The seal in the colour of the site."""
    fill = colours.COLOURS.get(_colour(), colours.COLOURS["red"]).light.fill
    return _answer(request, _drawing().replace("#9e1b1f", fill), "image/svg+xml")

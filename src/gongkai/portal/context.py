from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from gongkai.twins import address, hosting

LONGEST = 500


def site(request: HttpRequest) -> dict[str, Any]:
    """The statutory identifiers for every footer, whether this reader asked for large type (remembered in a cookie), and the address the
    page is cited under: without empty conditions, and the others always in the same order."""
    return {"site": identifiers(), "large_type": request.COOKIES.get("large") == "1", "page_url": page_url(request)}


def identifiers() -> dict[str, Any]:
    """Name, host organ, phone, site code, records: of the site that is asked, on the main host of the settings. `css` is the address of
    its colour, which changes with it, so that a browser may keep the sheet; empty on the main host, `is_own` false."""
    own = hosting.current()
    if own is None:
        return {**settings.SITE, "css": "", "is_own": False}
    told = {name: value for name, value in asdict(own).items() if name not in ("agencies", "places", "host", "organ")}
    return {**told, "host": own.organ, "css": f"{reverse('portal:site_css')}?v={own.colour}", "is_own": True}


def page_url(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    pairs = sorted((name, value) for name, value in parse_qsl(query[:LONGEST]) if value and (name, value) != ("page", "1")) if query else []
    return address(f"{request.path}?{urlencode(pairs)}" if pairs else request.path, request)

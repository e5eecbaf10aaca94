from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The statutory identifiers for every footer, and whether this reader asked for large type (remembered in a cookie)."""
    return {"site": settings.SITE, "large_type": request.COOKIES.get("large") == "1"}

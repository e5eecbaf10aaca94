"""The entry to 依申请公开, as the app that takes requests in offers it. Without one the pages say how to ask by other ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gongkai.agencies.models import Agency


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """Where one asks this agency on the net. `note`: a sentence under the button."""

    url: str
    label: str = "网上提交申请"
    note: str = ""


Provider = Callable[[Agency], list[RequestEntry]]
_providers: list[Provider] = []


def register_request_entry(provider: Provider) -> None:
    """Called once from an app's ready(); the provider asks no database, or one query at most."""
    if provider not in _providers:
        _providers.append(provider)


def request_entries(agency: Agency) -> list[RequestEntry]:
    return [entry for provider in _providers for entry in provider(agency)]

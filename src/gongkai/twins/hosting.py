"""Which of the installation's sites a request was made to, for whoever makes a public list: what belongs to it, its name, its address.

The middleware (gongkai.catalogue.sites_middleware) sets it for the time of a request; without one everything of the installation is shown.
Knows no model: any layer may ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q

Rows = TypeVar("Rows", bound=Any)


@dataclass(frozen=True, slots=True)
class Host:
    """An open site. `agencies` or `places` are what it shows (row numbers); `stamp` changes with anything it says of itself."""

    pk: int
    host: str
    name: str
    organ: str
    phone: str
    id_code: str
    icp: str
    police: str
    errors_url: str
    colour: str
    agencies: frozenset[int] | None
    places: frozenset[int] | None
    stamp: str

    def has(self, agency: int, place: int) -> bool:
        """Whether what this agency of this place published is shown here."""
        return agency in self.agencies if self.agencies is not None else place in (self.places or ())

    def condition(self, agency: str = "agency", place: str = "") -> Q:
        """For rows whose `agency` and `place` are these fields; `place` may be left out where the agency has it."""
        if self.agencies is not None:
            return Q(**{f"{agency}__in": self.agencies})
        return Q(**{f"{place or f'{agency}__jurisdiction'}__in": self.places or ()})


_current: ContextVar[Host | None] = ContextVar("host", default=None)
_places: list[Callable[[int, int], str]] = []
_names: list[Callable[[], Iterable[str]]] = []


def current() -> Host | None:
    return _current.get()


@contextmanager
def at(host: Host | None) -> Iterator[None]:
    """Public lists made inside show what belongs to this site; None: everything."""
    token = _current.set(host)
    try:
        yield
    finally:
        _current.reset(token)


def narrowed(rows: Rows, agency: str = "agency", place: str = "") -> Rows:
    """The rows of a public list that belong to the site that is asked; all of them on the main host."""
    host = _current.get()
    return rows if host is None else rows.filter(host.condition(agency, place))


def here() -> Q:
    """As a condition on agencies themselves."""
    host = _current.get()
    return Q() if host is None else host.condition("pk", "jurisdiction")


def key() -> str:
    """What makes kept things of one site another site's: part of every key of the cache and of every ETag."""
    host = _current.get()
    return "" if host is None else f"{host.pk}:{host.stamp}"


def name() -> str:
    host = _current.get()
    return str(settings.SITE["name"]) if host is None else host.name


def find_home(rule: Callable[[int, int], str], names: Callable[[], Iterable[str]]) -> None:
    """`rule(agency, place)`: the host a publication of that agency is at home on, empty for the main one; `names`: of all open sites."""
    _places[:] = [rule]
    _names[:] = [names]


def is_home(host: str) -> bool:
    """Whether it is the host of an open site of this installation."""
    return bool(_names) and host.lower() in _names[0]()


def main_address(path: str, agency: int, place: int, request: Any) -> str:
    """The one address a publication is cited under, whatever host it was read on."""
    home = _places[0](agency, place) if _places else ""
    if home:
        return f"{request.scheme}://{home}{path}"
    return settings.BASE_URL + path if settings.BASE_URL else str(request.build_absolute_uri(path))

"""The sites with a host of their own on this installation: which one a request is for, what it shows, and on which one a publication is
at home. The table is small and read once in FRESH seconds by each process, so that a request costs no query for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http.request import split_domain_port

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.catalogue.models import Site
from gongkai.twins.hosting import Host

FRESH = 30
"""Seconds until every process has heard of a new, changed or closed site."""
KEY = "catalogue:hosts"
LONGEST = 253


@dataclass(frozen=True, slots=True)
class Table:
    """`open` by host name; `ended`: host names that only lead elsewhere."""

    open: Mapping[str, Host]
    ended: Mapping[str, int]


def table() -> Table:
    kept: Table | None = cache.get(KEY)
    if kept is None:
        kept = _read()
        cache.set(KEY, kept, FRESH)
    return kept


def forget(**_kwargs: object) -> None:
    """A site was saved: this process reads the table again at once."""
    cache.delete(KEY)


def _read() -> Table:
    rows = list(Site.objects.select_related("agency__jurisdiction"))
    opened = [row for row in rows if row.state == Site.State.OPEN]
    below = _children(Agency) if any(row.scope == Site.Scope.BELOW for row in opened) else {}
    places = _children(Jurisdiction) if any(row.scope == Site.Scope.PLACE for row in opened) else {}
    before = _predecessors() if any(row.scope != Site.Scope.PLACE for row in opened) else {}
    return Table(
        {row.host: _host(row, below, places, before) for row in opened},
        {row.host: row.pk for row in rows if row.state != Site.State.OPEN},
    )


def _children(model: type[Agency] | type[Jurisdiction]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for pk, above in model.objects.filter(parent__isnull=False).order_by().values_list("pk", "parent_id"):
        found.setdefault(above, []).append(pk)
    return found


def _predecessors() -> dict[int, list[int]]:
    """Agency → those it took over from: what they published is shown on its site."""
    found: dict[int, list[int]] = {}
    for pk, heir in Agency.objects.filter(successor__isnull=False).order_by().values_list("pk", "successor_id"):
        found.setdefault(heir or 0, []).append(pk)
    return found


def _under(top: int, children: Mapping[int, list[int]]) -> frozenset[int]:
    found: set[int] = set()
    waiting = [top]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(children.get(here, ()))
    return frozenset(found)


def _host(row: Site, below: Mapping[int, list[int]], places: Mapping[int, list[int]], before: Mapping[int, list[int]]) -> Host:
    """What is not filled in of the site is the installation's own, except the identifiers: those are of one site alone."""
    own = settings.SITE
    agencies = shown_places = None
    if row.scope == Site.Scope.PLACE:
        shown_places = _under(row.agency.jurisdiction_id, places)
    else:
        living = _under(row.agency_id, below) if row.scope == Site.Scope.BELOW else frozenset({row.agency_id})
        agencies = frozenset[int]().union(*(_under(pk, before) for pk in living))
    told = (row.name, row.organ, row.phone, row.id_code, row.icp, row.police, row.errors_url, row.colour)
    stamp = hashlib.sha256(repr((told, sorted(agencies or ()), sorted(shown_places or ()))).encode()).hexdigest()[:12]
    return Host(
        pk=row.pk,
        host=row.host,
        name=row.name,
        organ=row.organ or row.agency.name,
        phone=row.phone or row.agency.phone,
        id_code=row.id_code,
        icp=row.icp,
        police=row.police,
        errors_url=row.errors_url or str(own["errors_url"]),
        colour=row.colour,
        agencies=agencies,
        places=shown_places,
        stamp=stamp,
    )


def name_of(host: str) -> str:
    """The name alone of what a request says as its host: lower case, without port and last dot; empty for nonsense."""
    return split_domain_port(host.lower())[0].rstrip(".")[:LONGEST] if host else ""


def is_main(name: str) -> bool:
    """Whether GONGKAI_HOSTS names it: such a host shows the whole installation and its workbench."""
    return name in settings.ALLOWED_HOSTS


def open_at(host: str) -> Host | None:
    """The open site a request was made to; None on the main host, on an unknown one and on one that ended."""
    name = name_of(host)
    return None if not name or is_main(name) else table().open.get(name)


def home_of(agency: int, place: int) -> str:
    """The host a publication of this agency is at home on: the narrowest open site that shows it; empty for the main host."""
    best: tuple[int, int, str] | None = None
    for host in table().open.values():
        if is_main(host.host) or not host.has(agency, place):
            continue
        found = (0 if host.agencies is not None else 1, len(host.agencies or host.places or ()), host.host)
        best = found if best is None or found < best else best
    return best[2] if best else ""


def own_names() -> list[str]:
    """Host names of open sites, which this installation answers to besides GONGKAI_HOSTS."""
    return list(table().open)

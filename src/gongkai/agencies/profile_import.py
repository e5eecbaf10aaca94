"""机构信息 from a table, beside the import of agencies: cells that are filled in are kept, empty ones change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from gongkai.agencies import profiles
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.agencies.names import normal
from gongkai.agencies.people import RowsRefused
from gongkai.agencies.profile_columns import COLUMNS


def fill(place: Jurisdiction, rows: Sequence[tuple[int, Mapping[str, str]]]) -> int:
    """`rows`: (line, cells by heading, 名称 among them). How many agencies changed. Runs in the caller's transaction, if there is one;
    RowsRefused names every bad row and then nothing is kept.
    """
    agencies = {normal(agency.name): agency for agency in Agency.objects.filter(jurisdiction=place, valid_to__isnull=True)}
    faults: list[tuple[int, str]] = []
    changed = 0
    with transaction.atomic():
        for line, cells in rows:
            values = {field: cells[heading] for heading, field in COLUMNS.items() if cells.get(heading, "").strip()}
            agency = agencies.get(normal(cells["名称"]))
            if not values or agency is None:
                continue
            try:
                changed += profiles.save_profile(agency, None, values)
            except ActionRefused as error:
                faults += [(line, reason) for reason in error.reasons]
        if faults:
            raise RowsRefused(faults)
    return changed

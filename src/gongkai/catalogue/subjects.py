"""公开主体 in words → agencies of the directory. What is not known stays in words; nobody is made up."""

from __future__ import annotations

import re

from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency

_APART = re.compile(r"[、，,;；\n/]+")


def subjects_in(words: str, directory: Directory) -> tuple[list[Agency], list[str]]:
    """Agencies in the order named, and the parts nobody is known by. A collective name (各县区人民政府) counts as all its members."""
    whole = words.strip()
    found: dict[int, Agency] = {}
    unknown = []
    for part in [whole] if directory.resolve(whole).resolved else [p.strip() for p in _APART.split(whole) if p.strip()]:
        match = directory.resolve(part)
        if match.agency is not None:
            found[match.agency.pk] = match.agency
        elif match.collective is not None:
            found |= {agency.pk: agency for agency in directory.members(match.collective)}
        else:
            unknown.append(part)
    return list(found.values()), unknown

"""The example's places, agencies and people, from data/city.toml and data/people.toml."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from django.contrib.auth.hashers import make_password

from gongkai.agencies import actions, leaders
from gongkai.agencies.models import Agency, CollectiveName, Jurisdiction, Membership, Section, User

CITY = "990100"
COUNTY = "990121"


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads(read_data(name).decode("utf-8"))


def read_data(name: str) -> bytes:
    return resources.files("gongkai.example").joinpath("data").joinpath(name).read_bytes()


def make_directory() -> None:
    """Jurisdictions from above to below, agencies with sections, aliases, leaders; collective names. Acts as the operator (actor None)."""
    data = read_toml("city.toml")
    places: dict[str, Jurisdiction] = {}
    for row in data["jurisdiction"]:
        above = places.get(row.pop("parent", ""))
        places[row["code"]] = Jurisdiction.objects.create(parent=above, **row)
    agencies: dict[str, Agency] = {}
    for row in data["agency"]:
        aliases, sections = row.pop("aliases", []), row.pop("sections", [])
        place, parent = places[row.pop("jurisdiction")], agencies.get(row.pop("parent", ""))
        agency = actions.register_agency(place, row.pop("name"), row.pop("short_name"), row.pop("kind"), None, parent=parent, **row)
        agencies[agency.code] = agency
        Section.objects.bulk_create(Section(agency=agency, name=name) for name in sections)
        for alias in aliases:
            actions.add_alias(agency, alias, None)
    for row in data["leader"]:
        leaders.appoint(agencies[row.pop("agency")], None, **row)
    for row in data["collective"]:
        members = [agencies[code] for code in row.pop("members", [])]
        collective = CollectiveName.objects.create(jurisdiction=places[row.pop("jurisdiction")], **row)
        collective.members.set(members)


def make_people(password: str) -> None:
    """Every person with the one password, hashed once: forty slow hashes would only make the first start slow."""
    hashed = make_password(password)
    rows = read_toml("people.toml")["person"]
    User.objects.bulk_create(User(username=row["username"], display_name=row["name"], password=hashed) for row in rows)
    users = User.objects.in_bulk([row["username"] for row in rows], field_name="username")
    agencies = {agency.code: agency for agency in Agency.objects.prefetch_related("sections")}
    posts = []
    for row in rows:
        for post in row["posts"]:
            agency = agencies[post["agency"]]
            section = next((s for s in agency.sections.all() if s.name == post.get("section")), None)
            posts.append(Membership(user=users[row["username"]], agency=agency, section=section, role=post["role"]))
    Membership.objects.bulk_create(posts)

"""The example's places, agencies and people, from data/city.toml and data/people.toml."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from django.contrib.auth.hashers import make_password

from gongkai.agencies import actions, leaders, profiles
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


def tell_profiles() -> None:
    """机关职能、科室职责、负责人分工、办公信息 of every agency from data/profiles.toml, confirmed; each gets its guide."""
    data = read_toml("profiles.toml")
    rows = list(Agency.objects.select_related("jurisdiction").prefetch_related("sections", "leaders").order_by("pk"))
    chiefs = {row.pop("agency"): row for row in data["leader"]}
    for n, agency in enumerate(rows, 1):
        for leader in agency.leaders.all():
            division = data["division"].get(leader.name, "")
            leaders.appoint(agency, None, name=leader.name, post=leader.post, is_chief=leader.is_chief, division=division)
        if chief := chiefs.get(agency.code):
            leaders.appoint(agency, None, position=1, **chief)
        sections = list(agency.sections.all())
        for section in sections:
            profiles.keep_section(
                agency,
                None,
                name=section.name,
                functions=data["sections"].get(section.name, ""),
                phone=f"0000-{n:03}{section.pk % 1000:04}",
            )
        intake = next((row.name for row in sections if row.name.startswith("政务公开")), "办公室")
        told = {
            "address": agency.address or f"{agency.jurisdiction.name}示范路{n * 3}号",
            "phone": agency.phone or f"0000-000{n:04}",
            "functions": "\n".join(_functions_of(agency, data["functions"])),
            "office_hours": "工作日 9:00—12:00，13:30—17:30（法定节假日除外）",
            "fax": f"0000-100{n:04}",
            "email": f"gongkai{n}@example.gov.cn",
            "postal_code": f"{n:06}",
            "map_text": "1 路公交“示范路口”站下车向东 200 米，正门有无障碍坡道",
            "intake_name": agency.name if agency.name.endswith(intake) else f"{agency.name}{intake}",
        }
        profiles.save_profile(agency, None, told)
        profiles.confirm(agency, None)


def _functions_of(agency: Agency, functions: list[dict[str, Any]]) -> list[str]:
    """By a word of its name, else by its kind; a township's are its own."""
    kind = "town" if agency.jurisdiction.level == Jurisdiction.Level.TOWNSHIP else agency.kind
    by_like = {row["like"]: row["lines"] for row in functions}
    return next((lines for like, lines in by_like.items() if like in agency.name), None) or by_like.get(kind, [])


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

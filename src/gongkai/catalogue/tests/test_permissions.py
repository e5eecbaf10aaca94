"""Every address of the catalogue × every person, written out: a new one fails until somebody has decided who may open it."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from gongkai.agencies.models import User
from gongkai.catalogue import urls, urls_public
from gongkai.catalogue.actions import importing
from gongkai.catalogue.models import CatalogueVersion, Deed
from gongkai.catalogue.tests import making
from gongkai.catalogue.tests.tables import book, row

REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
WORKING = REFORM - {"secrecy_reviewer"}
CITY = {"openness_officer", "openness_colleague"}
SEES = REFORM | CITY
"""Who reads the catalogue of 市发改委: its own people and the office of the city."""
STAFF = SEES | {"office_drafter", "office_head", "other_officer", "other_head", "county_officer", "county_drafter", "stranger"}
"""The whole cast with a post, as gongkai.conftest has it."""
PERSONS = [*sorted(STAFF), "nobody", "citizen"]
CITY_STAFF = REFORM | CITY | {"office_drafter", "office_head", "other_officer", "other_head"}
KEEPERS = STAFF - {"secrecy_reviewer"}

READ: dict[str, tuple[set[str], int]] = {
    # address: who opens it, what the other staff meet
    "home": (STAFF, 200),
    "create": (KEEPERS, 403),
    "place_coverage": (STAFF, 200),
    "place_list": (STAFF, 200),
    "columns": (STAFF, 200),
    "catalogue": (SEES, 404),
    "version": (SEES, 404),
    "export": (SEES, 404),
    "report": (SEES, 404),
    "coverage": (SEES, 404),
    "compare": (SEES, 404),
    "import_file": (SEES, 404),
    "import_progress": (SEES, 404),
    "import_rejected": (SEES, 404),
    "terms": (CITY_STAFF, 404),
    "column_log": (CITY_STAFF, 404),
}
NOT_THEIRS = dict.fromkeys(SEES - WORKING, 403)
EDITING: dict[str, tuple[set[str], dict[str, int], int]] = {
    # address: who opens the form, who sees the record but not the form, the rest
    "add_item": (WORKING, NOT_THEIRS, 404),
    "from_list": (WORKING, NOT_THEIRS, 404),
    "upload": (WORKING, NOT_THEIRS, 404),
    "edit_item": (WORKING, NOT_THEIRS, 404),
    "import": (WORKING, NOT_THEIRS, 404),
    "bind": (WORKING | CITY, dict.fromkeys({"secrecy_reviewer"}, 403), 404),
    "column": (CITY, dict.fromkeys(CITY_STAFF - CITY, 403), 404),
    "add_column": (CITY, dict.fromkeys(CITY_STAFF - CITY, 403), 404),
}
WRITE: dict[str, tuple[dict[str, int], int]] = {
    # address: what each person's form is answered with, the rest
    "revise": (dict.fromkeys(WORKING, 302) | NOT_THEIRS, 404),
    "approve": (dict.fromkeys({"reviewer", "head"} | CITY, 302) | dict.fromkeys({"drafter", "secrecy_reviewer"}, 403), 404),
    "discard": (dict.fromkeys(WORKING, 302) | NOT_THEIRS, 404),
    "drop_item": (dict.fromkeys(WORKING, 302) | NOT_THEIRS, 404),
    "add_item": (dict.fromkeys(WORKING, 302) | NOT_THEIRS, 404),
    "edit_item": (dict.fromkeys(WORKING, 302) | NOT_THEIRS, 404),
    "import": (dict.fromkeys(WORKING, 302) | NOT_THEIRS, 404),
    "import_hidden": (dict.fromkeys(WORKING, 302) | NOT_THEIRS, 404),
    "upload": (dict.fromkeys(WORKING, 422) | NOT_THEIRS, 404),  # no file
    "from_list": (dict.fromkeys(WORKING, 200) | NOT_THEIRS, 404),  # no list is published
    "bind": (dict.fromkeys(WORKING | CITY, 302) | {"secrecy_reviewer": 403}, 404),
    "column": (dict.fromkeys(CITY, 302) | dict.fromkeys(CITY_STAFF - CITY, 403), 404),
    "close_column": (dict.fromkeys(CITY, 302) | dict.fromkeys(CITY_STAFF - CITY, 403), 404),
    "add_column": (dict.fromkeys(CITY, 302) | dict.fromkeys(CITY_STAFF - CITY, 403), 404),
    "found_columns": (dict.fromkeys(CITY, 302) | dict.fromkeys(CITY_STAFF - CITY, 403), 404),
    "terms": (dict.fromkeys(CITY, 302) | dict.fromkeys(CITY_STAFF - CITY, 403), 404),
    "create": (dict.fromkeys({"drafter", "reviewer", "head"}, 302) | {"secrecy_reviewer": 403}, 422),  # another's agency is no choice
}


@pytest.fixture
def world(cast):
    """市发改委 has a catalogue in force and a draft with a table handed in; a column stands alone."""
    current = making.version(cast.reform, state="current")
    draft = making.version(cast.reform)
    column = making.column(cast.office)
    kept = importing.upload(draft, cast.drafter, key=str(uuid.uuid4()), file=ContentFile(book([row(1, "供热", "热价")]), "目录.xlsx"))
    kept.rejected.save("rejected.xlsx", ContentFile(b"PK"))
    CatalogueVersion.objects.filter(pk=draft.pk).update(made_by=None)
    Deed.objects.all()._raw_delete("default")  # nobody has worked on the draft, so that each may approve whose deed it is
    place = cast.city.pk
    arguments = {
        **dict.fromkeys(("home", "create", "place_coverage", "place_list", "columns"), ()),
        **dict.fromkeys(("catalogue", "revise"), (draft.catalogue_id,)),
        **dict.fromkeys(("version", "approve", "discard", "add_item", "from_list", "bind", "upload", "report", "coverage"), (draft.pk,)),
        **dict.fromkeys(("edit_item", "drop_item"), (draft.standards.first().pk,)),
        **dict.fromkeys(("import", "import_file", "import_progress", "import_rejected", "import_hidden"), (kept.pk,)),
        **dict.fromkeys(("column", "column_log", "close_column"), (column.pk,)),
        **dict.fromkeys(("add_column", "found_columns", "terms"), (place,)),
        "export": (draft.pk, "xlsx"),
        "compare": (draft.pk, current.pk),
    }
    item = {"level1": "供热", "level2": "热价", "key": ""}
    forms = {
        "revise": {"reason": "机构改革"},
        "add_item": item,
        "edit_item": item,
        "column": {"name": "供水", "kind": "信息公开目录", "agency": cast.office.pk},
        "add_column": {"name": "供热", "slug": "heat", "kind": "信息公开目录", "agency": cast.office.pk},
        "close_column": {"reason": "并入他处"},
        "found_columns": {"agency": cast.office.pk},
        "terms": {"kind": "channel", "code": "radio", "name": "村广播"},
        "create": {"agency": cast.reform.pk, "kind": "field", "field": "budget"},
    }
    return arguments, forms


def test_every_address_and_everybody_is_in_the_table(cast):
    assert set(User.objects.filter(memberships__isnull=False).values_list("username", flat=True)) == STAFF
    names = {pattern.name for pattern in urls.urlpatterns}
    assert names == set(READ) | set(EDITING) | set(WRITE)


def login(cast, person):
    client = Client()
    if person != "citizen":
        client.force_login(cast.user(person), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("person", PERSONS)
def test_who_opens_what(cast, world, person):
    arguments, _forms = world
    client = login(cast, person)
    found, expected = {}, {}
    for name in [*READ, *EDITING]:
        found[name] = client.get(reverse(f"catalogue:{name}", args=arguments[name])).status_code
        if person == "citizen":
            expected[name] = 302
        elif person == "nobody":
            expected[name] = 403
        elif name in READ:
            who, no = READ[name]
            expected[name] = 200 if person in who else no
        else:
            who, sees, no = EDITING[name]
            expected[name] = 200 if person in who else sees.get(person, no)
    assert found == expected


@pytest.mark.parametrize("person", PERSONS)
def test_who_sends_what(cast, world, person):
    arguments, forms = world
    client = login(cast, person)
    found, expected = {}, {}
    for name, (answers, no) in WRITE.items():
        with transaction.atomic():
            data = {**forms.get(name, {}), "key": str(uuid.uuid4())}
            found[name] = client.post(reverse(f"catalogue:{name}", args=arguments[name]), data).status_code
            transaction.set_rollback(True)
        expected[name] = {"citizen": 302, "nobody": 403}.get(person) or answers.get(person, no)
    assert found == expected


def test_addresses_that_only_take_forms_answer_405(cast, world):
    arguments, _forms = world
    client = login(cast, "drafter")
    for name in ("revise", "approve", "discard", "drop_item", "close_column", "found_columns", "import_hidden"):
        assert client.get(reverse(f"catalogue:{name}", args=arguments[name])).status_code == 405


def test_the_public_reads_what_is_in_force_and_nothing_of_a_draft(cast):
    current = making.version(cast.reform, state="current")
    draft = making.version(cast.finance)
    column = making.column(cast.office)
    item, secret = current.standards.first().item_id, draft.standards.first().item_id
    open_to_all = {
        "list": (),
        "catalogues_json": (),
        "catalogue": (current.catalogue_id,),
        "catalogue_json": (current.catalogue_id,),
        "catalogue_file": (current.catalogue_id, "csv"),
        "item": (item,),
        "item_json": (item,),
        "column": (cast.city.code, column.slug),
    }
    assert set(open_to_all) == {pattern.name for pattern in urls_public.urlpatterns}
    for person in ("citizen", "nobody", "other_officer"):
        client = login(cast, person)
        for name, args in open_to_all.items():
            assert client.get(reverse(f"catalogue_public:{name}", args=args)).status_code == 200, name
        for name, args in (
            ("catalogue", (draft.catalogue_id,)),
            ("catalogue_json", (draft.catalogue_id,)),
            ("catalogue_file", (draft.catalogue_id, "xlsx")),
            ("item", (secret,)),
            ("item_json", (secret,)),
            ("catalogue_file", (current.catalogue_id, "exe")),
            ("column", (cast.city.code, "none")),
        ):
            assert client.get(reverse(f"catalogue_public:{name}", args=args)).status_code == 404, name

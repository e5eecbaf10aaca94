"""Out of scope is 404 by every road: pages, verbs, files, exports."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.coordination import access
from gongkai.coordination.actions import collecting, flow
from gongkai.coordination.models import Deed

OFFICE = {"openness_officer", "openness_colleague"}
REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
CITY_STAFF = OFFICE | REFORM | {"office_drafter", "office_head", "other_officer", "other_head"}


@pytest.fixture
def records(cast, row, inspection, group, issued_plan, key, paper):
    collecting.submit(row, cast.user("drafter"), key=key(), file=paper())
    collecting.receive(row, cast.user("openness_officer"), key=key())
    plan = issued_plan()
    filing = flow.file_upward(
        plan, cast.user("openness_officer"), key=key(), to="省政府办公厅", method="post", sent_on=timezone.localdate(plan.opened_at)
    )
    return {"row": row, "check": inspection, "group": group, "plan": plan, "filing": filing}


SEEN = {
    "collection": OFFICE | REFORM | {"other_officer", "other_head", "county_officer"},
    "submission": OFFICE | REFORM,
    "check": OFFICE | REFORM | {"office_drafter", "office_head"},
    "group": CITY_STAFF,
    "flow": OFFICE,
    "filing": OFFICE,
}


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_record_opens_to_the_same_people(cast, records, who):
    row = records["row"]
    doors = {
        "collection": (access.access_collection, row.collection_id),
        "submission": (access.access_submission, row.pk),
        "check": (access.access_check, records["check"].pk),
        "group": (access.access_group, records["group"].pk),
        "flow": (access.access_flow, records["plan"].pk),
        "filing": (access.access_filing, records["filing"].pk),
    }
    for name, (door, pk) in doors.items():
        if who in SEEN[name]:
            assert door(cast.user(who), pk).pk == pk, name
        else:
            with pytest.raises(Http404):
                door(cast.user(who), pk)


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_address_answers_by_the_same_rule(cast, records, client, who):
    row, check, group, plan = records["row"], records["check"], records["group"], records["plan"]
    deed = Deed.objects.exclude(file="").get()
    pages = {
        reverse("coordination:collection", args=[row.collection_id]): "collection",
        reverse("coordination:collection_export", args=[row.collection_id, "xlsx"]): "collection",
        reverse("coordination:submission", args=[row.pk]): "submission",
        reverse("coordination:submission_file", args=[row.pk]): "submission",
        reverse("coordination:earlier_file", args=[deed.pk]): "submission",
        reverse("coordination:receipt", args=[row.pk]): "submission",
        reverse("coordination:check", args=[check.pk]): "check",
        reverse("coordination:report", args=[check.pk]): "check",
        reverse("coordination:problems", args=[check.pk, "csv"]): "check",
        reverse("coordination:group", args=[group.pk]): "group",
        reverse("coordination:group_export", args=[group.pk, "docx"]): "group",
        reverse("coordination:flow", args=[plan.pk]): "flow",
        reverse("coordination:opinions_export", args=[plan.pk, "xlsx"]): "flow",
        reverse("coordination:pack", args=[plan.pk]): "flow",
    }
    person = cast.user(who)
    if who != "citizen":
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for url, name in pages.items():
        status = client.get(url).status_code
        if who == "citizen":
            assert status == 302, url
        elif who == "nobody":
            assert status == 403, url
        else:
            assert status == (200 if who in SEEN[name] else 404), f"{who} {url}"


def test_a_unit_sees_only_its_own_rows_of_the_matrix(cast, make_collection, client):
    made = make_collection()
    client.force_login(cast.user("drafter"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("coordination:collection", args=[made.pk])).content.decode()
    assert "清河市发展和改革委员会" in page and "清河市财政局" not in page and "催报全部" not in page
    csv = client.get(reverse("coordination:collection_export", args=[made.pk, "csv"])).content.decode("utf-8-sig")
    assert "发展和改革委员会" in csv and "财政局" not in csv


def test_drafts_are_followed_by_their_own_office_only(cast, draft_plan):
    plan = draft_plan(jurisdiction=cast.east)
    assert access.access_flow(cast.user("county_officer"), plan.pk) == plan
    with pytest.raises(Http404):
        access.access_flow(cast.user("openness_officer"), plan.pk)


def test_a_point_is_reached_only_through_its_own_check(cast, inspection, self_check):
    point = self_check.points.first()
    assert access.access_point(cast.user("drafter"), self_check.pk, point.pk) == point
    with pytest.raises(Http404):
        access.access_point(cast.user("drafter"), inspection.pk, point.pk)


def test_deeds_give_no_file_of_another_kind(cast, row, key):
    opened = Deed.objects.get(kind="opened")
    with pytest.raises(Http404):
        access.access_deed_file(cast.user("openness_officer"), opened.pk)

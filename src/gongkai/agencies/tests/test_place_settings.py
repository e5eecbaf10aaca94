"""The lights of a place: who sets them, what they change on the ledger, what the journal keeps."""

from __future__ import annotations

import pytest

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Jurisdiction
from gongkai.agencies.place_settings import set_lights
from gongkai.journal.models import Entry

PAGE = "/work/settings/place/"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("openness_officer", 200),
        ("office_head", 200),
        ("county_officer", 200),
        ("head", 404),
        ("drafter", 404),
        ("nobody", 403),
        ("citizen", 302),
    ],
)
def test_who_opens_the_page(client, cast, who, status):
    if who != "citizen":
        client.force_login(cast.user(who))
    assert client.get(PAGE).status_code == status


def test_the_systems_value_is_named_until_the_place_has_its_own(client, cast):
    client.force_login(cast.user("office_head"))
    assert "黄灯：期限前 3 个工作日内（系统设置）" in client.get(PAGE).content.decode()
    client.post(PAGE, {"place": cast.city.pk, "due_soon_days": "7", "escalate_days": ""})
    assert "黄灯：期限前 7 个工作日内</p>" in client.get(PAGE).content.decode()
    cast.city.refresh_from_db()
    assert (cast.city.due_soon_days, cast.city.escalate_days) == (7, None)


def test_a_change_is_in_the_journal_once(cast):
    for _ in range(2):
        set_lights(cast.city, cast.user("openness_officer"), 5, 2)
    entry = Entry.objects.get(action="place.lights")
    assert '"due_soon_days":5' in entry.new.replace(" ", "") and '"due_soon_days":null' in entry.old.replace(" ", "")


@pytest.mark.parametrize("days", ["-1", "61", "三", "1.5"])
def test_nonsense_is_refused_on_the_form_and_changes_nothing(client, cast, days):
    client.force_login(cast.user("office_head"))
    answer = client.post(PAGE, {"place": cast.city.pk, "due_soon_days": days, "escalate_days": "2"})
    assert answer.status_code == 422
    assert Jurisdiction.objects.get(pk=cast.city.pk).escalate_days is None


def test_another_place_is_not_ones_own(client, cast):
    client.force_login(cast.user("openness_officer"))
    assert client.post(PAGE, {"place": cast.east.pk, "due_soon_days": "5"}).status_code == 404
    with pytest.raises(NotAllowed):
        set_lights(cast.east, cast.user("openness_officer"), 5, None)
    with pytest.raises(ActionRefused):
        set_lights(cast.city, cast.user("openness_officer"), 99, None)

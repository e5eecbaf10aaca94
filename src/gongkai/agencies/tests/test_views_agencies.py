"""The directory and the decisions on unknown wordings, through the web."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gongkai.agencies.models import Agency, AgencyAlias, AgencySuggestion, CollectiveName


@pytest.fixture
def suggestion(cast):
    return AgencySuggestion.objects.create(jurisdiction=cast.city, text="市就业促进中心", context="公开就业创业政策措施。")


def decide(client, suggestion, **data):
    return client.post(reverse("agencies:decide", args=[suggestion.pk]), data)


def state(suggestion):
    suggestion.refresh_from_db()
    return suggestion.state


@pytest.mark.parametrize("name", ["list", "suggestions"])
def test_citizens_are_sent_to_the_login(client, db, name):
    assert client.get(reverse(f"agencies:{name}"))["Location"].startswith(reverse("workbench:login"))


def test_list_finds_by_name_short_name_alias_and_place(client, cast):
    AgencyAlias.objects.create(agency=cast.human, jurisdiction=cast.city, text="人力社保局")
    client.force_login(cast.drafter)
    address = reverse("agencies:list")
    for query, expected in [("人力社保", "清河市人力资源和社会保障局"), ("市发改委", "清河市发展和改革委员会")]:
        page = client.get(address, {"q": query}).content.decode()
        assert expected in page
        assert "东山县财政局" not in page
    assert "东山县财政局" in client.get(address, {"jurisdiction": cast.east.pk}).content.decode()
    for senseless in ({"jurisdiction": "x"}, {"jurisdiction": "9" * 30}, {"page": "x"}, {"q": "没有" * 40}):
        assert client.get(address, senseless).status_code == 200


def test_detail_names_people_by_role_and_what_the_agency_owes(client, cast, make_obligation):
    make_obligation()
    client.force_login(cast.drafter)
    page = client.get(reverse("agencies:detail", args=[cast.reform.pk])).content.decode()
    for words in ("周主任", "负责人", "政策法规科", "牵头或负责", f"?agency={cast.reform.pk}"):
        assert words in page
    assert client.get("/work/agencies/999999999999999999/").status_code == 404
    assert client.get("/work/agencies/99999999999999999999999/").status_code == 404


@pytest.mark.parametrize("who", ["drafter", "office_drafter", "office_head"])
def test_suggestions_are_the_openness_offices(client, cast, suggestion, who):
    client.force_login(cast.user(who))
    assert client.get(reverse("agencies:suggestions")).status_code == 404
    assert decide(client, suggestion, decision="dismiss").status_code == 404
    assert state(suggestion) == "open"


def test_another_places_office_does_not_see_it(client, cast, suggestion):
    client.force_login(cast.stranger)
    assert suggestion.text not in client.get(reverse("agencies:suggestions")).content.decode()
    assert decide(client, suggestion, decision="dismiss").status_code == 404
    assert state(suggestion) == "open"


def test_match_by_button_or_by_name(client, cast, suggestion):
    client.force_login(cast.openness_officer)
    page = client.get(reverse("agencies:suggestions")).content.decode()
    assert "“市就业促进中心”" in page
    wrong = decide(client, suggestion, decision="match", name="没有的局")
    assert wrong.status_code == 422
    assert "名录里没有“没有的局”" in wrong.content.decode()
    assert decide(client, suggestion, decision="match", agency="999999999999999999999").status_code == 422
    assert decide(client, suggestion, decision="match", name="清河市人力资源和社会保障局").status_code == 302
    assert state(suggestion) == "matched"
    assert AgencyAlias.objects.get(text="市就业促进中心").agency == cast.human
    assert (
        "已经确认过" in client.post(reverse("agencies:decide", args=[suggestion.pk]), {"decision": "dismiss"}, follow=True).content.decode()
    )


def test_create_a_new_agency(client, cast, suggestion):
    client.force_login(cast.openness_officer)
    taken = decide(client, suggestion, decision="create", name="清河市财政局", kind="department")
    assert taken.status_code == 409
    assert "不用重复登记" in taken.content.decode()
    assert decide(client, suggestion, decision="create", name="清河市就业促进中心", kind="boom").status_code == 422
    assert decide(client, suggestion, decision="create", name="清河市就业促进中心", short_name="", kind="branch").status_code == 302
    assert state(suggestion) == "created"
    assert Agency.objects.get(name="清河市就业促进中心").jurisdiction == cast.city


def test_a_collective_name(client, cast):
    suggestion = AgencySuggestion.objects.create(jurisdiction=cast.city, text="两个重点部门")
    client.force_login(cast.openness_officer)
    assert decide(client, suggestion, decision="collective", rule="explicit").status_code == 409
    members = [cast.finance.pk, cast.human.pk]
    assert decide(client, suggestion, decision="collective", rule="explicit", members=members).status_code == 302
    assert set(CollectiveName.objects.get(text="两个重点部门").members.values_list("pk", flat=True)) == set(members)


def test_dismiss_and_unknown_decisions(client, cast, suggestion):
    client.force_login(cast.openness_officer)
    assert decide(client, suggestion, decision="explode").status_code == 404
    assert decide(client, suggestion).status_code == 404
    decide(client, suggestion, decision="dismiss")
    assert state(suggestion) == "dismissed"


def test_deciding_reaches_the_drafts(client, cast, draft_plan, suggestion):
    plan = draft_plan()
    client.force_login(cast.openness_officer)
    decide(client, suggestion, decision="match", agency=cast.human.pk)
    page = client.get(reverse("plans:review", args=[plan.pk])).content.decode()
    assert "“市就业促进中心”不在机构名录里" not in page


def test_script_in_a_wording_is_text(client, cast):
    AgencySuggestion.objects.create(jurisdiction=cast.city, text="<script>alert(1)</script>", context="<img src=x onerror=alert(1)>")
    client.force_login(cast.openness_officer)
    page = client.get(reverse("agencies:suggestions"), {"text": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_queries_do_not_grow(client, cast, django_assert_max_num_queries):
    for n in range(14):
        AgencySuggestion.objects.create(jurisdiction=cast.city, text=f"未知单位{n}")
    client.force_login(cast.openness_officer)
    with django_assert_max_num_queries(22):
        client.get(reverse("agencies:suggestions"))
    with django_assert_max_num_queries(12):
        client.get(reverse("agencies:list"))

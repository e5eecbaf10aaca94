"""What the public sees: issued plans only, totals that open rows, the JSON twin, the document with its anchors, the file, comparison."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.obligations.models import Obligation
from gongkai.plans.models import Plan, Task


@pytest.fixture
def plan(issued_plan):
    plan = issued_plan()
    Obligation.objects.filter(subject_id__in=plan.tasks.values("pk")).update(document_id=plan.pk)
    return plan


def page_of(client, plan, query=""):
    return client.get(reverse("public_plans:detail", args=[plan.pk]) + query).content.decode()


def listed(page):
    return [int(pk) for pk in re.findall(r'<li id="task-(\d+)"', page)]


def test_drafts_are_not_public(client, draft_plan, plan):
    draft = draft_plan(title="还在核对的方案")
    for name in ("detail", "document", "file"):
        assert client.get(reverse(f"public_plans:{name}", args=[draft.pk])).status_code == 404
    assert client.get(reverse("public_plans:compare", args=[plan.pk, draft.pk])).status_code == 404
    page = client.get(reverse("public_plans:list")).content.decode()
    assert plan.title in page
    assert draft.title not in page


def test_not_even_for_the_office_is_a_draft_on_the_public_page(client, cast, draft_plan):
    draft = draft_plan()
    client.force_login(cast.openness_officer)
    assert client.get(reverse("public_plans:detail", args=[draft.pk])).status_code == 404


def test_the_page_shows_confirmed_tasks_with_their_words(client, plan):
    page = page_of(client, plan)
    tasks = list(plan.tasks.all())
    assert listed(page) == [t.pk for t in tasks[:3]]  # the fourth was left out in review
    assert "清河市发展和改革委员会" in page
    assert "2026-11-30" in page
    assert "一、围绕重点领域加强公开" in page
    assert f"{reverse('public_plans:document', args=[plan.pk])}#s{tasks[0].pk}" in page


def test_names_of_people_are_not_public(client, cast, plan):
    page = page_of(client, plan)
    assert not any(str(getattr(cast, who)) in page for who in ("drafter", "openness_officer", "head"))


def test_totals_open_the_rows_they_count(client, plan):
    Obligation.objects.filter(document_id=plan.pk, owner__short_name="市发改委").update(fulfilled_on="2026-02-01")
    page = page_of(client, plan)
    figures = re.findall(r'<a href="([^"?]*\?[^"]*)"[^>]*><b>(\d+)</b>', page)
    assert [int(n) for _url, n in figures] == [3, 2, 1]
    for url, n in figures:
        assert len(listed(client.get(url.replace("&amp;", "&")).content.decode())) == int(n)


def test_filters(client, cast, plan):
    tasks = list(plan.tasks.all())
    assert listed(page_of(client, plan, f"?agency={cast.finance.pk}")) == [tasks[0].pk, tasks[1].pk]  # helps with one, leads the other
    assert listed(page_of(client, plan, "?state=waived")) == []
    for senseless in ("?agency=99999999999999999999", "?agency=x", "?state=boom", "?format=exe"):
        assert len(listed(page_of(client, plan, senseless))) == 3


def test_the_json_twin_says_the_same_under_the_same_filters(client, cast, plan):
    data = client.get(reverse("public_plans:detail", args=[plan.pk]), {"format": "json", "agency": cast.finance.pk}).json()
    assert data["title"] == plan.title
    assert [t["number"] for t in data["tasks"]] == [1, 2]
    first = data["tasks"][0]
    assert first["lead"] == [{"as_written": "市发改委", "name": "清河市发展和改革委员会"}]
    assert first["source"]["text"] == plan.source_text[slice(*first["source"]["span"])] == first["text"]
    assert first["deadlines"][0]["due"] == "2026-11-30"
    assert sum(data["totals"].values()) == 2
    assert first["obligations"][0]["agency"] == "清河市发展和改革委员会"


def test_the_document_has_every_word_and_an_anchor_for_every_task(client, plan):
    page = client.get(reverse("public_plans:document", args=[plan.pk])).content.decode()
    body = page.split('<div class="prose', 1)[1]
    assert re.findall(r'id="s(\d+)"', body) == [str(t.pk) for t in plan.tasks.all()[:3]]
    assert re.search(r"<h2>.*一、围绕重点领域加强公开.*</h2>", body)
    words = re.sub(r'<a class="pin".*?</a>|<[^>]+>|\s', "", body.split("</div>", 1)[0].split(">", 1)[1])
    assert words == "".join(plan.source_text.split())


def test_the_file_is_a_download(client, plan):
    plan.source_file.save("x.txt", ContentFile(b"<script>alert(1)</script>"))
    response = client.get(reverse("public_plans:file", args=[plan.pk]))
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    plan.source_file.storage.delete(plan.source_file.name)
    assert client.get(reverse("public_plans:file", args=[plan.pk])).status_code == 404


def test_a_plan_without_its_file_says_so(client, plan):
    Plan.objects.filter(pk=plan.pk).update(source_file="")
    assert client.get(reverse("public_plans:file", args=[plan.pk])).status_code == 404


def test_a_replaced_plan_keeps_its_page_and_names_its_successor(client, plan, issued_plan):
    new = issued_plan(title="修订后的要点", supersedes=plan)
    Plan.objects.filter(pk=plan.pk).update(state="superseded")
    page = page_of(client, plan)
    assert "已被新方案代替" in page
    assert reverse("public_plans:detail", args=[new.pk]) in page


def test_compare_has_no_buttons(client, cast, plan, issued_plan):
    lower = issued_plan(jurisdiction=cast.east, title="东山县要点")
    address = reverse("public_plans:compare", args=[plan.pk, lower.pk])
    page = client.get(address).content.decode()
    assert "几乎相同" in page
    assert reverse("plans:counterpart") not in page
    assert client.get(address + "?show=unanswered").status_code == 200
    assert client.get(address + "?show=boom").status_code == 200
    assert client.get(reverse("public_plans:compare", args=[plan.pk, plan.pk])).status_code == 404


def test_script_in_a_document_is_text(client, plan):
    hostile = "<script>alert(1)</script>"
    Plan.objects.filter(pk=plan.pk).update(title=hostile, source_text=hostile * 20)
    Task.objects.filter(plan=plan).update(text=hostile, path=[hostile], channels=[hostile])
    for address in ("", "document/"):
        assert hostile not in client.get(f"/plans/{plan.pk}/{address}").content.decode()


@pytest.mark.parametrize("name", ["detail", "document"])
def test_queries_do_not_grow_with_the_tasks(client, plan, name):
    address = reverse(f"public_plans:{name}", args=[plan.pk])
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    span = {"span_start": 0, "span_end": 20}
    for n in range(20):
        Task.objects.create(plan=plan, position=1000 + n, text=f"任务 {n}", review="confirmed", **span)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 12

"""The daily heads on the portal: for anybody, without a cookie, in three forms that the verifiers read."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.journal.actions import publish_heads
from gongkai.journal.models import Head, Seal
from gongkai.journal.tests.tampering import chain
from gongkai.journal.verifying import read_heads, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(monkeypatch):
    day = timezone.now().replace(hour=4, minute=0)
    for days in (-3, -2, 0):
        monkeypatch.setattr(timezone, "now", lambda days=days: day + timedelta(days=days))
        chain(4)
    assert publish_heads() == 2
    monkeypatch.undo()


def test_it_is_open_to_all_and_sets_no_cookie(client, published):
    for url in ("/journal/", "/journal/heads.json", "/journal/heads.txt"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert not answer.cookies
        assert client.post(url).status_code == 405


def test_the_page_explains_itself_in_three_sentences(client, published):
    page = client.get("/journal/").content.decode()
    prose = page.split('<div class="prose">')[1].split("</div>")[0]
    assert prose.count("。") == 3
    for head in Head.objects.all():
        assert head.hash in page
    assert Seal.objects.get(seq=12).hash not in page  # today is not over
    assert "test.change" not in page


def test_without_heads_it_says_when_they_come(client):
    assert "第一天结束后" in client.get("/journal/").content.decode()


def test_both_files_are_what_the_verifier_reads(client, published):
    text = b"".join(client.get("/journal/heads.txt").streaming_content).decode()
    data = client.get("/journal/heads.json").content.decode()
    assert [head["seq"] for head in json.loads(data)["heads"]] == [8, 4]
    assert json.loads(data)["heads"][0]["count"] == 4
    assert read_heads(text) == read_heads(data)
    assert verify(1, read_heads(data)).ok


def test_many_days_are_paged_with_the_same_queries(client, published):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/journal/")
        return len(captured)

    few, first = queries(), Head.objects.order_by("day").first()
    for n in range(1, 130):
        Head(day=first.day - timedelta(days=n), seq=100 + n, hash="a" * 64, algorithm="sha256", count=1).save()
    assert queries() == few
    assert client.get("/journal/").context["page_obj"].paginator.num_pages == 3

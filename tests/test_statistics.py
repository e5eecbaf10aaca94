"""SQLite is told what its tables hold when they have grown, and only then."""

import pytest
from django.db import connection

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.site import statistics


@pytest.fixture
def place(db):
    return Jurisdiction.objects.create(code="990100", name="某市", short_name="某", level="city")


def more(place, first, last):
    Agency.objects.bulk_create(
        Agency(jurisdiction=place, code=f"x{n}", name=f"第{n}局", short_name=f"第{n}局", kind="department") for n in range(first, last)
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own statistics")
def test_a_table_is_looked_through_when_it_has_doubled(place, monkeypatch):
    monkeypatch.setattr(statistics, "LEAST", 20)
    more(place, 0, 40)
    assert Agency._meta.db_table in statistics.keep()
    assert statistics.keep() == []
    more(place, 40, 60)
    assert statistics.keep() == [], "half as many again change no plan"
    more(place, 60, 200)
    assert statistics.keep() == [Agency._meta.db_table]


def test_a_small_installation_is_left_alone(place):
    assert statistics.keep() == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="for the other databases")
def test_other_databases_keep_their_own(place, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(statistics, "LEAST", 0)
    with django_assert_num_queries(0):
        assert statistics.keep() == []

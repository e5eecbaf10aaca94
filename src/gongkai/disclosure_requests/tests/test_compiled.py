"""A statement written once gives what its query set gives, for every number it is asked with."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from gongkai.agencies.models import Membership, User
from gongkai.disclosure_requests.models import Deed
from gongkai.twins.compiled import FIRST, GIVEN, MOST, Compiled

pytestmark = pytest.mark.django_db


def test_it_gives_the_rows_of_the_number_that_is_given(cast: Any, django_assert_num_queries: Any) -> None:
    def rows(user: int) -> QuerySet[Membership]:
        return Membership.objects.filter(user=user).select_related("agency__jurisdiction").order_by("pk")

    kept = Compiled(rows(GIVEN))
    for user in (cast.drafter, cast.head, cast.citizen):
        with django_assert_num_queries(1):
            found = [(row, row.agency.jurisdiction.name) for row in kept(user.pk)]
        assert found == [(row, row.agency.jurisdiction.name) for row in rows(user.pk)]


def test_several_numbers_and_a_slice(cast: Any) -> None:
    two = Compiled(User.objects.filter(pk__in=[GIVEN, GIVEN + 1]).order_by("pk").values_list("pk", flat=True))
    assert two(cast.head.pk, cast.drafter.pk) == sorted([cast.head.pk, cast.drafter.pk])
    everybody = list(User.objects.order_by("pk").values_list("pk", flat=True))
    some = Compiled(User.objects.order_by("pk").values_list("pk", flat=True)[FIRST : FIRST + MOST])
    assert some(first=1, most=2) == everybody[1:3]


def test_a_column_of_positive_numbers_is_asked_too(cast: Any) -> None:
    assert Compiled(Deed.objects.filter(request_id=GIVEN))._sql

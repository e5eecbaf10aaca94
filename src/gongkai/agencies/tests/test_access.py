"""The scope rule: what each of the cast sees and may do, by every function that hands something out."""

from __future__ import annotations

import pytest
from django.http import Http404

from gongkai.agencies import access
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import AgencySuggestion, Membership

EVERYBODY = [
    "drafter",
    "reviewer",
    "secrecy_reviewer",
    "head",
    "openness_officer",
    "openness_colleague",
    "office_drafter",
    "office_head",
    "other_officer",
    "other_head",
    "county_officer",
    "county_drafter",
    "stranger",
    "nobody",
    "citizen",
]
OFFICE = {"openness_officer", "openness_colleague"}


@pytest.mark.parametrize("who", EVERYBODY)
def test_scope(cast, who):
    scope = access.scope_of(cast.user(who))
    assert scope.is_office_of(cast.city.pk) == (who in OFFICE)
    assert scope.is_office_of(cast.east.pk) == (who == "county_officer")
    assert scope.acts_for(cast.reform.pk) == (who in {"drafter", "reviewer", "head"})
    assert scope.heads(cast.reform.pk) == (who == "head")
    assert scope.directs(cast.reform.pk) == (who in {"head", "reviewer"})
    assert scope.heads_competent_agency_of(cast.city.pk) == (who == "office_head")
    assert scope.is_staff_member == (who not in {"nobody", "citizen"})


def test_the_office_reads_all_that_lies_below(cast):
    assert access.scope_of(cast.user("openness_officer")).seen_ids == {cast.city.pk, cast.east.pk, cast.west.pk}
    assert access.scope_of(cast.user("county_officer")).seen_ids == {cast.east.pk}
    assert access.scope_of(cast.user("drafter")).seen_ids == frozenset()


def test_the_office_role_counts_only_at_the_competent_agency(cast):
    Membership.objects.create(user=cast.nobody, agency=cast.finance, role="openness_office")
    assert access.scope_of(cast.user("nobody")).office_ids == frozenset()


def test_an_account_switched_off_has_no_scope(cast):
    cast.openness_officer.is_active = False
    cast.openness_officer.save()
    assert not access.scope_of(cast.user("openness_officer")).is_staff_member


def test_superuser_and_staff_flags_give_nothing(cast):
    cast.nobody.is_superuser = cast.nobody.is_staff = True
    cast.nobody.save()
    assert access.scope_of(cast.user("nobody")) == access.Scope()


def test_scope_is_read_once_a_request(cast, django_assert_num_queries):
    user = cast.user("openness_officer")
    with django_assert_num_queries(2):
        access.scope_of(user)
        access.scope_of(user)
    with django_assert_num_queries(0):
        access.scope_of(cast.citizen)


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_directory_is_for_staff(cast, who):
    user = cast.user(who)
    if who in {"nobody", "citizen"}:
        with pytest.raises(Http404):
            access.access_agency(user, cast.reform.pk)
    else:
        assert access.access_agency(user, cast.reform.pk) == cast.reform


@pytest.mark.parametrize("who", EVERYBODY)
def test_suggestions_are_for_the_office_of_the_place(cast, who):
    suggestion = AgencySuggestion.objects.create(jurisdiction=cast.city, text="市就业促进中心")
    user = cast.user(who)
    if who in OFFICE:
        assert access.access_suggestion(user, suggestion.pk) == suggestion
    else:
        with pytest.raises(Http404):
            access.access_suggestion(user, suggestion.pk)


def test_missing_and_out_of_scope_look_the_same(cast):
    suggestion = AgencySuggestion.objects.create(jurisdiction=cast.east, text="县城投公司")
    for pk in (suggestion.pk, 10**9):
        with pytest.raises(Http404) as error:
            access.access_suggestion(cast.user("openness_officer"), pk)
        assert str(error.value) == "没有这个待确认单位，或者不在您的范围内"


@pytest.mark.parametrize("who", EVERYBODY)
def test_require_office(cast, who):
    if who in OFFICE:
        access.require_office(cast.user(who), cast.city.pk, "登记机构")
    else:
        with pytest.raises(NotAllowed, match="主管部门"):
            access.require_office(cast.user(who), cast.city.pk, "登记机构")


def test_reach(cast):
    access.require_reach(cast.city.pk, [cast.reform, cast.east_finance])
    access.require_reach(cast.east.pk, [cast.finance, cast.east_finance])
    with pytest.raises(ActionRefused, match="远山市"):
        access.require_reach(cast.city.pk, [cast.elsewhere_office])
    with pytest.raises(ActionRefused, match="西河区"):
        access.require_reach(cast.east.pk, [cast.west_government])

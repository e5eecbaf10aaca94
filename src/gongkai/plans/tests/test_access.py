"""Drafts are their office's alone; issued plans are public."""

from __future__ import annotations

import pytest
from django.http import Http404

from gongkai.agencies.tests.test_access import EVERYBODY, OFFICE
from gongkai.plans import access
from gongkai.plans.models import Plan


@pytest.mark.parametrize("who", EVERYBODY)
def test_drafts(cast, draft_plan, who):
    plan, user = draft_plan(), cast.user(who)
    task = plan.tasks.first()
    doors = [
        (access.access_plan, (plan.pk,)),
        (access.access_draft, (plan.pk,)),
        (access.access_draft_task, (plan.pk, task.pk)),
        (access.access_task, (task.pk,)),
    ]
    for door, args in doors:
        if who in OFFICE:
            door(user, *args)
        else:
            with pytest.raises(Http404):
                door(user, *args)
    assert access.plans_for(user).exists() == (who in OFFICE)
    with pytest.raises(Http404):
        access.access_public_plan(plan.pk)


@pytest.mark.parametrize("who", EVERYBODY)
def test_issued_plans_are_public(cast, issued_plan, who):
    plan, user = issued_plan(), cast.user(who)
    assert access.access_plan(user, plan.pk) == plan
    assert access.access_public_plan(plan.pk) == plan
    assert access.access_task(user, plan.tasks.first().pk)
    excluded = plan.tasks.get(review="not_a_task")
    for door, args in (
        (access.access_draft, (plan.pk,)),
        (access.access_draft_task, (plan.pk, plan.tasks.first().pk)),
        (access.access_task, (excluded.pk,)),
    ):
        with pytest.raises(Http404):
            door(user, *args)


def test_a_task_is_reached_through_its_own_plan_only(cast, draft_plan):
    mine, other = draft_plan(), draft_plan()
    with pytest.raises(Http404):
        access.access_draft_task(cast.user("openness_officer"), mine.pk, other.tasks.first().pk)


def test_a_superseded_plan_keeps_its_page(cast, issued_plan):
    plan = issued_plan()
    Plan.objects.filter(pk=plan.pk).update(state="superseded")
    assert access.access_public_plan(plan.pk) == plan


def test_the_county_does_not_see_the_drafts_of_the_city_nor_the_city_those_of_the_county(cast, draft_plan):
    city, county = draft_plan(), draft_plan(jurisdiction=cast.east)
    assert set(access.drafts_for(cast.user("openness_officer"))) == {city}
    assert set(access.drafts_for(cast.user("county_officer"))) == {county}

"""Out of scope is 404 by every door: the obligation, its files."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.utils import timezone

from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.obligations import access
from gongkai.obligations.models import Step, StepFile

SEES = {
    "drafter",
    "reviewer",
    "secrecy_reviewer",
    "head",
    "other_officer",
    "other_head",
    "openness_officer",
    "openness_colleague",
    "office_head",
}


@pytest.fixture
def obligation(cast, make_obligation):
    return make_obligation(helpers=(cast.finance,))


@pytest.fixture
def stored(cast, obligation):
    step = Step.objects.create(obligation=obligation, kind="progress", actor=cast.drafter, at=timezone.now(), text="进展", key="k")
    row = StepFile(step=step, name="quarter-report.txt", content_type="text/plain", size=2, sha256="0" * 64)
    row.file.save("quarter-report.txt", ContentFile(b"ok"))
    return row


@pytest.mark.parametrize("who", EVERYBODY)
def test_obligation_and_file_open_to_the_same_people(cast, obligation, stored, who):
    user = cast.user(who)
    if who in SEES:
        assert access.access_obligation(user, obligation.pk) == obligation
        assert access.access_step_file(user, stored.pk) == stored
        return
    for door, pk in ((access.access_obligation, obligation.pk), (access.access_step_file, stored.pk)):
        with pytest.raises(Http404):
            door(user, pk)


def test_missing_and_out_of_scope_look_the_same(cast, make_obligation):
    hidden = make_obligation(owner=cast.east_finance)
    said = set()
    for pk in (hidden.pk, 10**9):
        with pytest.raises(Http404) as error:
            access.access_obligation(cast.user("drafter"), pk)
        said.add(str(error.value))
    assert len(said) == 1


def test_the_page_costs_the_same_for_many_steps(cast, obligation, stored, django_assert_num_queries):
    for n in range(20):
        Step.objects.create(obligation=obligation, kind="progress", actor=cast.drafter, at=timezone.now(), text="进展", key=f"k{n}")
    user = cast.user("drafter")
    with django_assert_num_queries(9):
        found = access.access_obligation(user, obligation.pk)
        assert [h.agency.name for h in found.helpers.all()]
        assert sum(len(s.files.all()) for s in found.steps.all()) == 1
        assert {s.actor.username for s in found.steps.all()} == {"drafter"}


def test_the_path_on_disk_is_our_own(stored):
    assert stored.file.name.startswith("steps/")
    assert "quarter" not in stored.file.name
    assert stored.file.name.endswith(".txt")

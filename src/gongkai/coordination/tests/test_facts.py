"""What the law hears of checks: an inspection that found problems is followed up by the competent department (条例第四十七条)."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.coordination.actions import checking
from gongkai.obligations.models import Obligation
from gongkai.obligations.switching import install


@pytest.fixture
def finished(cast, key):
    def finish(result):
        officer = cast.user("openness_officer")
        check = checking.start(cast.reform, officer, key=key(), kind="inspection", title="专项督查", rules="inspection")
        if not check.points.exists():
            checking.add_point(check, officer, key=key(), text="栏目是否更新")
        for point in check.points.all():
            checking.record(point, officer, key=key(), result=result, finding="空白栏目" if result == "failed" else "")
        return checking.finish(check, officer, key=key(), summary="已查完")

    return finish


def test_problems_are_followed_up_with_the_checked_agency_beside(cast, finished):
    install(cast.city, None, date(2026, 1, 5))
    check = finished("failed")
    duty = Obligation.objects.get(source="statute", rule="inspection.follow_up")
    assert (duty.owner, duty.subject_id, duty.title) == (cast.office, check.pk, "督促整改并通报：专项督查")
    assert [helper.agency for helper in duty.helpers.all()] == [cast.reform] and duty.due_on is None


@pytest.mark.parametrize(("result", "in_use"), [("passed", True), ("failed", False)])
def test_no_problems_or_no_rule_no_duty(cast, finished, result, in_use):
    if in_use:
        install(cast.city, None, date(2026, 1, 5))
    finished(result)
    assert not Obligation.objects.filter(source="statute", rule="inspection.follow_up").exists()

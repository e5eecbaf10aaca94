"""The fixed cast itself stands."""

from gongkai.agencies.models import Agency


def test_the_cast_stands(cast, issued_plan):
    assert Agency.objects.get(jurisdiction=cast.city, is_competent=True) == cast.office
    plan = issued_plan()
    assert plan.tasks.count() == 4
    assert cast.user("drafter").memberships.get().agency == cast.reform

"""A guide that lacks, was never confirmed or has grown old is owed; confirming it proves the duty; growing old opens it again (S2-12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.agencies import guides, profiles
from gongkai.agencies.models import AgencyProfile
from gongkai.agencies.tests.test_profiles import WHOLE
from gongkai.obligations.models import Obligation
from gongkai.obligations.switching import install
from gongkai.portal.platform import duties


@pytest.fixture
def in_use(cast):
    install(cast.city, None, timezone.localdate() - timedelta(10))
    return cast.city


def owed(agency):
    return Obligation.objects.get(rule=duties.GUIDE, owner=agency)


def test_a_guide_that_is_not_in_order_is_owed_once(cast, in_use):
    for _ in range(2):
        duties.tick()
    duty = owed(cast.reform)
    assert duty.fulfilled_on is None and duty.due_on > timezone.localdate()
    assert not Obligation.objects.filter(rule=duties.GUIDE, owner=cast.east_finance).exists(), "the rule is not in use there"


def test_confirming_proves_it_and_growing_old_opens_it_again(cast, in_use):
    duties.tick()
    profiles.save_profile(cast.reform, cast.drafter, WHOLE)
    assert owed(cast.reform).fulfilled_on is None, "saved is not confirmed"
    profiles.confirm(cast.reform, cast.head)
    assert owed(cast.reform).fulfilled_on == timezone.localdate()
    AgencyProfile.objects.update(confirmed_on=timezone.localdate() - timedelta(guides.confirm_days() + 1))
    duties.tick()
    assert owed(cast.reform).fulfilled_on is None
    profiles.confirm(cast.reform, cast.head)
    assert owed(cast.reform).fulfilled_on is not None
    duties.tick()
    assert owed(cast.reform).fulfilled_on is not None

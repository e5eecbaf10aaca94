"""机构改革: what is open is answered by whoever goes on with the work, what is closed stays in its name and is kept by the heir."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import reorganising
from gongkai.agencies.models import Agency, User
from gongkai.agencies.reorganising import NewAgency, Order
from gongkai.conftest import Cast
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import assigning, filing
from gongkai.disclosure_requests.models import Deed, DisclosureRequest
from gongkai.disclosure_requests.tests.cases import accepted, received

pytestmark = pytest.mark.django_db


def merged(cast: Cast) -> Agency:
    order = Order(cast.user("openness_officer"), filing.new_key()[:40], timezone.localdate() - timedelta(1), "清河市机构改革方案")
    outcome = reorganising.merge_agencies([cast.reform], NewAgency("清河市发展改革和粮食局"), order)
    assert "没有答复的公开申请、更正和工作建议 2 件" in outcome.sentence
    (heir,) = outcome.agencies
    return heir


def now(user: Any) -> User:
    """The person as at the next request: what a request keeps of him is read anew."""
    return User.objects.get(pk=user.pk)


def test_open_cases_go_with_their_duty_and_closed_ones_are_kept_by_the_heir(cast: Cast, client: Client) -> None:
    case, new, done = accepted(cast), received(cast), accepted(cast)
    due = case.obligation.due_on if case.obligation else None
    DisclosureRequest.objects.filter(pk=done.pk).update(closed_on=timezone.localdate(), outcome="open")
    heir = merged(cast)
    for row in (case, new):
        row = DisclosureRequest.objects.get(pk=row.pk)
        assert row.obligation is not None
        assert (row.agency, row.obligation.owner, row.obligation.due_on) == (heir, heir, due), "the days go on as they ran"
    deed = Deed.objects.get(request_id=case.pk, kind=Deed.Kind.TRANSFERRED)
    assert heir.display_name in deed.text
    assert DisclosureRequest.objects.get(pk=done.pk).agency == cast.reform
    drafter = now(cast.drafter)
    assert access.scope_of(drafter).agency_ids == {heir.pk}
    client.force_login(drafter)
    for row in (case, new, done):
        assert client.get(reverse("request_cases:case", args=[row.pk])).status_code == 200
    listed = client.get(reverse("request_cases:queue"), {"tab": "all"}).content.decode()
    assert all(row.number in listed for row in (case, new, done))


def test_the_heir_works_on_and_nobody_else_comes_in(cast: Cast) -> None:
    case, _new = accepted(cast), received(cast)
    merged(cast)
    case = DisclosureRequest.objects.get(pk=case.pk)
    drafter, other = now(cast.drafter), now(cast.other_officer)
    assert drafter in assigning.handlers(case)
    assert access.handles(drafter, case)
    with pytest.raises(Http404):
        access.access_request(other, case.pk)

"""机构改革: what an agency published stays under its name and is amended by the people of whoever took over (条例第十条)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import reorganising
from gongkai.agencies.models import User
from gongkai.agencies.reorganising import NewAgency, Order
from gongkai.conftest import Cast
from gongkai.publications import access
from gongkai.publications.actions import drafting
from gongkai.publications.reviewing import workflow
from gongkai.publications.tests.making import live

pytestmark = pytest.mark.django_db


def test_the_heir_amends_reviews_and_reads(cast: Cast, client: Client) -> None:
    edition = live(cast.reform, cast.drafter, title="粮食储备办法")
    order = Order(cast.user("openness_officer"), "heirs", timezone.localdate() - timedelta(1), "清河市机构改革方案")
    (heir,) = reorganising.merge_agencies([cast.reform], NewAgency("清河市发展改革和粮食局"), order).agencies
    drafter, reviewer, other = (User.objects.get(pk=user.pk) for user in (cast.drafter, cast.reviewer, cast.other_officer))
    document = access.access_document(drafter, edition.document_id)
    assert document.agency == cast.reform, "what it made stays its own"
    assert [agency.pk for agency in access.agencies_of(drafter)] == [heir.pk], "nothing new is written in the name of an agency that ended"
    amended = drafting.begin_edition(document, drafter, key="heirs:1", change="major", note="机构改革")
    step = next(step for step in workflow.steps_for(amended) if step.role == "reviewer")
    assert workflow.holds(step, document, reviewer)
    assert not workflow.holds(step, document, cast.user("openness_officer")), "somebody has the role, so that nobody stands in"
    client.force_login(drafter)
    assert client.get(reverse("drafting:document", args=[document.pk])).status_code == 200
    with pytest.raises(Http404):
        access.access_document(other, document.pk)

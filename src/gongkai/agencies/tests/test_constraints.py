"""The database itself refuses what must never be, by whatever road it comes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from gongkai.agencies.models import Agency, AgencyAlias, AgencySuggestion, CollectiveName, Jurisdiction, Membership, Section


def refused(deed):
    with pytest.raises(IntegrityError), transaction.atomic():
        deed()


def test_jurisdictions(cast):
    refused(lambda: Jurisdiction.objects.create(code=cast.city.code, name="另一市", level="city"))
    refused(lambda: Jurisdiction.objects.filter(pk=cast.city.pk).update(valid_from=date(2020, 1, 1), valid_to=date(2019, 1, 1)))
    refused(lambda: Jurisdiction.objects.filter(pk=cast.city.pk).update(parent=F("pk")))


def test_agencies(cast):
    refused(lambda: Agency.objects.create(jurisdiction=cast.city, code="x", name=cast.reform.name))
    refused(lambda: Agency.objects.create(jurisdiction=cast.city, code=cast.reform.code, name="清河市某局"))
    refused(lambda: Agency.objects.create(jurisdiction=cast.city, code="x", name=""))
    refused(lambda: Agency.objects.filter(pk=cast.reform.pk).update(is_competent=True))
    refused(lambda: Agency.objects.filter(pk=cast.reform.pk).update(successor=F("pk")))
    refused(lambda: Agency.objects.filter(pk=cast.reform.pk).update(parent=F("pk")))
    refused(lambda: Agency.objects.filter(pk=cast.reform.pk).update(valid_from=date(2020, 1, 1), valid_to=date(2019, 1, 1)))
    Agency.objects.filter(pk=cast.reform.pk).update(valid_to=date(2019, 1, 1))
    Agency.objects.create(jurisdiction=cast.city, code="x", name=cast.reform.name)  # a later body of the same name


def test_names(cast):
    AgencyAlias.objects.create(agency=cast.reform, jurisdiction=cast.city, text="市计委")
    refused(lambda: AgencyAlias.objects.create(agency=cast.finance, jurisdiction=cast.city, text="市计委"))
    refused(lambda: AgencyAlias.objects.create(agency=cast.finance, jurisdiction=cast.city, text=""))
    AgencyAlias.objects.create(agency=cast.east_finance, jurisdiction=cast.east, text="市计委")
    refused(lambda: Section.objects.create(agency=cast.reform, name=cast.section.name))
    CollectiveName.objects.create(jurisdiction=cast.city, text="各部门", rule="departments")
    refused(lambda: CollectiveName.objects.create(jurisdiction=cast.city, text="各部门", rule="everyone"))
    refused(lambda: Membership.objects.create(user=cast.drafter, agency=cast.reform, role="drafter"))


def test_suggestions(cast):
    suggestion = AgencySuggestion.objects.create(jurisdiction=cast.city, text="甲")
    rows = AgencySuggestion.objects.filter(pk=suggestion.pk)
    refused(lambda: AgencySuggestion.objects.create(jurisdiction=cast.city, text="甲"))
    refused(lambda: rows.update(state="dismissed"))
    refused(lambda: rows.update(decided_at=timezone.now()))
    refused(lambda: rows.update(state="matched", decided_at=timezone.now()))
    rows.update(state="matched", decided_at=timezone.now(), agency=cast.reform)

"""Where one asks an agency on the net, for the pages of other apps."""

from __future__ import annotations

from django.urls import reverse

from gongkai.agencies import guides
from gongkai.agencies.models import Agency


def entries(agency: Agency) -> list[str]:
    """The address of the form's first page for an agency that answers requests, none for another. No query."""
    return [f"{reverse('requests:start')}?agency={agency.code}"] if agency.kind in guides.rules().kinds else []

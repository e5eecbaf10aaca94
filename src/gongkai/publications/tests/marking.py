"""Documents in force and rules of law in use, for the tests of validity."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.obligations.models import RuleSwitch
from gongkai.publications.models import Document
from gongkai.publications.tests import making


def key() -> str:
    return str(uuid.uuid4())


def normative(cast: Any, *, agency: Any = None, author: Any = None, kind: str = "normative", **content: Any) -> Document:
    """A normative document that the public sees, in force since 2024."""
    values = {"issued_on": date(2023, 12, 20), "effective_on": date(2024, 1, 1), "doc_number": ""} | content
    return making.live(agency or cast.reform, author or cast.drafter, kind=kind, **values).document


def in_use(cast: Any, *rules: str) -> None:
    """Puts rules of law into use in the city."""
    for rule in rules:
        RuleSwitch.objects.create(jurisdiction=cast.city, rule=rule, on=True, since=date(2008, 5, 1), values={}, decided_at=timezone.now())


def withheld(cast: Any, **content: Any) -> Document:
    """An information that was decided not to be opened, announced as such."""
    values = {"attribute": "withheld", "ground": "third_party", "ground_words": "涉及商业秘密"} | content
    edition = making.live(cast.reform, cast.drafter, **values)
    making.passed(edition, cast.reviewer)
    return edition.document

"""The citizen's form as a browser sends it, for the tests of the public pages."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import altcha
from django.test import Client
from django.urls import reverse

from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.actions import filing
from gongkai.disclosure_requests.public import gate
from gongkai.disclosure_requests.tests.cases import ID_CARD, picture


def solution(told: dict[str, Any] | None = None) -> str:
    """The answer to a challenge, as the widget puts it into the form."""
    told = told or gate.challenge()
    found = altcha.solve_challenge(told["challenge"], told["salt"], told["algorithm"], told["maxNumber"], 0)
    assert found is not None
    answer = {name: told[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": found.number}
    return base64.b64encode(json.dumps(answer).encode()).decode()


def filled(**changes: Any) -> dict[str, Any]:
    """A natural person's form, complete, with its proof of work; None takes a field out."""
    values: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "kind": "natural",
        "name": "赵申请",
        "identity_kind": "id_card",
        "identity_number": ID_CARD,
        "identity_files": [picture()],
        "phone": "13800138000",
        "description": "请公开2025年清河市重大建设项目批准结果的清单。",
        "form": "electronic",
        "route": "online",
        "consent": "on",
        "altcha": "",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def send(client: Client, agency: Agency, **changes: Any) -> Any:
    return client.post(reverse("requests:form", args=[agency.code]), filled(**changes))


def enter(client: Client, done: filing.Filed) -> Any:
    """Number and code at the progress page."""
    return client.post(reverse("requests:progress"), {"number": done.request.number, "code": done.code})

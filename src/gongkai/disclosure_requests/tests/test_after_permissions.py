"""Every address of what follows a reply, of privacy and of statistics × every person, written out (architecture invariant 5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import archiving, contesting, correcting, frequent, opening, replying, serving, suggesting
from gongkai.disclosure_requests.after import urls as after
from gongkai.disclosure_requests.privacy import urls as privacy
from gongkai.disclosure_requests.statistics import urls as statistics
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.disclosure_requests.tests.test_replying import reviewed

REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
FINANCE = {"other_officer", "other_head"}
CITY = {"openness_officer", "openness_colleague"}
STAFF = REFORM | FINANCE | CITY | {"office_drafter", "office_head", "county_officer", "county_drafter", "stranger"}
PERSONS = [*sorted(STAFF), "nobody", "citizen"]
ACTING = STAFF - {"secrecy_reviewer"}
LOOKING = CITY | {"head", "other_head", "office_head", "county_officer", "stranger"}
"""Heads see who looked at their agency; openness offices at their place."""

READ: dict[str, set[str]] = {
    **dict.fromkeys(("after", "corrections", "remedies", "suggestions", "proposals", "answers"), STAFF),
    **dict.fromkeys(("privacy", "assessments", "statistics", "statistics_rows", "statistics_export"), STAFF),
    **dict.fromkeys(("new_correction", "new_suggestion", "new_answer", "new_assessment"), ACTING),
    **dict.fromkeys(("correction", "remedy", "new_remedy", "proposal", "answer"), REFORM),
    "correction_letter": REFORM - {"secrecy_reviewer"},
    "suggestion": REFORM | FINANCE,
    "looks": LOOKING,
}
WRITE: dict[str, dict[str, int]] = {
    "archive": {**dict.fromkeys(REFORM, 302), "secrecy_reviewer": 403},
    "package": dict.fromkeys(REFORM - {"secrecy_reviewer"}, 200),
    "correction": {**dict.fromkeys(REFORM, 422)},
    "remedy": {**dict.fromkeys(REFORM, 422)},
    "suggestion": dict.fromkeys(REFORM | FINANCE, 422),
    "proposal": dict.fromkeys(REFORM, 422),
}


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    today = timezone.localdate()
    case = accepted(cast)
    serving.send_reply(replying.sign(reviewed(cast, case), cast.head, key="sign"), cast.drafter, key="send")
    case.refresh_from_db()
    told = {"applicant": "孙三", "record": "地址", "claim": "写错了", "received_on": today}
    answered = correcting.register(cast.reform, cast.drafter, key="c2", **told)
    correcting.answer(answered, cast.drafter, key="a2", result="refused", words="没有证据", answered_on=today)
    remedy = contesting.file(case, cast.drafter, key="f", kind="suit", organ="清河区人民法院", filed_on=today)
    archiving.archive(case, cast.drafter, key="p")
    return {
        "correction": [correcting.register(cast.reform, cast.drafter, key="c", **told).pk],
        "correction_letter": [answered.pk, "docx"],
        "remedy": [remedy.pk, "conclude"],
        "new_remedy": [case.pk],
        "suggestion": [suggesting.suggest(cast.reform, cast.drafter, key="s", to=cast.finance, problem="问题", advice="建议").pk],
        "proposal": [opening.propose(cast.reform, cast.drafter, key="o", subject="清单", requests=[case]).pk],
        "answer": [frequent.draft(cast.reform, cast.drafter, key="q", question="问", answer="答").pk],
        "archive": [case.pk],
        "package": [case.pk],
        "statistics_export": ["csv"],
    }


def test_every_address_is_in_the_table() -> None:
    names = {str(pattern.name) for module in (after, privacy, statistics) for pattern in module.urlpatterns}
    assert names == set(READ) | set(WRITE)


def test_who_reads(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    found, wanted = {}, {}
    for person in PERSONS:
        client.logout()
        if person != "citizen":
            client.force_login(cast.user(person))
        for name, who in READ.items():
            address = reverse(f"request_cases:{name}", args=made.get(name, [])) + ("?what=received" if name == "statistics_rows" else "")
            found[name, person] = client.get(address).status_code
            wanted[name, person] = {"citizen": 302, "nobody": 403}.get(person, 200 if person in who else 404)
    assert {k: v for k, v in found.items() if v != wanted[k]} == {}


def test_who_writes(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    found, wanted = {}, {}
    for person in PERSONS:
        client.logout()
        if person != "citizen":
            client.force_login(cast.user(person))
        for name, who in WRITE.items():
            found[name, person] = client.post(reverse(f"request_cases:{name}", args=made[name]), {}).status_code
            wanted[name, person] = {"citizen": 302, "nobody": 403}.get(person, who.get(person, 404))
    assert {k: v for k, v in found.items() if v != wanted[k]} == {}

"""Every address × every person: nobody reaches by typing what the lists do not offer him (architecture invariant 5).

The table is written out, not computed by the code under test. A new address fails the first test until somebody has decided who may
open it. The addresses of `OWN_TABLE` have tables of their own in the tests of their apps.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongkai.agencies.models import AgencySuggestion, Leader
from gongkai.conftest import *  # noqa: F403
from gongkai.conftest import PEOPLE, Cast
from gongkai.obligations import actions as work
from gongkai.obligations.models import Obligation, StepFile
from gongkai.plans.models import Plan
from gongkai.reminders.models import Message

OWN_TABLE = {"coordination", "instructions", "catalogue", "catalogue_keeping", "catalogue_kept", "catalogue_public"}
OWN_TABLE |= {"platform", "directory", "columns"}  # portal/tests/test_platform.py
OWN_TABLE |= {"drafting", "reviewing", "screening", "validity", "topics", "documents"}
OWN_TABLE |= {"channels", "channels_public"}
OWN_TABLE |= {"reports", "reports_public"}  # reports/tests/test_pages.py
OWN_TABLE |= {"requests"}  # disclosure_requests/tests/test_public_pages.py
OWN_TABLE |= {"request_cases"}  # disclosure_requests/tests/test_permissions.py and those of its rooms
STAFF = frozenset(PEOPLE)
EVERYBODY = STAFF | {"citizen", "nobody"}
CITY_OFFICE = {"openness_officer", "openness_colleague"}
OFFICES = CITY_OFFICE | {"county_officer", "stranger"}
REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
WORKING = REFORM - {"secrecy_reviewer"}
FINANCE = {"other_officer", "other_head"}


class Rule(NamedTuple):
    """`who` get `yes`, all other staff `no`; citizens are sent to the login and accounts without a post refused, unless `open`."""

    who: frozenset[str] | set[str] = STAFF
    yes: int = 200
    no: int = 404
    also: dict[str, int] = {}
    open: bool = False

    def expected(self, person: str) -> int:
        if person == "citizen" and not self.open:
            return 302
        if person == "nobody" and not self.open:
            return 403
        return self.also.get(person, self.yes if person in self.who else self.no)


ALL, NONE, PUBLIC = Rule(), Rule(frozenset()), Rule(EVERYBODY, open=True)
NOBODY_PUBLIC = Rule(frozenset(), open=True)
OFFICE = Rule(CITY_OFFICE)
DEED = Rule(CITY_OFFICE, 302)
SEE_OWN = Rule(REFORM | CITY_OFFICE | {"office_head"})
"""Who sees what 市发改委 has in an issued plan: its own people, the office of the city, the head who may waive."""
SEE_DUTY = Rule(SEE_OWN.who | FINANCE)
"""The same, and 市财政局 which helps with the duty."""

READ: dict[str, Rule] = {
    **dict.fromkeys(
        ("portal:home", "portal:agencies", "portal:sitemap", "portal:sitemap_xml", "portal:suggest", "portal:opensearch"), PUBLIC
    ),
    **dict.fromkeys(("portal:search", "portal:search_json"), PUBLIC),
    "portal:agencies_json": PUBLIC,
    **dict.fromkeys(("portal:robots", "portal:accessibility", "public_plans:list"), PUBLIC),
    "portal:favicon": PUBLIC._replace(yes=302),
    **dict.fromkeys(("portal:site_css", "portal:site_svg", "portal:site_checks", "portal:site_checks_json"), PUBLIC),
    "portal:sitemap_part": PUBLIC,
    "portal:feed": NOBODY_PUBLIC,  # as xlsx, which it is not; as Atom and JSON everybody's (portal/tests/test_feeds.py)
    **dict.fromkeys(("journal:heads", "journal:heads_json", "journal:heads_txt"), PUBLIC),
    **dict.fromkeys(("workbench:journal", "workbench:journal_export"), Rule(OFFICES, no=403)),
    **{f"public_plans:{page} issued": PUBLIC for page in ("detail", "document", "file", "compare")},
    **{f"public_plans:{page} draft": NOBODY_PUBLIC for page in ("detail", "document", "file", "compare")},
    "portal:accountability": PUBLIC,
    "portal:accountability_agency": PUBLIC,
    "portal:accountability_plan issued": PUBLIC,
    "portal:accountability_plan draft": NOBODY_PUBLIC,
    "rollup:page": ALL,
    "place_settings:place": Rule(OFFICES | {"office_head"}),
    "obligations:duplicates": ALL,
    "rollup:export": ALL,
    **dict.fromkeys(("workbench:home", "workbench:deadline", "workbench:calendar"), ALL),
    "plans:list": ALL,
    "plans:import": Rule(OFFICES, no=403),
    "plans:compare": ALL,
    **{f"plans:{page} issued": ALL for page in ("detail", "export", "matrix")},
    **{f"plans:{page} draft": OFFICE for page in ("detail", "export", "matrix", "review", "issue")},
    **{f"plans:{page} issued": Rule(yes=302) for page in ("review", "issue")},  # what is issued is shown, not reviewed
    **{f"plans:diff {state}": NONE for state in ("issued", "draft")},  # neither replaces another plan
    "plans:own_list issued": Rule(also=dict.fromkeys(REFORM | FINANCE, 302)),  # straight to the only part one may see
    "plans:event": NONE,  # the duty of the table has a date of its own
    "plans:own issued": SEE_OWN,
    "plans:own_export issued": SEE_OWN,
    **{f"plans:{page} draft": NONE for page in ("own_list", "own", "own_export")},
    "obligations:ledger": ALL,
    "obligations:export": ALL,
    "obligations:detail": SEE_DUTY,
    "obligations:file": SEE_DUTY,
    "obligations:clock": SEE_DUTY,
    "obligations:choose_many": Rule(OFFICES | {"head", "office_head", "other_head"}, no=403),
    "rules:list": ALL,
    "rules:detail": ALL,
    "reminders:home": ALL,
    "reminders:outbox": Rule(OFFICES, no=403),
    "pushes:log": Rule(OFFICES, no=403),
    "feeds:calendar": NOBODY_PUBLIC,  # an address that was never given out
    "agencies:list": ALL,
    "agencies:detail": ALL,
    "agencies:suggestions": Rule(OFFICES),
    "agencies:reorganise": Rule(CITY_OFFICE, no=403),
    "agencies:profile": Rule(CITY_OFFICE | WORKING, no=403),
    "agencies:guide_checks": Rule(OFFICES | {"office_head"}),
    "agencies:guide_texts": OFFICE,
    "obligations:hand_over": Rule(CITY_OFFICE, 200, 404, dict.fromkeys(SEE_DUTY.who - CITY_OFFICE, 403)),
    "obligations:hand_over_all": Rule(CITY_OFFICE, no=403),
}
"""Address → who reads it."""

WRITE: dict[str, Rule] = {
    **{f"plans:{verb} draft": DEED for verb in ("accept_all", "assign_unnamed", "task_verb", "resolve", "discard")},
    "plans:add_task draft": Rule(CITY_OFFICE, 422),  # an empty form
    "plans:issue draft": Rule(CITY_OFFICE, 409),  # not reviewed yet
    **{f"plans:{verb} issued": NONE for verb in ("accept_all", "assign_unnamed", "task_verb", "resolve", "add_task", "discard")},
    "plans:issue issued": Rule(yes=302),  # shown what is issued; nothing happens
    "plans:import": Rule(OFFICES, 422, 403),
    "plans:counterpart": Rule(CITY_OFFICE | {"county_officer"}, 302, 403),
    "plans:event": NONE,
    "plans:own_assign issued": Rule({"reviewer", "head"}, 302, 404, dict.fromkeys(SEE_OWN.who - {"reviewer", "head"}, 403)),
    "plans:own_assign draft": NONE,
    "obligations:verb": Rule({"drafter", "reviewer", "head"}, 302, 404, dict.fromkeys(SEE_DUTY.who - {"drafter", "reviewer", "head"}, 403)),
    "obligations:evidence": Rule(
        {"drafter", "reviewer", "head"}, 302, 404, dict.fromkeys(SEE_DUTY.who - {"drafter", "reviewer", "head"}, 403)
    ),
    "obligations:urge": Rule(CITY_OFFICE | {"head"}, 302, 404, dict.fromkeys(SEE_DUTY.who - CITY_OFFICE - {"head"}, 403)),
    "obligations:reply": Rule(WORKING, 409, 404, dict.fromkeys(SEE_DUTY.who - WORKING, 403)),  # nobody has urged
    "obligations:urge_many": Rule(OFFICES | {"head", "office_head", "other_head"}, 422, 403),  # nothing chosen
    "rules:verb": Rule(CITY_OFFICE | {"office_head"}, 302, 403, dict.fromkeys(("county_officer", "county_drafter", "stranger"), 404)),
    "reminders:feed": Rule(yes=302),
    "reminders:hook": Rule({"head"}, 302, 404, dict.fromkeys(REFORM - {"head"}, 403)),
    "reminders:retry": DEED,
    "obligations:clock": Rule(
        frozenset(), no=404, also=dict.fromkeys(SEE_DUTY.who - {"drafter", "reviewer", "head"} - CITY_OFFICE, 403)
    ),  # due on a date of its own: no clock to keep
    "place_settings:place": Rule(CITY_OFFICE | {"office_head"}, 302),
    "obligations:duplicates_decide": NONE,  # a pair of nothing; see test_duplicates.py
    "obligations:separate": Rule(
        CITY_OFFICE | REFORM - {"secrecy_reviewer"},
        302,
        404,
        dict.fromkeys(SEE_DUTY.who - CITY_OFFICE - REFORM | {"secrecy_reviewer"}, 403),
    ),
    "agencies:decide": DEED,
    "agencies:reorganise": Rule(CITY_OFFICE, no=403),  # first the choice of what to do
    "agencies:appoint_leader": Rule(CITY_OFFICE | {"head"}, 302, 403),
    "agencies:profile": Rule(CITY_OFFICE | WORKING, 302, 403),
    "agencies:confirm_profile": Rule(CITY_OFFICE | {"reviewer", "head"}, 302, 403),
    **dict.fromkeys(("agencies:keep_section", "agencies:end_section"), Rule(CITY_OFFICE | WORKING, 302, 403)),
    "agencies:guide_texts": DEED,
    "agencies:leader_leaves": Rule(CITY_OFFICE | {"head"}, 302, 403),
    "obligations:hand_over": Rule(CITY_OFFICE, 302, 404, dict.fromkeys(SEE_DUTY.who - CITY_OFFICE, 403)),
    "obligations:hand_over_all": Rule(CITY_OFFICE, 422, 403),  # an empty form
    "portal:large_type": PUBLIC._replace(yes=302),
}
"""Address → who may send its form, filled in as far as FORMS says."""

ACCOUNT = {f"workbench:{name}" for name in ("login", "logout", "password", "totp", "totp_verify", "totp_change")}
"""One's own account: tested with the login."""


def addresses() -> Iterator[tuple[str, list[str]]]:
    """Name and arguments of every pattern."""

    def walk(patterns: list[Any], space: str) -> Iterator[tuple[str, list[str]]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or space)
            elif isinstance(pattern, URLPattern) and space not in OWN_TABLE:
                yield f"{space}:{pattern.name}", list(pattern.pattern.converters)

    return walk(get_resolver().url_patterns, "")


class World(NamedTuple):
    """`url(key)`: the address of a key of the tables; `form(name)`: what is sent to it."""

    url: Callable[[str], str]
    forms: dict[str, dict[str, Any]]


@pytest.fixture
def world(cast: Cast, issued_plan: Callable[..., Plan], draft_plan: Callable[..., Plan]) -> World:
    plans = {"issued": issued_plan(), "draft": draft_plan()}
    lower = issued_plan(jurisdiction=cast.east, title="东山县要点")
    for plan in plans.values():
        plan.source_file.save("要点.txt", ContentFile("要点".encode()))
    duty = Obligation.objects.get(document_id=plans["issued"].pk, owner=cast.reform)
    work.acknowledge(duty, cast.drafter, key=str(uuid.uuid4()))
    step = work.report_progress(duty, cast.drafter, key=str(uuid.uuid4()), files=[ContentFile("佐证".encode(), "佐证.txt")])
    hint = AgencySuggestion.objects.create(jurisdiction=cast.city, text="市融媒体中心")
    others = {"obligations:file": StepFile.objects.get(step=step).pk, "agencies:decide": hint.pk, "agencies:detail": cast.reform.pk}
    leader = Leader.objects.create(agency=cast.reform, name="周主任", post="主任")
    others |= {"agencies:guide_texts": cast.city.pk}
    of_agency = ("agencies:profile", "agencies:confirm_profile", "agencies:keep_section", "agencies:end_section")
    others |= dict.fromkeys(of_agency, cast.reform.pk)
    of_agency = ("agencies:reorganise", "agencies:appoint_leader", "agencies:leader_leaves", "obligations:hand_over_all")
    others |= dict.fromkeys(of_agency, cast.reform.pk)
    letter = Message.objects.create(
        key="x", channel="mail", person=cast.drafter, agency=cast.reform, state="failed", error="x", made_at=step.at, next_at=step.at
    )
    others |= {"reminders:retry": letter.pk, "reminders:hook": cast.reform.pk}
    arguments = dict(addresses())

    def url(key: str) -> str:
        name, _, state = key.partition(" ")
        plan = plans.get(state)
        task = plan.tasks.first() if plan else None
        verb = {"plans:task_verb": "accept", "rules:verb": "switch_on", "obligations:evidence": "address"}.get(name, "report_progress")
        values: dict[str, Any] = {
            "pk": plan.pk if plan else others.get(name, duty.pk),
            "task": task.pk if task else 0,
            "agency": cast.reform.pk,
            "code": cast.reform.code,
            "duty": duty.pk,
            "leader": leader.pk,
            "section": cast.section.pk,
            "rule": "report.government",
            "fmt": "xlsx",
            "verb": verb,
            "upper": plan.pk if plan else 0,
            "lower": lower.pk,
            "token": "1-0",
            "name": "plans",
            "part": "pages",
            "number": 1,
        }
        return reverse(name, kwargs={argument: values[argument] for argument in arguments[name]})

    pair = {"upper": plans["issued"].tasks.all()[0].pk, "lower": lower.tasks.all()[0].pk, "decision": "confirmed"}
    return World(
        url,
        {
            "plans:counterpart": pair,
            "plans:resolve": {"text": "市就业促进中心", "agency": cast.human.pk},
            "plans:own_assign": {"section": cast.section.pk},
            "obligations:verb": {"text": "已公开 12 项"},
            "obligations:evidence": {"url": "https://www.example.org/a", "proves": "公开页", "on": "2026-02-02"},
            **{f"obligations:{verb}": {"text": "请说明进展"} for verb in ("urge", "reply", "urge_many")},
            "agencies:decide": {"decision": "dismiss"},
            "place_settings:place": {"place": cast.city.pk, "due_soon_days": 5},
            "agencies:appoint_leader": {"name": "李主任", "post": "副主任"},
            "agencies:leader_leaves": {"on": "2026-11-20"},
            "agencies:profile": {"fax": "未设传真"},
            "agencies:keep_section": {"name": "价格科"},
            "agencies:end_section": {"on": "2026-11-20"},
            "agencies:guide_texts": {"part": "fees", "text": "不收费。"},
            "obligations:hand_over": {"to": cast.finance.pk, "reason": "职责调整", "on": "2026-11-20"},
            "rules:verb": {"since": "2026-01-05", "place": cast.city.pk},
        },
    )


def test_every_address_is_in_the_table() -> None:
    known = {key.partition(" ")[0] for key in (*READ, *WRITE)} | ACCOUNT
    assert {name for name, _arguments in addresses()} == known


@pytest.mark.parametrize("space", sorted({key.partition(":")[0] for key in (*READ, *WRITE)}))
@pytest.mark.parametrize("table", ["read", "write"])
def test_who_reaches_what(cast: Cast, world: World, space: str, table: str) -> None:
    wrong = []
    for person in sorted(EVERYBODY):
        client = Client()
        if person != "citizen":
            client.force_login(cast.user(person))
        for key, rule in (READ if table == "read" else WRITE).items():
            if not key.startswith(f"{space}:"):
                continue
            with transaction.atomic():  # each finds the world as it was
                if table == "read":
                    status = client.get(world.url(key)).status_code
                else:
                    form = {"key": str(uuid.uuid4()), **world.forms.get(key.partition(" ")[0], {})}
                    status = client.post(world.url(key), form).status_code
                transaction.set_rollback(True)
            if status != rule.expected(person):
                wrong.append(f"{person} {table} {key}: {status}, expected {rule.expected(person)}")
    assert wrong == []

"""The fixed cast every test plays with: one city with two counties, its agencies, and the people who hold each role.

Tests outside `src/gongkai` take it with `from gongkai.conftest import *  # noqa: F403`.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, Membership, Section, User
from gongkai.obligations.models import Helper, Obligation
from gongkai.plans.models import Plan, Task, TaskDeadline, TaskUnit

PASSWORD = "gongkai-test-1"  # noqa: S105 — of the cast, who live in a test database only

PEOPLE: dict[str, tuple[str, str, str]] = {
    # attribute: (name, agency attribute, role)
    "drafter": ("钱经办", "reform", "drafter"),
    "reviewer": ("孙审核", "reform", "reviewer"),
    "secrecy_reviewer": ("李保密", "reform", "secrecy_reviewer"),
    "head": ("周主任", "reform", "head"),
    "openness_officer": ("吴公开", "office", "openness_office"),
    "openness_colleague": ("郑公开", "office", "openness_office"),
    "office_drafter": ("王经办", "office", "drafter"),
    "office_head": ("冯主任", "office", "head"),
    "other_officer": ("陈经办", "finance", "drafter"),
    "other_head": ("褚局长", "finance", "head"),
    "county_officer": ("卫公开", "east_office", "openness_office"),
    "county_drafter": ("蒋经办", "east_finance", "drafter"),
    "stranger": ("沈公开", "elsewhere_office", "openness_office"),
}


@dataclass(frozen=True)
class Cast:
    """Places, agencies and people; `nobody` has an account without any membership, `citizen` has none at all."""

    city: Jurisdiction
    east: Jurisdiction
    west: Jurisdiction
    elsewhere: Jurisdiction
    government: Agency
    office: Agency
    reform: Agency
    finance: Agency
    human: Agency
    east_government: Agency
    east_office: Agency
    east_finance: Agency
    west_government: Agency
    west_office: Agency
    elsewhere_office: Agency
    section: Section
    drafter: User
    reviewer: User
    secrecy_reviewer: User
    head: User
    openness_officer: User
    openness_colleague: User
    office_drafter: User
    office_head: User
    other_officer: User
    other_head: User
    county_officer: User
    county_drafter: User
    stranger: User
    nobody: User
    citizen: AnonymousUser

    def user(self, name: str) -> Any:
        """The user as the next request sees it: read again, nothing cached on it."""
        person = getattr(self, name)
        return person if isinstance(person, AnonymousUser) else User.objects.get(pk=person.pk)


@cache
def _password() -> str:
    return make_password(PASSWORD)


def build_cast() -> Cast:
    """In few statements: most tests begin with it."""

    def place(code: str, name: str, short: str, level: str, parent: Jurisdiction | None = None) -> Jurisdiction:
        return Jurisdiction.objects.create(code=code, name=name, short_name=short, level=level, parent=parent)

    city = place("990100", "清河市", "清河", "city")
    east = place("990121", "东山县", "东山", "county", city)
    west = place("990102", "西河区", "西河", "county", city)
    elsewhere = place("990200", "远山市", "远山", "city")

    def agency(jurisdiction: Jurisdiction, number: int, name: str, short: str, kind: str, competent: bool = False) -> Agency:
        return Agency(
            jurisdiction=jurisdiction,
            code=f"{jurisdiction.code}-{number:03}",
            name=jurisdiction.name + name,
            short_name=short,
            kind=kind,
            is_competent=competent,
        )

    agencies: dict[str, Any] = {
        "government": agency(city, 1, "人民政府", "市政府", "government"),
        "office": agency(city, 2, "人民政府办公室", "市政府办公室", "office", True),
        "reform": agency(city, 3, "发展和改革委员会", "市发改委", "department"),
        "finance": agency(city, 4, "财政局", "市财政局", "department"),
        "human": agency(city, 5, "人力资源和社会保障局", "市人社局", "department"),
        "east_government": agency(east, 1, "人民政府", "县政府", "government"),
        "east_office": agency(east, 2, "人民政府办公室", "县政府办公室", "office", True),
        "east_finance": agency(east, 4, "财政局", "县财政局", "department"),
        "west_government": agency(west, 1, "人民政府", "区政府", "government"),
        "west_office": agency(west, 2, "人民政府办公室", "区政府办公室", "office", True),
        "elsewhere_office": agency(elsewhere, 2, "人民政府办公室", "市政府办公室", "office", True),
    }
    Agency.objects.bulk_create(agencies.values())
    password = _password()
    names = {name: shown for name, (shown, _agency, _role) in PEOPLE.items()} | {"nobody": "许新人"}
    people: dict[str, Any] = {name: User(username=name, display_name=shown, password=password) for name, shown in names.items()}
    User.objects.bulk_create(people.values())
    Membership.objects.bulk_create(
        Membership(user=people[name], agency=agencies[where], role=role) for name, (_shown, where, role) in PEOPLE.items()
    )
    return Cast(
        city=city,
        east=east,
        west=west,
        elsewhere=elsewhere,
        section=Section.objects.create(agency=agencies["reform"], name="政策法规科"),
        citizen=AnonymousUser(),
        **agencies,
        **people,
    )


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Runs callables at the same moment, each in a thread with its own connection; what each returned or raised, in order."""

    def run(*deeds: Callable[[], Any]) -> list[Any]:
        gate = threading.Barrier(len(deeds))
        results: list[Any] = [None] * len(deeds)

        def work(n: int, deed: Callable[[], Any]) -> None:
            try:
                gate.wait(10)
                results[n] = deed()
            except BaseException as error:  # noqa: BLE001 — handed to the test
                results[n] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(deeds)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def lasting(build: Callable[[Cast], Any]) -> tuple[Any, Any, Any, Any]:
    """For a module whose tests all begin with the same: four fixtures, to be called `_lasting`, `_copy`, `cast` and as you like.

    The last is what `build(cast)` returns, made once for the module in a transaction around all of its tests; each gets a copy and finds
    the database and the files as they were made, whatever the one before did. Not for tests that commit.
    """

    @pytest.fixture(scope="module")
    def _lasting(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[Any, Path]]:
        files = tmp_path_factory.mktemp("lasting") / "files"
        around = transaction.atomic()
        with django_db_blocker.unblock():
            around.__enter__()
            with override_settings(MEDIA_ROOT=files):
                cast = build_cast()
                made = (cast, build(cast))
        yield made, files
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)

    @pytest.fixture
    def _copy(_lasting: tuple[Any, Path], db: None, _files_in_a_folder_of_the_test: None) -> Any:
        made, files = _lasting
        if files.exists():
            shutil.copytree(files, django_settings.MEDIA_ROOT, dirs_exist_ok=True)
        return deepcopy(made)

    @pytest.fixture
    def cast(_copy: Any) -> Cast:
        found: Cast = _copy[0]
        return found

    @pytest.fixture
    def world(_copy: Any) -> Any:
        return _copy[1]

    return _lasting, _copy, cast, world


@pytest.fixture
def make_obligation(cast: Cast) -> Callable[..., Obligation]:
    """An open obligation of 市发改委, due 2026-11-30, as issuing a plan would leave it; any field may be given, and `helpers`."""
    subjects = count(900_001)  # no such task: for rows that need a real one use `issued_plan`

    def make(helpers: tuple[Agency, ...] = (), **fields: Any) -> Obligation:
        owner = fields.get("owner", cast.reform)
        values: dict[str, Any] = {
            "jurisdiction": owner.jurisdiction,
            "owner": owner,
            "source": "plan_task",
            "subject_id": next(subjects),
            "title": "公开重大建设项目批准和实施信息",
            "basis": "清政办发〔2026〕1号 一（一）1.",
            "starts_on": date(2026, 1, 5),
            "due_on": date(2026, 11, 30),
        }
        values |= fields
        if values["due_on"] is None:
            values.setdefault("standing", "长期坚持")
        obligation = Obligation.objects.create(**values)
        for agency in helpers:
            Helper.objects.create(obligation=obligation, agency=agency)
        return obligation

    return make


TEXT = """清河市人民政府办公室关于印发2026年政务公开工作要点的通知
清政办发〔2026〕1号
一、围绕重点领域加强公开
（一）公开重大建设项目批准和实施信息。2026年11月底前完成。（市发改委牵头，市财政局配合）
（二）按月公开全市财政收支情况。（市财政局牵头）
（三）公开就业创业政策措施。（市人社局、市就业促进中心负责）
二、加强组织领导
（一）各县区人民政府要制定本地区实施方案，6月底前公布。（各县区人民政府负责）
"""


@pytest.fixture
def draft_plan(cast: Cast) -> Callable[..., Plan]:
    """A draft of four tasks of `TEXT`; 市就业促进中心 is a unit nobody knows, 各县区人民政府 is not resolved yet."""
    numbers = count(1)

    def make(**fields: Any) -> Plan:
        n = next(numbers)
        values: dict[str, Any] = {
            "jurisdiction": cast.city,
            "title": "清河市2026年政务公开工作要点",
            "issuer": "清河市人民政府办公室",
            "doc_number": "清政办发〔2026〕1号",
            "issued_on": date(2026, 1, 4),
            "year": 2026,
            "source_name": "要点.txt",
            "source_sha256": f"{n:064x}",
            "source_text": TEXT,
            "imported_by": cast.openness_officer,
        }
        plan = Plan.objects.create(**values | fields)
        rows: list[tuple[str, list[str], list[tuple[str, str, Agency | None]], dict[str, Any]]] = [
            (
                "公开重大建设项目批准和实施信息。2026年11月底前完成。",
                ["一、围绕重点领域加强公开"],
                [("lead", "市发改委", cast.reform), ("support", "市财政局", cast.finance)],
                {"kind": "absolute", "raw": "2026年11月底前", "due": date(2026, 11, 30)},
            ),
            (
                "按月公开全市财政收支情况。",
                ["一、围绕重点领域加强公开"],
                [("lead", "市财政局", cast.finance)],
                {"kind": "recurring", "raw": "按月", "every": "P1M"},
            ),
            (
                "公开就业创业政策措施。",
                ["一、围绕重点领域加强公开"],
                [("responsible", "市人社局", cast.human), ("responsible", "市就业促进中心", None)],
                {},
            ),
            (
                "各县区人民政府要制定本地区实施方案，6月底前公布。",
                ["二、加强组织领导"],
                [("responsible", "各县区人民政府", None)],
                {"kind": "absolute", "raw": "6月底前", "due": date(2026, 6, 30)},
            ),
        ]
        for position, (text, path, units, deadline) in enumerate(rows, 1):
            start = TEXT.index(text)
            task = Task.objects.create(
                plan=plan,
                position=position * 100,
                path=path,
                text=text,
                span_start=start,
                span_end=start + len(text),
                due_on=deadline.get("due"),
            )
            TaskUnit.objects.bulk_create(
                TaskUnit(task=task, role=role, position=i, text=name, agency=agency) for i, (role, name, agency) in enumerate(units)
            )
            if deadline:
                TaskDeadline.objects.create(task=task, **deadline)
        return plan

    return make


@pytest.fixture
def issued_plan(cast: Cast, draft_plan: Callable[..., Plan]) -> Callable[..., Plan]:
    """The same plan issued on 2026-01-05, with the obligations of its first three tasks; the fourth was left out in review."""

    def make(**fields: Any) -> Plan:
        plan = draft_plan(**fields)
        tasks = list(plan.tasks.all())
        plan.tasks.update(review=Task.Review.CONFIRMED)
        plan.tasks.filter(pk=tasks[3].pk).update(review=Task.Review.NOT_A_TASK, note="由各县区自行安排")
        for task in tasks[:3]:
            units = list(task.units.all())
            owners = [u for u in units if u.role != "support" and u.agency]
            for unit in owners:
                assert unit.agency
                obligation = Obligation.objects.create(
                    jurisdiction=plan.jurisdiction,
                    owner=unit.agency,
                    role=unit.role,
                    source="plan_task",
                    document_id=plan.pk,
                    subject_id=task.pk,
                    title=task.text[:60],
                    basis=f"{plan.doc_number} {task.path[0]}",
                    starts_on=date(2026, 1, 5),
                    due_on=task.due_on,
                    standing="" if task.due_on else "长期坚持",
                )
                Helper.objects.bulk_create(
                    Helper(obligation=obligation, agency=u.agency) for u in units if u.role == "support" and u.agency
                )
        Plan.objects.filter(pk=plan.pk).update(state=Plan.State.ISSUED, opened_by=cast.openness_officer, opened_at=timezone.now())
        plan.refresh_from_db()
        return plan

    return make

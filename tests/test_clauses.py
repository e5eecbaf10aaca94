"""Clauses of the five source documents, proven on those documents: read, imported, issued, and asked for what the clause asks."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from gongkai.agencies.actions import register_agency
from gongkai.agencies.models import Agency, Jurisdiction, Membership, Section, User
from gongkai.example.directory import read_data
from gongkai.formats.ledger import LedgerTable
from gongkai.obligations.exports import ledger_table
from gongkai.obligations.models import Helper, Obligation
from gongkai.obligations.queries import STATE_WORDS, ledger
from gongkai.plans import actions
from gongkai.plans.models import Plan, Task
from gongkai.reading.model import Plan as ReadPlan
from gongkai.reading.reader import read_plans

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "plans" / "dev"


def seed(name: str) -> bytes:
    path = SEEDS / f"{name}.txt"
    if not path.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is needed under CI=true")
        pytest.skip(f"{path} is not here")
    return path.read_bytes()


def read(data: bytes, name: str) -> ReadPlan:
    (plan,) = read_plans(data, name)
    assert isinstance(plan, ReadPlan), plan
    return plan


@pytest.fixture
def bureau(db: None) -> Agency:
    """湘潭市农业委员会 with the sections its plan names, and the one unit beside it."""
    city = Jurisdiction.objects.create(code="990300", name="湘潭市", short_name="湘潭", level="city")
    agency = register_agency(city, "湘潭市农业委员会", "市农委", "department", None)
    register_agency(city, "湘潭市扶贫开发办公室", "市扶贫办", "department", None)
    sections = ["政策法规科", "执法支队", "财务科", "办公室", "综合科"]
    Section.objects.bulk_create(Section(agency=agency, name=name) for name in sections)
    return agency


def issued(data: bytes, name: str, agency: Agency) -> Plan:
    (plan,) = actions.import_plan(data, name, agency.jurisdiction, None)
    actions.accept_all_clear(plan, None)
    for task in plan.tasks.filter(review=Task.Review.PENDING):
        actions.accept(task, None)
    return actions.issue(plan, None)


def test_every_task_of_a_department_plan_has_an_owner_and_a_state(bureau: Agency) -> None:
    """S0-1: section → clause → lead or jointly responsible unit → status."""
    plan = issued(seed("seed_000"), "seed_000.txt", bureau)
    tasks = list(plan.tasks.all())
    assert len(tasks) == 16
    owned = set(Obligation.objects.filter(document_id=plan.pk).values_list("subject_id", flat=True))
    assert owned == {task.pk for task in tasks}
    assert all(task.path for task in tasks)


def test_the_sections_that_lead_answer_for_their_share_and_the_matrix_names_them(bureau: Agency) -> None:
    """S0-29: one lead or several responsible sections a clause; the responsibility matrix leaves as a table."""
    plan = issued(seed("seed_000"), "seed_000.txt", bureau)
    officer = User.objects.create(username="officer", display_name="办公室")
    Membership.objects.create(user=officer, agency=bureau, role="drafter")
    law = Section.objects.get(agency=bureau, name="政策法规科")
    rows = list(ledger(officer, {"section": law.pk}))
    leads = [t for t in read(seed("seed_000"), "seed_000.txt").tasks if "政策法规科" in t.lead + t.responsible]
    assert len(rows) == len(leads) > 5
    assert {row.section for row in rows} == {law}
    joint = Task.objects.get(plan=plan, text__startswith="推进市场监管公开透明")
    shares = Obligation.objects.filter(subject_id=joint.pk)
    assert {row.section.name for row in shares if row.section} == {"政策法规科", "执法支队"}
    table: LedgerTable = ledger_table(ledger(officer), {key: words[0] for key, words in STATE_WORDS.items()}, "责任分工", [])
    assert len(table.rows) == ledger(officer).count()
    assert {"政策法规科", "财务科"} <= {str(row.cells["section"]) for row in table.rows}


def test_eighteen_tasks_of_a_vertical_bureau_keep_their_four_attributes() -> None:
    """S2-2: 牵头科室, 配合科室, 时限要求, 信息发布及渠道 of every task; dates, 长期, event-relative and delegated limits."""
    plan = read(seed("seed_002"), "seed_002.txt")
    assert len(plan.tasks) == 18
    assert all(task.lead for task in plan.tasks)
    assert all(task.deadlines for task in plan.tasks)
    assert all(task.channels for task in plan.tasks)
    assert sum(bool(task.support) for task in plan.tasks) >= 14
    kinds = {deadline.kind for task in plan.tasks for deadline in task.deadlines}
    assert kinds == {"absolute", "ongoing", "on_event", "relative", "recurring"}
    delegated = [d.raw for task in plan.tasks for d in task.deadlines if "牵头部门要求" in d.raw]
    assert delegated


@pytest.mark.django_db
def test_the_four_attributes_survive_import_and_reach_the_obligation() -> None:
    """S2-2, the database side, on the example: lead, helper, limit and channel of one task."""
    city = Jurisdiction.objects.create(code="990400", name="清河市", short_name="清河", level="city")
    for name, short, kind in (
        ("清河市人民政府办公室", "市政府办公室", "office"),
        ("清河市司法局", "市司法局", "department"),
    ):
        register_agency(city, name, short, kind, None)
    (plan,) = actions.import_plan(read_data("city_plan.docx"), "要点.docx", city, None)
    task = plan.tasks.get(text__startswith="规范意见征集")
    for other in plan.tasks.exclude(pk=task.pk):
        actions.exclude(other, None, "只下达一项")
    actions.accept(task, None)
    actions.issue(plan, None)
    obligation = Obligation.objects.get(subject_id=task.pk)
    assert obligation.owner.short_name == "市司法局"
    assert set(Helper.objects.filter(obligation=obligation).values_list("agency__short_name", flat=True)) == {"市政府办公室"}
    assert "信息形成后及时提供" in obligation.standing
    assert task.channels == ["市政府门户网站", "市政府公报"]


def test_the_milestones_of_the_pilot_are_read_with_their_dates() -> None:
    """S1-12 to S1-18: seven steps, who answers for each, and by when."""
    plan = read(seed("seed_001"), "seed_001.txt")
    steps = [t for t in plan.tasks if t.path and t.path[-1] == "五、实施步骤"]
    assert [max(d.due for d in t.deadlines if d.due) for t in steps] == [
        date(2017, 8, 31),
        date(2017, 9, 30),
        date(2017, 11, 30),
        date(2018, 4, 30),
        date(2018, 4, 30),
        date(2018, 3, 31),
        date(2018, 8, 31),
    ]
    assert all("区政府办" in t.responsible + t.lead and "区公开办" in t.responsible + t.lead for t in steps)


def test_a_self_check_before_its_deliverables_is_pointed_out_and_blocks_nothing() -> None:
    """S1-17: the self-check of March 2018 precedes two deliverables of April; S1-18: acceptance after the promised end."""
    plan = read(seed("seed_001"), "seed_001.txt")
    (order,) = [w for w in plan.warnings if w.kind == "order"]
    assert "自查（2018-03-31）" in order.message
    assert "2018-04-30" in order.message
    assert any(w.kind == "date" and "2018-08-31" in w.message for w in plan.warnings)
    assert "自查" in plan.raw_text[slice(*order.span)]


def test_items_without_a_lead_are_common_to_all() -> None:
    """S4-61, S4-1: unmarked items bind every area and department by the sentence that says so."""
    plan = read(seed("seed_004"), "seed_004.txt")
    common = [t for t in plan.tasks if t.inherited]
    assert len(common) >= 10
    assert all(t.responsible == ["各地区", "各部门"] and not t.lead for t in common)
    assert all(t.lead or t.responsible for t in plan.tasks if "牵头" in plan.raw_text[slice(*t.span)][-20:])

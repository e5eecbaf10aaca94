"""What the law hears of plans: one that is issued must be public, and its page proves it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from gongkai.obligations.models import Obligation
from gongkai.obligations.switching import install, switch_on
from gongkai.plans import actions
from gongkai.plans.facts import public_plan
from gongkai.plans.models import Plan, Task

AT = datetime(2026, 2, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def issue(cast, plan: Plan) -> Plan:
    officer = cast.user("openness_officer")
    for task in plan.tasks.all()[1:]:
        actions.exclude(task, officer, "与本题无关")
    for task in plan.tasks.filter(review=Task.Review.PENDING):
        actions.accept(task, officer)
    return actions.issue(plan, officer, at=AT)


def test_issuing_opens_the_duty_to_publish_and_the_public_page_closes_it(cast, draft_plan):
    install(cast.city, None, date(2026, 1, 5))
    plan = issue(cast, draft_plan())
    duty = Obligation.objects.get(rule="publish.plan", subject_id=plan.pk)
    assert (duty.owner, duty.due_on, duty.fulfilled_on) == (cast.office, date(2026, 3, 16), date(2026, 2, 10))
    assert duty.evidence.get().record_kind == "plan" and duty.evidence.get().url.endswith(f"/plans/{plan.pk}/")


def test_what_only_a_locality_asks_waits_for_a_person(cast, draft_plan):
    install(cast.city, None, date(2026, 1, 5))
    switch_on("publish.plan_filing", cast.city, cast.user("openness_officer"), since=date(2026, 1, 5))
    plan = issue(cast, draft_plan())
    filing = Obligation.objects.get(rule="publish.plan_filing", subject_id=plan.pk)
    assert filing.fulfilled_on is None and filing.standing == "下达后及时报送"


def test_without_the_rules_nothing_comes_of_it(cast, draft_plan):
    issue(cast, draft_plan())
    assert not Obligation.objects.filter(source="statute").exists()


def test_a_draft_proves_nothing(cast, draft_plan):
    plan = draft_plan()
    facts = public_plan(plan.pk)
    assert facts is not None and (facts.published_on, facts.public, facts.lacking) == (None, False, "还没有下达")
    assert public_plan(0) is None

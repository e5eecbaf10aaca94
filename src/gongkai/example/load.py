"""Loads the example city through the same import and actions as real use: directory, people, two plans issued, one left for review.

Everything happens in one transaction; a second call finds the city and does nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.clocks.calendar import add_working_days
from gongkai.example import channels, coordination, publishing, requests
from gongkai.example.directory import CITY, COUNTY, make_directory, make_people, read_data, read_toml, tell_profiles
from gongkai.example.story import tell_story
from gongkai.obligations.models import StepFile
from gongkai.obligations.switching import install
from gongkai.plans import actions
from gongkai.plans.models import Counterpart, Plan, Task

Report = Callable[[str], None]

OFFICER, COUNTY_OFFICER = "lihua", "hexiang"


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201 — progress of a command, on stderr


def is_loaded() -> bool:
    return Jurisdiction.objects.filter(code=CITY).exists()


def load(password: str, report: Report = _say) -> None:
    """The example city with everybody's password set to `password`. Does nothing when the city is already there."""
    if is_loaded():
        return
    with transaction.atomic():
        try:
            report("正在建立示例城市：机构和人员")
            make_directory()
            make_people(password)
            tell_profiles()
            _city_plan(report)
            _county_plan(report)
            _compare()
            _draft(report)
            coordination.tell(report)
            _rules(report)
            publishing.tell(report)
            channels.tell(report)
            requests.tell(report)
        except BaseException:
            _forget_files()
            raise
    report("示例城市已经就绪")


def _forget_files() -> None:
    """The database rolls back by itself; files do not."""
    with suppress(DatabaseError):
        for plan in Plan.objects.filter(jurisdiction__code__in=[CITY, COUNTY]):
            plan.source_file.delete(save=False)
        for handed_in in StepFile.objects.filter(step__obligation__jurisdiction__code__in=[CITY, COUNTY]):
            handed_in.file.delete(save=False)


def _opened(plan: Plan, today: date) -> datetime:
    """When the plan was issued in the story: two days after its date, but a month ago at the latest."""
    day = min((plan.issued_on or today) + timedelta(2), today - timedelta(30))
    return timezone.make_aware(datetime.combine(day, time(9, 30)))


def _task(plan: Plan, start: str) -> Task:
    return next(task for task in plan.tasks.all() if task.text.startswith(start))


def _import(name: str, shown: str, code: str, username: str) -> tuple[Plan, User]:
    officer = User.objects.get(username=username)
    (plan,) = actions.import_plan(read_data(name), shown, Jurisdiction.objects.get(code=code), officer)
    return plan, officer


def _set_date(task: Task, officer: User, due: date) -> None:
    """The document leaves the date to the lead unit: the office fills in the one it was told, the printed words stay."""
    raw = task.deadlines.get().raw
    deadlines = [{"kind": "absolute", "raw": raw, "due": due, "every": "", "within": ""}]
    actions.edit(task, officer, deadlines=deadlines, note="时限由牵头单位通知，按通知填写")


def _set_rhythms(plan: Plan, officer: User) -> None:
    """What the office chooses in review: figures of a month exist only after it; daily and weekly duties are kept here from recently on."""
    today = timezone.localdate()
    since = {"P1D": today - timedelta(9), "P1W": today - timedelta(35)}
    for task in plan.tasks.filter(deadlines__kind="recurring").distinct():
        limits = list(task.deadlines.order_by("pk"))
        after = task.text.startswith("公布财政收支情况")
        if after or any(limit.every in since for limit in limits):
            actions.edit(
                task,
                officer,
                deadlines=[
                    {
                        "kind": limit.kind,
                        "raw": limit.raw,
                        "due": limit.due,
                        "every": limit.every,
                        "within": limit.within,
                        "since": since.get(limit.every),
                        "due_rule": {"kind": "days_after", "n": 15} if after else None,
                    }
                    for limit in limits
                ],
            )


def _accept(plan: Plan, officer: User) -> None:
    _set_rhythms(plan, officer)
    actions.accept_all_clear(plan, officer)
    for task in plan.tasks.filter(review=Task.Review.PENDING):
        actions.accept(task, officer)


def _issue(plan: Plan, officer: User, story: str, report: Report) -> None:
    today = timezone.localdate()
    opened = _opened(plan, today)
    plan = actions.issue(plan, officer, at=opened)
    told = 0
    for told in tell_story(plan, read_toml("story.toml")[story], opened, today):
        if told % 50 == 0:
            report(f"  {plan.title}：{told} 件事项")
    report(f"  {plan.title}：{told} 件事项，完成")


def _city_plan(report: Report) -> None:
    report("正在导入、核对、下达市方案")
    plan, officer = _import("city_plan.docx", "清河市2026年政务公开工作要点.docx", CITY, OFFICER)
    today = timezone.localdate()
    everyone: dict[str, Sequence[str]] = {"responsible": ["各县区人民政府", "市政府各部门"]}
    actions.edit(_task(plan, "各县区、各部门要对照要点"), officer, units=everyone, note="通知正文的要求，归各县区和各部门")
    actions.edit(_task(plan, "严格督促检查"), officer, units={"responsible": ["市政府办公室"]}, note="原文主语是市政府办公室")
    _set_date(_task(plan, "组织政务公开第三方评估"), officer, today + timedelta(40))
    _set_date(_task(plan, "抽查政府信息公开平台"), officer, add_working_days(today, 3).on)
    hall = Agency.objects.get(code=f"{CITY}-16")
    actions.resolve_unit(plan, "市政务服务中心", officer, agency=hall)
    _accept(plan, officer)
    _issue(plan, officer, "city", report)


def _county_plan(report: Report) -> None:
    report("正在导入、核对、下达县方案")
    plan, officer = _import("county_plan.txt", "河湾县2026年政务公开工作要点.txt", COUNTY, COUNTY_OFFICER)
    _accept(plan, officer)
    _issue(plan, officer, "county", report)


def _compare() -> None:
    """Two counterparts of the county's plan are confirmed, the others wait for a person."""
    officer = User.objects.get(username=OFFICER)
    upper, lower = (Plan.objects.get(jurisdiction__code=code, state=Plan.State.ISSUED) for code in (CITY, COUNTY))
    for start in ("编制政务服务事项目录", "建设规范性文件库"):
        actions.confirm_counterpart(_task(upper, start), _task(lower, start), Counterpart.Decision.CONFIRMED, officer)


def _rules(report: Report) -> None:
    """The law is in use from today: what it asks of every agency by itself stands beside the plans."""
    report("正在装入法定规则")
    for code, username in ((CITY, OFFICER), (COUNTY, COUNTY_OFFICER)):
        install(Jurisdiction.objects.get(code=code), User.objects.get(username=username), timezone.localdate())


def _draft(report: Report) -> None:
    report("正在导入一份待核对的方案")
    _import("quarter_plan.txt", "2026年第四季度政务公开重点工作.txt", CITY, OFFICER)

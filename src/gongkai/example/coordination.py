"""The example city's coordination: a leading group with a change of person, two collections in every state, opinions on the draft, a filing
with a receipt, a self-check with problems, an inspection. Told through the real actions, relative to today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.clocks.calendar import add_working_days
from gongkai.coordination.actions import checking, collecting, flow, groups
from gongkai.coordination.models import Collection, Filing, GroupMember, Opinion, Submission
from gongkai.example.directory import CITY, COUNTY
from gongkai.plans.models import Plan

OFFICER, COLLEAGUE = "lihua", "fanwen"


class Story:
    """Days before today, people by user name, keys that never repeat."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.people = {user.username: user for user in User.objects.all()}
        self._n = 0

    def key(self) -> str:
        self._n += 1
        return f"example-coordination-{self._n}"

    def day(self, before: int) -> date:
        return self.today - timedelta(before)

    def at(self, before: int, hour: int = 10) -> datetime:
        return timezone.make_aware(datetime.combine(self.day(before), time(hour, 15)))

    def who(self, username: str) -> User:
        return self.people[username]


def tell(report: Callable[[str], None]) -> None:
    """Called last by load.load, inside its transaction; takes its own files away when it fails."""
    report("正在建立统筹示例：领导小组、材料收集、征求意见、检查")
    story = Story()
    city = Jurisdiction.objects.get(code=CITY)
    plan = Plan.objects.get(jurisdiction=city, state=Plan.State.ISSUED)
    _group(story)
    try:
        _collections(story, city, plan)
    except BaseException:
        for submission in Submission.objects.exclude(file=""):
            submission.file.delete(save=False)
        raise
    _opinions(story, Plan.objects.get(jurisdiction=city, state=Plan.State.DRAFT))
    _filing(story, plan)
    _self_check(story, plan)
    _inspection(story, plan)


def _group(story: Story) -> None:
    office, officer = Agency.objects.get(code=f"{CITY}-02"), story.who("chenguang")
    begun = story.day(240)
    group = groups.establish(
        office,
        officer,
        key=story.key(),
        name="清河市政务公开工作领导小组",
        established_on=begun,
        basis="关于成立清河市政务公开工作领导小组的通知",
        duties="统筹全市政务公开工作，研究解决重大问题，办公室设在市政府办公室。",
        at=story.at(240),
    )
    people: list[tuple[str, str, str, str]] = [
        ("head", "程远", "副市长", f"{CITY}-01"),
        ("deputy", "陈光", "市政府办公室主任", f"{CITY}-02"),
        ("deputy", "宋岚", "市行政审批服务局局长", f"{CITY}-16"),
        ("member", "高峰", "市财政局局长", f"{CITY}-07"),
        ("member", "郑义", "市住房城乡建设局局长", f"{CITY}-11"),
        ("office", "李华", "政务公开办公室主任", f"{CITY}-02"),
        ("office", "范文", "政务公开办公室副主任", f"{CITY}-02"),
    ]
    members = {}
    for place, name, post, code in people:
        members[name] = groups.add_member(
            group,
            officer,
            key=story.key(),
            place=place,
            name=name,
            post=post,
            agency=Agency.objects.get(code=code),
            since=begun,
            at=story.at(239),
        )
    groups.replace(members["宋岚"], officer, key=story.key(), name="肖宁", post="市行政审批服务局局长", on=story.day(60), at=story.at(60))
    assert group.members.filter(place=GroupMember.Place.HEAD).exists()


def _paper(title: str) -> Any:
    return ContentFile(f"{title}\n\n（示例文件）\n".encode(), f"{title}.txt")


def _collections(story: Story, city: Jurisdiction, plan: Plan) -> None:
    officer = story.who(OFFICER)
    done = collecting.open_collection(
        city,
        officer,
        key=story.key(),
        title="2026年各单位实施方案和主动公开目录清单",
        items=["实施方案", "主动公开目录清单"],
        due_on=story.day(6),
        plan=plan,
        note="有牵头任务的分解到科室；没有牵头任务的按共性任务制定。",
        contact="政务公开办公室 0000-0000001",
        at=story.at(29),
    )
    handed: list[tuple[str, str, int, str]] = [
        # agency, user, days before today, what the office did
        (f"{CITY}-07", "zhangwei", 12, "received"),
        (f"{CITY}-15", "huangtao", 10, "received"),
        (f"{CITY}-03", "linjun", 9, "received"),
        (f"{CITY}-05", "caojing", 3, "received"),  # handed in after the day
        (f"{CITY}-11", "wangfang", 8, "returned"),
        (f"{CITY}-06", "pengfei", 2, "waiting"),
        (f"{CITY}-08", "luoxin", 7, "received"),
    ]
    for code, username, before, outcome in handed:
        for row in done.submissions.filter(agency__code=code).order_by("pk"):
            _hand_in(story, row, username, before, outcome)
    for county in (COUNTY,):
        # The county government hands in the plan it has in the system: that is its filing upward.
        county_plan = Plan.objects.get(jurisdiction__code=county, state=Plan.State.ISSUED)
        for row in done.submissions.filter(agency__jurisdiction__code=county).order_by("pk"):
            actor, at = story.who("hexiang"), story.at(11)
            if row.item == "实施方案":
                collecting.submit(row, actor, key=story.key(), plan=county_plan, at=at)
            else:
                collecting.submit(row, actor, key=story.key(), file=_paper("河湾县主动公开目录清单"), at=at)
            collecting.receive(row, officer, key=story.key(), at=story.at(10, 16))
    collecting.remind(done, officer, key=story.key(), text="请于本周内补报。", at=story.at(4))
    _next(story, city, officer)


def _next(story: Story, city: Jurisdiction, officer: User) -> Collection:
    """One that is not due yet."""
    return collecting.open_collection(
        city,
        officer,
        key=story.key(),
        title="四季度政务公开工作进展",
        items=["工作进展"],
        due_on=add_working_days(story.today, 3).on,
        reach="lower",
        contact="政务公开办公室 0000-0000001",
        at=story.at(2),
    )


def _hand_in(story: Story, row: Submission, username: str, before: int, outcome: str) -> None:
    title = f"{row.agency.display_name}{row.item}"
    collecting.submit(row, story.who(username), key=story.key(), file=_paper(title), at=story.at(before))
    if outcome == "received":
        collecting.receive(row, story.who(OFFICER), key=story.key(), at=story.at(before - 1, 15))
    elif outcome == "returned" and row.item == "主动公开目录清单":
        collecting.return_submission(
            row, story.who(COLLEAGUE), key=story.key(), reason="清单缺少公开时限和责任科室两栏，请补齐后重报。", at=story.at(before - 1, 15)
        )


def _opinions(story: Story, draft: Plan) -> None:
    officer = story.who(OFFICER)
    asked = [Agency.objects.get(code=f"{CITY}-{n}") for n in ("07", "15")]
    flow.ask(
        draft,
        officer,
        key=story.key(),
        agencies=asked,
        bodies=["省政府办公厅政务公开办公室"],
        due_on=add_working_days(story.today, 4).on,
        at=story.at(9),
    )
    answers = {
        asked[0].name: ("建议把预算公开的时限与人大批准的时间衔接。", "adopted", ""),
        asked[1].name: ("建议抽检结果改为每月公布。", "partly", "频次不能低于上级要求，保留每周公布，另增加月度汇总。"),
    }
    for opinion in Opinion.objects.filter(plan=draft, asked__in=answers):
        words, adoption, note = answers[opinion.asked]
        flow.record_answer(opinion, officer, key=story.key(), answered_on=story.day(3), answer=words)
        opinion.refresh_from_db()
        flow.adopt(opinion, officer, key=story.key(), adoption=adoption, note=note)


def _filing(story: Story, plan: Plan) -> None:
    officer = story.who(OFFICER)
    filing = flow.file_upward(
        plan,
        officer,
        key=story.key(),
        to="省政府办公厅政务公开办公室",
        method=Filing.Method.EXCHANGE,
        sent_on=story.day(20),
        at=story.at(20),
    )
    flow.record_receipt(filing, officer, key=story.key(), receipt=f"省公开备〔{story.day(16).year}〕18号", received_on=story.day(16))


def _self_check(story: Story, plan: Plan) -> None:
    """市财政局 checks itself: three problems, one closed, one waiting for its recheck, one late."""
    drafter, reviewer = story.who("zhangwei"), story.who("liuyang")
    finance = Agency.objects.get(code=f"{CITY}-07")
    check = checking.start(
        finance,
        drafter,
        key=story.key(),
        kind="self_check",
        title="市财政局政务公开工作自查",
        rules="self_check",
        plan=plan,
        at=story.at(25),
    )
    failed = {
        3: ("两项任务还没有落实到人。", 18),
        4: ("办公时间没有按夏季作息更新。", 12),
        14: ("“资金监管”栏目半年没有更新。", 4),
    }
    points = {}
    for point in check.points.order_by("position"):
        finding, due = failed.get(point.position, ("", 0))
        points[point.position] = checking.record(
            point,
            drafter,
            key=story.key(),
            result="failed" if finding else "passed",
            finding=finding,
            due_on=story.day(due) if finding else None,
            at=story.at(25, 11),
        )
    checking.finish(check, drafter, key=story.key(), summary="总体符合要求，发现三个问题，已明确整改期限和责任科室。", at=story.at(25, 17))
    checking.rectify(points[3], drafter, key=story.key(), text="已交办到预算科和国库科。", done_on=story.day(20), at=story.at(20))
    checking.pass_recheck(points[3], reviewer, key=story.key(), text="台账里已经有承办人。", at=story.at(19))
    checking.rectify(points[4], drafter, key=story.key(), text="已更新办公时间。", done_on=story.day(13), at=story.at(13))


def _inspection(story: Story, plan: Plan) -> None:
    """The office inspects 市住建局: one point in order, one to be mended, one not looked at yet."""
    officer = story.who(OFFICER)
    housing = Agency.objects.get(code=f"{CITY}-11")
    check = checking.start(
        housing,
        officer,
        key=story.key(),
        kind="inspection",
        title="市住房城乡建设局要点落实情况督查",
        rules="inspection",
        plan=plan,
        at=story.at(5),
    )
    texts = ("物业企业信用评价结果已经公布，能打开", "保障性住房分配结果按季度更新", "任务进展有佐证，佐证与任务相符")
    points = [checking.add_point(check, officer, key=story.key(), text=text, basis="清政办发〔2026〕9号", at=story.at(5)) for text in texts]
    checking.record(points[0], officer, key=story.key(), result="passed", at=story.at(5, 11))
    checking.record(points[1], officer, key=story.key(), result="failed", finding="三季度的轮候情况没有公布。", at=story.at(5, 11))

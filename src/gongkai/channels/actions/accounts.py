"""政务新媒体账号: registered, changed, suspended, closed; what was posted and what checks found (国办发〔2018〕123号)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.catalogue.sites import is_address
from gongkai.channels.access import acts_for, directs
from gongkai.channels.actions.base import insist, lock, perform, text_reasons
from gongkai.channels.delivering import show_fresh
from gongkai.channels.models import Account, AccountCheck, Deed, Post, Reading
from gongkai.channels.vocabulary import medium_name, platforms
from gongkai.obligations.triggers import Fact, happened, withdrawn

State = Account.State
MOST_READ = 2_000_000_000


def role_reason(verb: str, agency: Agency, actor: Any) -> str:
    scope = scope_of(actor)
    if verb in ("open", "state", "check"):
        return "" if scope.is_office_of(agency.jurisdiction_id) else "账号的登记、暂停、注销和检查由本地区政务公开主管部门办理"
    if verb == "change":
        return "" if directs(scope, agency) else "账号信息由主办单位的负责人、审核人或者政务公开主管部门变更"
    return "" if acts_for(scope, agency) or directs(scope, agency) else "发布信息和运行数据由主办单位的人员登记"


def faults_of(platform: str, name: str, address: str, responsible: str, approved_by: str, opened_on: date | None) -> list[str]:
    faults = text_reasons(name, responsible, approved_by, address, most=300)
    if platform not in dict(platforms()):
        faults.append("请从列出的平台里选")
    if not name.strip() or len(name.strip()) > 80:
        faults.append("请填写账号名称，不超过 80 个字")
    if not responsible.strip() or len(responsible.strip()) > 40:
        faults.append("请填写责任人姓名，不超过 40 个字")
    if len(approved_by.strip()) > 120:
        faults.append("批准机关不超过 120 个字")
    if address.strip() and not is_address(address):
        faults.append("账号地址写成 https:// 开头的完整地址，没有就留空")
    if opened_on is None or opened_on > timezone.localdate():
        faults.append("开设日期填写今天或者以前的日期")
    return faults


def same_platform(agency: Agency, platform: str, but: int | None = None) -> list[str]:
    """Names of the other accounts of the unit on the platform: in principle there is one (a warning, no bar)."""
    rows = Account.objects.filter(agency=agency, platform=platform).exclude(state=State.CLOSED).exclude(pk=but or 0)
    return list(rows.order_by("pk").values_list("name", flat=True))


def open_account(
    agency: Agency,
    actor: User,
    *,
    key: str,
    platform: str,
    name: str,
    responsible: str,
    approved_by: str = "",
    address: str = "",
    opened_on: date | None = None,
) -> Account:
    """Registered, and from then on owed to be fresh where the place has the rule in use."""
    faults = faults_of(platform, name, address, responsible, approved_by, opened_on)

    def work() -> Account:
        insist(role_reason("open", agency, actor), faults)
        account = Account.objects.create(
            agency=agency,
            platform=platform,
            name=name.strip(),
            address=address.strip(),
            responsible=responsible.strip(),
            approved_by=approved_by.strip(),
            opened_on=opened_on or timezone.localdate(),
        )
        tell(account, actor)
        return account

    clash = f"{medium_name(platform)}账号“{name.strip()}”已经登记过"
    return perform(Deed.Kind.ACCOUNT_OPENED, actor, key, None, work, text=name, agency_id=agency.pk, clash=clash)


def tell(account: Account, actor: User) -> None:
    """The rules of law hear of it from the day it is registered here: nobody was told to show anything before."""
    agency = account.agency
    title = f"{medium_name(account.platform)}“{account.name}”"
    happened(Fact("media_account", agency.jurisdiction, agency, account.pk, title, timezone.localdate()), actor)


def change_account(
    account: Account, actor: User, *, key: str, name: str, responsible: str, approved_by: str = "", address: str = ""
) -> Account:
    """The platform and the day of opening are the account's identity and stay."""
    faults = faults_of(account.platform, name, address, responsible, approved_by, account.opened_on)

    def work() -> Account:
        row = lock(account)
        closed = ["账号已经注销"] if row.state == State.CLOSED else []
        insist(role_reason("change", row.agency, actor), closed or faults)
        row.name, row.responsible = name.strip(), responsible.strip()
        row.approved_by, row.address = approved_by.strip(), address.strip()
        row.save()
        return row

    clash = f"{medium_name(account.platform)}账号“{name.strip()}”已经登记过"
    return perform(Deed.Kind.ACCOUNT_CHANGED, actor, key, account, work, agency_id=account.agency_id, clash=clash)


def state_reasons(account: Account, state: str) -> list[str]:
    if account.state == state:
        return [f"账号现在就是“{account.get_state_display()}”"]
    return ["账号已经注销，要再用请重新登记"] if account.state == State.CLOSED else []


def set_state(account: Account, actor: User, *, key: str, state: str, reason: str, on: date | None = None) -> Account:
    """暂停、恢复、注销. What is not open owes no freshness; the ledger keeps it with its reason."""
    day = on or timezone.localdate()
    faults = text_reasons(reason, most=300) if reason.strip() else ["请写明理由"]
    if state not in State.values:
        faults.append("请选择状态")
    if day > timezone.localdate() or day < account.opened_on:
        faults.append("日期应当在开设之后，不晚于今天")

    def work() -> Account:
        row = lock(account)
        insist(role_reason("state", row.agency, actor), state_reasons(row, state) or faults)
        row.state, row.state_on, row.state_reason = state, day, reason.strip()
        row.save(update_fields=["state", "state_on", "state_reason"])
        if state == State.OPEN:
            tell(row, actor)
        else:
            withdrawn("media_account", row.pk, actor, f"账号{row.get_state_display()}：{reason.strip()}")
        return row

    return perform(Deed.Kind.ACCOUNT_STATE, actor, key, account, work, text=reason, agency_id=account.agency_id)


def record_post(account: Account, actor: User, *, key: str, title: str, url: str, at: datetime | None = None) -> Post:
    """What was posted outside this system, with its address; it counts for freshness and may prove a task."""
    moment = at or timezone.now()
    faults = text_reasons(title, most=300)
    if not title.strip():
        faults.append("请填写标题")
    if not is_address(url) or len(url) > 500:
        faults.append("地址写成 https:// 开头的完整地址")
    if moment > timezone.now():
        faults.append("发布时间不能晚于现在")
    elif timezone.localdate(moment) < account.opened_on:
        faults.append(f"发布时间早于开设日期 {account.opened_on}")

    def work() -> Post:
        row = lock(account)
        closed = ["账号已经注销"] if row.state == State.CLOSED else []
        insist(role_reason("post", row.agency, actor), closed or faults)
        made = Post.objects.create(account=row, title=title.strip(), url=url.strip(), at=moment, recorded_by=actor)
        show_fresh(made)
        return made

    return perform(Deed.Kind.ACCOUNT_POST, actor, key, account, work, text=title, agency_id=account.agency_id, clash="这个地址已经登记过")


def record_reading(
    account: Account, actor: User, *, key: str, followers: int, messages: int = 0, answered: int = 0, on: date | None = None
) -> Reading:
    """How many follow the account and write to it, as the platform says; written again on the same day it takes the place of the first."""
    day = on or timezone.localdate()
    faults = ["统计日期应当在开设之后，不晚于今天"] if day > timezone.localdate() or day < account.opened_on else []
    if min(followers, messages, answered) < 0 or max(followers, messages, answered) > MOST_READ:
        faults.append(f"数目写成 0 到 {MOST_READ} 的整数")
    if answered > messages:
        faults.append("已答复的不能多于收到的留言")

    def work() -> Reading:
        row = lock(account)
        closed = ["账号已经注销"] if row.state == State.CLOSED else []
        insist(role_reason("reading", row.agency, actor), closed or faults)
        said = {"followers": followers, "messages": messages, "answered": answered, "recorded_by": actor}
        return Reading.objects.update_or_create(account=row, on=day, defaults=said)[0]

    words = f"{day} 关注 {followers}，本年留言 {messages}，已答复 {answered}"
    return perform(Deed.Kind.ACCOUNT_READING, actor, key, account, work, text=words, agency_id=account.agency_id)


def check(
    account: Account, actor: User, *, key: str, on: date, passed: bool, finding: str = "", mend_by: date | None = None
) -> AccountCheck:
    """Somebody of the office looked at the account."""
    faults = text_reasons(finding, most=500)
    if not passed and not finding.strip():
        faults.append("请写明发现的问题")
    if on > timezone.localdate():
        faults.append("检查日期不能晚于今天")
    if mend_by is not None and (passed or mend_by < on):
        faults.append("整改期限只在有问题时填写，不早于检查日期")

    def work() -> AccountCheck:
        row = lock(account)
        insist(role_reason("check", row.agency, actor), faults)
        return AccountCheck.objects.create(account=row, on=on, passed=passed, finding=finding.strip(), mend_by=mend_by, checked_by=actor)

    return perform(Deed.Kind.ACCOUNT_CHECK, actor, key, account, work, text=finding, agency_id=account.agency_id)

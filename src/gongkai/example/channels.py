"""The example city's channels and social-media accounts: one of each connector, accounts that are fresh, stale and closed, deliveries that
arrived, wait for a person, and failed. Told through the real verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gongkai.agencies.models import Membership
from gongkai.channels.actions import accounts, channels, deliveries
from gongkai.channels.models import Account, Channel, Delivery
from gongkai.channels.vocabulary import gates
from gongkai.example.directory import CITY
from gongkai.example.moments import at
from gongkai.example.publishing import Desk
from gongkai.obligations.switching import switch_on
from gongkai.publications.models import Edition
from gongkai.publications.visible import live_editions

Role = Membership.Role
OFFICE, FINANCE, HOUSING, MARKET = (f"{CITY}-{n}" for n in ("02", "07", "11", "15"))
ACCOUNTS = (
    # key, agency, platform, name, responsible, days since it was opened, posts: days before today
    ("wechat", OFFICE, "wechat", "清河发布", "李华", 1500, (2, 6, 9, 13, 20, 27)),
    ("weibo", OFFICE, "weibo", "清河政务", "范文", 1480, (1, 5, 12)),
    ("market", MARKET, "wechat", "清河市场监管", "黄涛", 900, tuple(range(3, 7 * 30, 7))),
    ("housing", HOUSING, "weibo", "清河住建", "王方", 800, (41, 63)),
    ("second", HOUSING, "weibo", "清河物业服务", "王方", 700, (95,)),
)
TITLES = ("便民信息", "政策问答", "办事提醒", "工作动态", "食品抽检结果")


def tell(report: Callable[[str], None]) -> None:
    """After publishing.tell, inside the transaction of load.load."""
    report("正在建立渠道示例：推送、新媒体账号")
    desk = _Desk()
    officer = desk.who(desk.office, Role.OFFICE)
    switch_on("media.fresh", desk.place, officer, since=desk.day(0))
    made = _accounts(desk)
    rows = _channels(desk, made)
    _deliveries(desk, rows)


class _Desk(Desk):
    """The same people and places, with keys of its own."""

    def key(self) -> str:
        return super().key().replace("publishing", "channels")


def _accounts(desk: Desk) -> dict[str, Account]:
    officer = desk.who(desk.office, Role.OFFICE)
    made = {}
    for name, code, platform, words, person, days, posts in ACCOUNTS:
        agency = desk.agencies[code]
        account = accounts.open_account(
            agency,
            officer,
            key=desk.key(),
            platform=platform,
            name=words,
            responsible=person,
            approved_by="清河市人民政府办公室",
            address=f"https://{platform}.example/{name}",
            opened_on=desk.day(days),
        )
        made[name] = account
        for n, before in enumerate(sorted(posts, reverse=True)):
            accounts.record_post(
                account,
                desk.who(agency, Role.DRAFTER),
                key=desk.key(),
                title=f"{TITLES[n % len(TITLES)]}（{desk.day(before):%m月%d日}）",
                url=f"https://{platform}.example/{name}/{before}",
                at=desk.moment(before, 10),
            )
    accounts.check(
        made["housing"],
        officer,
        key=desk.key(),
        on=desk.day(10),
        passed=False,
        finding="一个月以上没有更新，与“清河物业服务”内容重复。",
        mend_by=desk.day(-20),
    )
    old = accounts.open_account(
        desk.agencies[FINANCE],
        officer,
        key=desk.key(),
        platform="toutiao",
        name="清河财政",
        responsible="张维",
        approved_by="清河市人民政府办公室",
        opened_on=desk.day(1300),
    )
    accounts.set_state(old, officer, key=desk.key(), state="closed", reason="长期没有更新，整合到“清河发布”", on=desk.day(120))
    return made


def _channels(desk: Desk, made: dict[str, Account]) -> dict[str, Channel]:
    officer, office = desk.who(desk.office, Role.OFFICE), desk.agencies[OFFICE]
    wanted: tuple[tuple[Any, ...], ...] = (
        ("atom", "政府信息订阅源", "atom", "website", {}, None),
        ("archive", "市档案馆、市图书馆", "file_drop", "archive", {"folder": "archive"}, None),
        ("press", "本地媒体", "email", "press", {"addresses": ["news@media.example", "radio@media.example"], "full_text": False}, None),
        ("wechat", "清河发布微信公众号", "manual", "wechat", {"ending": "来源：清河市人民政府网站", "most": None}, made["wechat"]),
    )
    rows = {}
    for name, words, kind, medium, settings, account in wanted:
        rows[name] = channels.open_channel(
            office,
            officer,
            key=desk.key(),
            name=words,
            connector_name=kind,
            medium=medium,
            settings=settings,
            account=account,
            everything=name in ("atom", "archive"),
        )
    channels.add_rule(rows["press"], officer, key=desk.key(), kind="normative")
    channels.add_rule(rows["wechat"], officer, key=desk.key(), kind="normative")
    return rows


def _deliveries(desk: Desk, rows: dict[str, Channel]) -> None:
    """Three documents that are public already are sent by hand: one is posted, one waits to be posted, one waits for the four checks."""
    office, reviewer = desk.agencies[OFFICE], desk.who(desk.agencies[OFFICE], Role.HEAD)
    drafter = desk.who(office, Role.DRAFTER)
    listed: list[Edition] = list(
        live_editions().filter(document__jurisdiction=desk.place, revision__attribute="proactive").order_by("-published_at")[:3]
    )
    sent: list[Delivery] = []
    with at(timezone.now() - timedelta(hours=5)):
        for edition in listed:
            sent.append(deliveries.add(rows["wechat"], edition.document, drafter, key=desk.key()))
            deliveries.add(rows["archive"], edition.document, drafter, key=desk.key())
        deliveries.add(rows["press"], listed[0].document, drafter, key=desk.key())
    for n, row in enumerate(sent[:2]):
        with at(timezone.now() - timedelta(hours=4)):
            deliveries.gate(row, reviewer, key=desk.key(), confirmed=[gate.id for gate in gates()])
        if n == 0:
            row.refresh_from_db()
            deliveries.post(row, drafter, key=desk.key(), address="https://wechat.example/s/1", at=timezone.now() - timedelta(hours=2))

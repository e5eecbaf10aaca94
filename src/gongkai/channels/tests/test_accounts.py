"""The ledger of accounts: registered, fresh or not, low in use, checked, imported and exported."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.channels import importing, queries
from gongkai.channels.actions import accounts as actions
from gongkai.channels.models import Account, Post
from gongkai.channels.tests.making import account, key
from gongkai.conftest import Cast
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.switching import switch_on

OPENED = date(2020, 5, 1)


def opened(cast: Cast, **fields: Any) -> Account:
    values = {"platform": "wechat", "name": "清河发改", "responsible": "王某", "opened_on": OPENED, **fields}
    return actions.open_account(cast.reform, cast.user("openness_officer"), key=key(), **values)


def posted(row: Account, days: int, n: int = 1) -> None:
    at = timezone.now() - timedelta(days)
    for k in range(n):
        Post.objects.create(account=row, title="信息", url=f"https://a.example/{row.pk}/{days}/{k}", at=at)


def fresh(row: Account) -> Any:
    return queries.with_freshness([Account.objects.select_related("agency__jurisdiction").get(pk=row.pk)], timezone.localdate())[0].fresh


def rule_in_use(cast: Cast, **values: Any) -> None:
    switch_on("media.fresh", cast.city, cast.user("openness_officer"), since=timezone.localdate() - timedelta(1), values=values)


def test_an_account_owes_freshness_and_a_post_shows_it(cast: Cast) -> None:
    rule_in_use(cast)
    row = opened(cast)
    duty = Obligation.objects.get(OPEN, rule="media.fresh", subject_id=row.pk)
    assert duty.owner == cast.reform and duty.due_on == timezone.localdate() + timedelta(14)
    actions.record_post(row, cast.user("drafter"), key=key(), title="便民信息", url="https://mp.example/1")
    proof = Evidence.objects.get(obligation=duty)
    assert (proof.record_kind, proof.result) == ("media_post", "passed")
    actions.set_state(row, cast.user("openness_officer"), key=key(), state="closed", reason="整合到市政府账号")
    duty.refresh_from_db()
    assert duty.replaced_on == timezone.localdate()


def test_suspended_and_open_again(cast: Cast) -> None:
    rule_in_use(cast)
    row, officer = opened(cast), cast.user("openness_officer")
    actions.set_state(row, officer, key=key(), state="suspended", reason="改版")
    actions.set_state(row, officer, key=key(), state="open", reason="改版完成")
    assert Obligation.objects.filter(OPEN, rule="media.fresh", subject_id=row.pk).count() == 1
    actions.set_state(row, officer, key=key(), state="closed", reason="整合")
    with pytest.raises(ActionRefused, match="重新登记"):
        actions.set_state(row, officer, key=key(), state="open", reason="再用")


@pytest.mark.parametrize(("days", "stale"), [(0, False), (14, False), (15, True), (60, True)])
def test_two_weeks_without_an_update_is_too_long(cast: Cast, days: int, stale: bool) -> None:
    row = account(cast.reform)
    posted(row, days)
    assert fresh(row).is_stale is stale


def test_a_place_may_have_its_own_number(cast: Cast) -> None:
    rule_in_use(cast, n=7)
    row = account(cast.reform)
    posted(row, 8)
    assert fresh(row).is_stale and fresh(row).floor.days == 7 and fresh(row).floor.in_use


def test_low_use_and_doubles_are_listed(cast: Cast) -> None:
    thin, good = account(cast.reform), account(cast.reform, name="清河发改二号")
    posted(thin, 40, 3)
    posted(good, 2, 5)
    assert [words.split("：")[0] for words in fresh(thin).low] == ["长期没有更新", "更新很少"]
    assert fresh(good).low == [] and fresh(good).duplicates == ["清河发布"]
    new = account(cast.finance, name="新号", opened_on=timezone.localdate())
    assert fresh(new).low == [] and not fresh(new).is_stale


def test_what_was_withdrawn_counts_no_more(cast: Cast) -> None:
    row = account(cast.reform)
    posted(row, 1)
    Post.objects.update(withdrawn_at=timezone.now())
    assert fresh(row).is_stale and fresh(row).weeks == 0


def test_weeks_of_the_year_count_each_week_once(cast: Cast) -> None:
    """S4-35: one a week, so many of so many."""
    row = account(cast.reform)
    today = date(2026, 12, 28)
    for n in range(52):
        moment = timezone.make_aware(timezone.datetime(2026, 1, 5, 9)) + timedelta(weeks=n)
        Post.objects.create(account=row, title="抽检结果", url=f"https://a.example/{n}", at=moment)
    Post.objects.create(account=row, title="再一条", url="https://a.example/x", at=timezone.make_aware(timezone.datetime(2026, 1, 6, 9)))
    weeks = queries.weeks_of_year(row, today)
    assert sum(1 for _monday, n in weeks if n) == 52 and sum(n for _monday, n in weeks) == 53
    assert queries.with_freshness([row], today)[0].fresh.weeks == 52


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "账号名称"),
        ({"platform": "website"}, "平台"),
        ({"responsible": ""}, "责任人"),
        ({"address": "weixin"}, "完整地址"),
        ({"opened_on": date(2099, 1, 1)}, "今天或者以前"),
        ({"name": "长" * 81}, "80"),
    ],
)
def test_what_is_not_right_is_said(cast: Cast, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        opened(cast, **fields)


def test_who_registers(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.open_account(cast.reform, cast.user("head"), key=key(), platform="wechat", name="号", responsible="王某", opened_on=OPENED)
    row = opened(cast)
    with pytest.raises(ActionRefused, match="已经登记过"):
        opened(cast)
    actions.change_account(row, cast.user("head"), key=key(), name="清河发改委", responsible="李某")
    with pytest.raises(NotAllowed):
        actions.record_post(row, cast.user("other_officer"), key=key(), title="x", url="https://a.example/1")


def test_checks_are_kept(cast: Cast) -> None:
    row, today = opened(cast), timezone.localdate()
    with pytest.raises(ActionRefused, match="问题"):
        actions.check(row, cast.user("openness_officer"), key=key(), on=today, passed=False)
    actions.check(row, cast.user("openness_officer"), key=key(), on=today, passed=False, finding="有错别字", mend_by=today + timedelta(5))
    assert row.checks.get().finding == "有错别字"


def sheet(*rows: tuple[Any, ...], header: tuple[str, ...] = importing.KNOWN) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["政务新媒体账号登记表"])
    page.append(header)
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_comes_in_whole_and_once(cast: Cast) -> None:
    rows = [
        (cast.reform.name, "微信", "清河发改", "王某", date(2020, 5, 1), "https://a.example/1", "市政府办公室"),
        (cast.finance.short_name, "微博", "清河财政", "李某", "2021年3月2日", "", ""),
    ]
    for _ in range(2):
        importing.take(sheet(*rows), cast.user("openness_officer"), key=key())
    assert list(Account.objects.order_by("pk").values_list("name", "platform", "opened_on")) == [
        ("清河发改", "wechat", date(2020, 5, 1)),
        ("清河财政", "weibo", date(2021, 3, 2)),
    ]


def test_every_fault_has_its_row_and_nothing_is_taken(cast: Cast) -> None:
    rows = [
        (cast.reform.name, "微信", "好的", "王某", "2020-05-01"),
        ("没有的局", "微信", "号", "王某", "2020-05-01"),
        (cast.reform.name, "脸书", "号", "王某", "2020-05-01"),
        (cast.reform.name, "微信", "号", "王某", "去年"),
        (cast.east_finance.name, "微信", "别处", "王某", "2020-05-01"),
    ]
    with pytest.raises(ActionRefused) as caught:
        importing.take(sheet(*rows), cast.user("openness_officer"), key=key())
    assert [reason[:6] for reason in caught.value.reasons] == ["表格第 4 ", "表格第 5 ", "表格第 6 ", "表格第 7 "]
    assert not Account.objects.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"name,platform\n"])
def test_what_is_no_sheet_is_refused(cast: Cast, data: bytes) -> None:
    with pytest.raises(ActionRefused, match="读不出"):
        importing.take(data, cast.user("openness_officer"), key=key())


def test_a_sheet_without_its_header_says_which_columns(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="主办单位、平台"):
        importing.take(sheet(("a", "b"), header=("甲", "乙")), cast.user("openness_officer"), key=key())


def test_what_goes_out_comes_back_in(cast: Cast, client: Client) -> None:
    row = opened(cast, address="https://a.example/1", approved_by="市政府办公室")
    client.force_login(cast.user("openness_officer"))
    data = client.get(reverse("channels:accounts_export", args=["xlsx"])).content
    row.delete()
    importing.take(data, cast.user("openness_officer"), key=key())
    again = Account.objects.get()
    assert (again.name, again.address, again.opened_on) == ("清河发改", "https://a.example/1", OPENED)


def test_the_public_list_names_no_person(cast: Cast, client: Client) -> None:
    row = opened(cast)
    posted(row, 1)
    actions.set_state(opened(cast, name="旧号", platform="weibo"), cast.user("openness_officer"), key=key(), state="closed", reason="整合")
    page = client.get("/channels/").content.decode()
    data = client.get("/channels/accounts.json")
    table = client.get("/channels/accounts.csv").content.decode("utf-8-sig")
    for text in (page, data.content.decode(), table):
        assert "清河发改" in text and "旧号" in text and "王某" not in text
    first = json.loads(data.content)["accounts"][0]
    assert first["platform"] == "wechat" and first["last_update"] and first["state"] == "open"
    assert client.get("/channels/?place=99999999").status_code == 200 and client.get("/channels/?page=x&place=y").status_code == 200

"""S2-20: an interactive column is live, leads to where one takes part, and says how much it is used, in figures nobody types in."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue.models import Column, Item, Suggestion
from gongkai.catalogue.tests import making as catalogue_making
from gongkai.channels.actions import accounts as account_actions
from gongkai.channels.models import Reading
from gongkai.channels.tests.making import account, key
from gongkai.conftest import Cast
from gongkai.obligations import proving
from gongkai.obligations.models import Obligation
from gongkai.obligations.records import candidates
from gongkai.plans.models import Task
from gongkai.portal import column_usage
from gongkai.publications.models import Document, Edition, Subscription
from gongkai.publications.tests.making import live

NOW = timezone.now


@pytest.fixture
def column(cast: Cast) -> Column:
    return catalogue_making.column(
        cast.reform, "collect", name="民意征集", kind="征集调查", interactive="collect", entry_url="https://www.qinghe.gov.cn/zj"
    )


def figures(column: Column) -> dict[str, int]:
    return {one["label"]: one["n"] for one in column_usage.usage([column])[column.pk]}


def suggested(column: Column, cast: Cast, n: int, answered: bool = False) -> None:
    item = Item.objects.filter(column=column).first() or catalogue_making.version(cast.reform, state="current").standards.first().item
    Item.objects.filter(pk=item.pk).update(column=column)
    done = {"outcome": "adopted", "answer": "采纳", "answered_by": cast.head, "answered_at": NOW()} if answered else {}
    for k in range(n):
        code = f"{n}-{k}-{answered}"
        Suggestion.objects.create(item=item, agency=cast.reform, code=code, key=code, text="多公开", received_at=NOW(), **done)


def in_column(cast: Cast, column: Column, **content: Any) -> Edition:
    made = live(cast.reform, cast.drafter, **content)
    Document.objects.filter(pk=made.document_id).update(column=column)
    return made


def followed(column: Column, *, confirmed: bool = True, **more: Any) -> None:
    at = NOW() if confirmed else None
    Subscription.objects.create(email=f"a{Subscription.objects.count()}@example.cn", asked_at=NOW(), confirmed_at=at, **more)


def test_figures_are_what_was_published_and_done(cast: Cast, column: Column) -> None:
    assert figures(column) == {"本年民意征集": 0, "订阅": 0}
    for n in range(2):
        in_column(cast, column, title=f"征集意见 {n}", genre="collect")
    other = in_column(cast, column, title="工作动态", genre="notice")
    old = in_column(cast, column, title="去年的征集", genre="collect")
    type(old).objects.filter(pk=old.pk).update(published_at=NOW() - timedelta(days=400))
    suggested(column, cast, 3)
    suggested(column, cast, 1, answered=True)
    followed(column, chosen={"column": str(column.pk)}, list_key="a" * 64)
    followed(column, document=other.document)
    followed(column, document=other.document, confirmed=False)
    assert figures(column) == {"本年民意征集": 2, "订阅": 2, "本年公众建议": 4, "其中已答复": 1}


def test_wechat_and_weibo_come_from_the_ledger_of_accounts(cast: Cast, column: Column) -> None:
    drafter, today = cast.user("drafter"), timezone.localdate()
    wechat, closed = account(cast.reform), account(cast.reform, name="旧号", state="closed", state_on=today, state_reason="整合")
    account_actions.record_reading(wechat, drafter, key=key(), followers=900, on=today - timedelta(40))
    account_actions.record_reading(wechat, drafter, key=key(), followers=1000, messages=7, answered=6)
    account_actions.record_reading(wechat, drafter, key=key(), followers=1001, messages=7, answered=7)
    account_actions.record_post(wechat, drafter, key=key(), title="便民", url="https://mp.example/1")
    assert Reading.objects.filter(account=wechat, on=today).get().followers == 1001, "on the same day it is corrected"
    found = figures(column)
    assert found[f"微信“清河发布”关注（{today}）"] == 1001
    assert found["微信“清河发布”本年留言"] == 7 and found["微信“清河发布”留言已答复"] == 7
    assert found[f"微信“清河发布”本年发布，最近 {today}"] == 1
    assert not any(closed.name in label for label in found)


def test_what_cannot_be_is_not_written_down(cast: Cast) -> None:
    row, drafter = account(cast.reform), cast.user("drafter")
    wrong: list[dict[str, Any]] = [
        {"followers": 1, "messages": 2, "answered": 3},
        {"followers": -1},
        {"followers": 3_000_000_000},
        {"followers": 1, "on": timezone.localdate() + timedelta(1)},
    ]
    for values in wrong:
        with pytest.raises(ActionRefused):
            account_actions.record_reading(row, drafter, key=key(), **values)
    with pytest.raises(NotAllowed):
        account_actions.record_reading(row, cast.user("other_officer"), key=key(), followers=1)
    assert not Reading.objects.exists()


def test_anybody_reads_them_on_the_page_as_json_and_as_csv(client: Client, cast: Cast, column: Column) -> None:
    made = in_column(cast, column, title="征集对停车收费的意见", genre="collect")
    page = client.get(reverse("catalogue_public:column", args=[cast.city.code, column.slug])).content.decode()
    assert "本年民意征集" in page and column.entry_url in page
    document = client.get(reverse("documents:document", args=[made.document_id])).content.decode()
    assert f'href="{column.entry_url}"' in document and "民意征集：参加" in document
    assert client.get(reverse("documents:document_json", args=[made.document_id])).json()["take_part"] == column.entry_url
    listed = client.get(reverse("documents:list"), {"column": column.pk, "genre": "collect"}).content.decode()
    assert "征集对停车收费的意见" in listed
    tree = client.get(reverse("portal:columns:tree", args=[cast.city.code])).content.decode()
    address = reverse("portal:columns:interactive_csv", args=[cast.city.code])
    assert "本年民意征集 1" in tree and address in tree
    told = client.get(reverse("portal:columns:tree_json", args=[cast.city.code])).json()["columns"]
    assert next(row for row in told if row["slug"] == "collect")["usage"][0]["n"] == 1
    rows = list(csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    first = next(row for row in rows if row.get("指标") == "本年民意征集")
    assert (first["栏目"], first["数目"], first["参与入口"]) == ("民意征集", "1", column.entry_url)


def test_use_of_accounts_is_public_without_persons(client: Client, cast: Cast) -> None:
    row = account(cast.reform)
    account_actions.record_reading(row, cast.user("drafter"), key=key(), followers=88, messages=3, answered=2)
    page = client.get(reverse("channels_public:accounts")).content.decode()
    assert "关注 88" in page and "本年留言 3，已答复 2" in page
    told = json.loads(client.get(reverse("channels_public:accounts_json")).content)["accounts"][0]
    assert told["use"] == {"on": str(timezone.localdate()), "followers": 88, "messages": 3, "answered": 2}
    assert "88" in client.get(reverse("channels_public:accounts_csv")).content.decode("utf-8-sig")
    client.force_login(cast.user("drafter"))
    assert client.get(reverse("channels:account", args=[row.pk])).content.decode().count("登记运行数据") >= 1
    posted = client.post(
        reverse("channels:account_verb", args=[row.pk, "reading"]), {"key": key(), "followers": "90", "messages": "3", "answered": "9"}
    )
    assert posted.status_code in (409, 422) and "不能多于收到的留言" in posted.content.decode()


def test_the_figures_are_evidence_of_the_task(cast: Cast, column: Column, issued_plan: Any) -> None:
    duty = Obligation.objects.filter(document_id=issued_plan().pk, owner=cast.reform).order_by("pk")[0]
    assert candidates(duty) == [], "the task does not speak of it"
    Task.objects.filter(pk=duty.subject_id).update(text="完善民意征集等栏目，用好微信微博互动")
    duty = Obligation.objects.get(pk=duty.pk)
    assert candidates(duty) == [], "an empty column proves nothing"
    in_column(cast, column, title="征集意见", genre="collect")
    assert [(one.record_kind, one.record_id) for one in candidates(duty)] == [(column_usage.KIND, column.pk)]
    proof = proving.hand_in(duty, cast.user("drafter"), key=key(), kind="record", record=(column_usage.KIND, column.pk))
    assert "本年民意征集 1" in proof.proves
    assert "系统统计" in proof.reason, "the figures of the day stay with the evidence"
    Column.objects.filter(pk=column.pk).update(closed_on=timezone.localdate())
    shut = column_usage.facts(column.pk)
    assert shut is not None and shut.published_on is None and shut.lacking == "已经关停"


def test_many_columns_cost_what_one_costs(cast: Cast, column: Column) -> None:
    def asked(columns: list[Column]) -> int:
        with CaptureQueriesContext(connection) as queries:
            column_usage.usage(columns)
        return len(queries)

    account(cast.reform)
    one = asked([column])
    more = [
        catalogue_making.column(cast.finance, f"talks{n}", name=f"在线访谈{n}", kind="在线访谈", interactive="interview") for n in range(5)
    ]
    for n in range(3):
        account(cast.finance, name=f"号{n}")
    assert asked([column, *more]) == one

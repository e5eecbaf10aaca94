"""机构改革: what goes out for an agency goes out for whoever takes over, and nothing already delivered changes hands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import reorganising
from gongkai.agencies.belongings import belongings
from gongkai.agencies.models import Agency
from gongkai.agencies.reorganising import NewAgency, Order
from gongkai.channels import planning
from gongkai.channels.actions import accounts as account_actions
from gongkai.channels.actions import deliveries as delivery_actions
from gongkai.channels.models import Account, Channel, ChannelRule, Delivery
from gongkai.channels.tests.making import account, channel, key, published
from gongkai.conftest import Cast
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.switching import switch_on

YESTERDAY = timezone.localdate() - timedelta(1)


def order(cast: Cast, **more: Any) -> Order:
    return Order(cast.user("openness_officer"), key(), YESTERDAY, "清河市机构改革方案", **more)


@pytest.fixture
def bureau(cast: Cast) -> Agency:
    """市粮食局, about to be merged into 市发改委."""
    return Agency.objects.create(
        jurisdiction=cast.city, code="990100-031", name="清河市粮食局", short_name="市粮食局", valid_from=date(2010, 1, 1)
    )


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_channels_accounts_and_rules_go_on_at_the_heir(cast: Cast, bureau: Agency) -> None:
    own = channel(bureau, name="档案馆")
    of_heir = channel(cast.reform, name="档案馆")
    account_ = account(bureau, name="清河粮食")
    closed = account(bureau, name="旧号", state="closed", state_on=YESTERDAY, state_reason="整合")
    with_account = channel(bureau, "manual", account=account_, needs_gates=True, medium="wechat")
    with_closed = channel(bureau, "manual", account=closed, needs_gates=True, medium="wechat")
    shared = channel(cast.office, rule=False)
    ChannelRule.objects.create(channel=shared, agency=bureau)
    ChannelRule.objects.create(channel=shared, agency=bureau, kind="normative")
    ChannelRule.objects.create(channel=shared, agency=cast.reform)
    outcome = reorganising.merge_agencies([bureau], cast.reform, order(cast))
    assert "渠道和新媒体账号 4 个" in outcome.sentence
    assert (again(own).agency, again(own).name) == (cast.reform, "档案馆（原市粮食局）")
    assert again(of_heir).name == "档案馆"
    assert {again(row).agency for row in (with_account, with_closed, account_)} == {cast.reform}
    assert again(closed).agency == bureau, "what is closed stays in its name"
    assert [(rule.agency, rule.kind) for rule in shared.rules.order_by("kind")] == [(cast.reform, ""), (cast.reform, "normative")]


def test_the_freshness_of_an_account_is_owed_by_the_heir(cast: Cast, bureau: Agency) -> None:
    switch_on("media.fresh", cast.city, cast.user("openness_officer"), since=YESTERDAY)
    row = account_actions.open_account(
        bureau, cast.user("openness_officer"), key=key(), platform="wechat", name="清河粮食", responsible="王某", opened_on=date(2020, 5, 1)
    )
    reorganising.merge_agencies([bureau], cast.reform, order(cast))
    duty = Obligation.objects.get(OPEN, rule="media.fresh", subject_id=row.pk)
    assert duty.owner == cast.reform
    account_actions.record_post(again(row), cast.user("drafter"), key=key(), title="粮价", url="https://mp.example/1")
    assert duty.evidence.get().result == "passed"


def test_what_an_ended_agency_published_goes_by_its_heirs_channels(cast: Cast) -> None:
    before = channel(cast.reform)
    edition = published(cast, title="粮食储备办法")
    went = Delivery.objects.get(channel=before)
    (heir,) = reorganising.merge_agencies([cast.reform], NewAgency("清河市发展改革和粮食局"), order(cast)).agencies
    assert again(before).agency == heir and again(went).channel_id == before.pk
    edition = type(edition).objects.get(pk=edition.pk)
    assert list(planning.channels_for(edition)) == [before]
    later = channel(heir)
    assert delivery_actions.add_reasons(later, edition.document) == []
    assert delivery_actions.add_reasons(channel(cast.finance), edition.document)


def test_a_rename_keeps_everything(cast: Cast, client: Any) -> None:
    own, account_ = channel(cast.reform, name="档案馆"), account(cast.reform, name="清河发改")
    reorganising.rename(cast.reform, "清河市发展改革局", "市发改局", order(cast))
    assert (again(own).agency_id, again(account_).agency_id) == (cast.reform.pk, cast.reform.pk)
    edition = published(cast, title="更名以后")
    assert Delivery.objects.filter(channel=own, edition=edition).count() == 1
    assert "清河市发展改革局" in client.get(reverse("channels_public:accounts")).content.decode()


def test_a_division_gives_each_its_own(cast: Cast, bureau: Agency) -> None:
    wechat, weibo = account(bureau, name="清河粮食"), account(bureau, name="清河物资", platform="weibo")
    tied = channel(bureau, "manual", account=weibo, needs_gates=True, medium="weibo")
    free = channel(bureau, name="档案馆")
    listed = next(things for title, things in belongings(bureau) if title == "渠道和新媒体账号")
    assert {(one.kind, one.pk) for one in listed} == {("media_account", wechat.pk), ("media_account", weibo.pk), ("channel", free.pk)}
    parts = [NewAgency("清河市粮食储备局"), NewAgency("清河市物资局")]
    first, second = reorganising.split_agency(bureau, parts, order(cast), chosen={("media_account", weibo.pk): 1}).agencies
    assert again(wechat).agency == first and again(free).agency == first
    assert again(weibo).agency == second and again(tied).agency == second, "a channel goes with its account"


def test_what_stays_stays_where_the_agency_goes_on(cast: Cast, bureau: Agency) -> None:
    wechat, own = account(bureau, name="清河粮食"), channel(bureau)
    chosen = {("media_account", wechat.pk): 0}
    (part,) = reorganising.split_agency(bureau, [NewAgency("清河市粮食储备局")], order(cast), chosen=chosen, main=None).agencies
    assert again(wechat).agency == part and again(own).agency == bureau


def test_a_dry_run_moves_nothing(cast: Cast, bureau: Agency) -> None:
    own, wechat = channel(bureau), account(bureau, name="清河粮食")
    seen = reorganising.merge_agencies([bureau], cast.reform, order(cast, dry_run=True))
    assert "渠道和新媒体账号 2 个" in seen.sentence
    assert (Channel.objects.get(pk=own.pk).agency, Account.objects.get(pk=wechat.pk).agency) == (bureau, bureau)

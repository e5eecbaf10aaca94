"""Rows of the pages: channels with what they carry, accounts with how fresh they are. A constant number of queries whatever the number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from gongkai.channels.connectors import connector
from gongkai.channels.models import Account, Channel, Delivery, Post, Reading
from gongkai.channels.states import STATES, TO_DO, look, with_state
from gongkai.channels.vocabulary import fresh_rule, low_use, medium_name
from gongkai.obligations.models import RuleSwitch
from gongkai.obligations.statutes import current

STATE_LOOKS = {"open": "ok circle", "suspended": "warn dash", "closed": "wait cross"}


def channel_rows(channels: Iterable[Channel]) -> list[Any]:
    """The channels with `counts` by state, `label`, `medium_words`, and `alarm` (how many need a person); those that fail come first."""
    listed: list[Any] = list(channels)
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    rows = with_state(Delivery.objects.filter(channel__in=[row.pk for row in listed])).order_by()
    for channel, state, n in rows.values_list("channel", "state").annotate(n=Count("pk")):
        counted[channel][state] += n
    for row in listed:
        found = connector(row.connector)
        row.label = found.label if found else f"{row.connector}（没有安装）"
        row.medium_words = medium_name(row.medium)
        row.counts = [(STATES[name][0], STATES[name][1], n) for name in STATES if (n := counted[row.pk][name])]
        row.failed, row.alarm = counted[row.pk]["failed"], sum(counted[row.pk][name] for name in TO_DO)
        row.open_n = sum(counted[row.pk][name] for name in ("retry", "queued", "accepted", "sending"))
        row.by_person = row.alarm - row.failed
        row.done_n = counted[row.pk]["done"]
        row.is_paused = row.paused_until is not None and row.paused_until > timezone.now()
    return sorted(listed, key=lambda row: (-row.failed, -row.alarm, not row.active))


def state_figures(rows: QuerySet[Delivery], here: str) -> list[dict[str, Any]]:
    """How many deliveries are in each state, as components/counts.html takes them. One query."""
    counted = Counter(dict(with_state(rows).order_by().values_list("state").annotate(n=Count("pk"))))
    return [
        {"label": word, "n": counted[name], "url": f"{here}?state={name}", "alarm": name == "failed"}
        for name, (word, _css) in STATES.items()
        if counted[name] or name in ("failed", "done")
    ]


def listed(rows: QuerySet[Delivery], state: str = "") -> QuerySet[Any]:
    """What needs a person first, then what is on its way, then the newest."""
    found = with_state(rows)
    found = found.filter(state=state) if state in STATES else found
    return found.order_by("rank", "-made_at", "-pk")


def looked(rows: Iterable[Any]) -> list[Any]:
    for row in rows:
        look(row)
        row.title = row.edition.revision.title if row.edition.revision is not None else str(row.document)
    return list(rows)


@dataclass(frozen=True, slots=True)
class Floor:
    """How often accounts of a place must be updated: `days`, whether the place has the rule in use, and what it rests on."""

    days: int
    in_use: bool
    basis: str
    certainty: str


def floors(place_ids: Iterable[int], today: date) -> dict[int, Floor]:
    """Place → its floor, its own number or the rule's. One query."""
    rule = current(fresh_rule(), today)
    assert rule is not None and rule.freshness is not None
    ids = set(place_ids)
    own = {row.jurisdiction_id: row for row in RuleSwitch.objects.filter(jurisdiction__in=ids, rule=rule.id)}
    found = {}
    for pk in ids:
        switch = own.get(pk)
        on = switch is not None and switch.on
        days = int(switch.values.get("n", rule.freshness["n"])) if switch is not None and on else int(rule.freshness["n"])
        found[pk] = Floor(days, on, rule.article, rule.certainty)
    return found


@dataclass(slots=True)
class Freshness:
    """An account as it stands today. `stale_since`: the day from which it is longer without an update than it may be."""

    last: datetime | None
    floor: Floor
    stale_since: date | None
    low: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    weeks: int = 0
    weeks_due: int = 0
    reading: Reading | None = None
    """How many follow it and write to it, as last written down."""

    @property
    def is_stale(self) -> bool:
        return self.stale_since is not None


def with_freshness(accounts: Iterable[Account], today: date) -> list[Any]:
    """The accounts with `fresh`, `platform_words`, `state_css`. Five queries."""
    listed_: list[Any] = list(accounts)
    ids = [row.pk for row in listed_]
    rules = low_use(today)
    since = {rule.id: today - timedelta(rule.days - 1) for rule in rules}
    first = min([*since.values(), date(today.year, 1, 1)])
    standing = Post.objects.filter(account__in=ids, withdrawn_at__isnull=True).order_by()
    last = dict(standing.values_list("account").annotate(last=Max("at")))
    days: dict[int, Counter[date]] = defaultdict(Counter)
    recent = standing.filter(at__date__gte=first).annotate(day=TruncDate("at")).values_list("account", "day")
    for account, day, n in recent.annotate(n=Count("pk")):
        days[account][day] += n
    places = floors({row.agency.jurisdiction_id for row in listed_}, today)
    double, readings = _doubles(listed_), last_readings(ids)
    for row in listed_:
        floor = places[row.agency.jurisdiction_id]
        moment = last.get(row.pk)
        begun = max(timezone.localdate(moment) if moment else row.opened_on, row.opened_on)
        stale_on = begun + timedelta(floor.days + 1)
        is_open = row.state == Account.State.OPEN
        per_day = days[row.pk]
        low = [
            f"{rule.name}：{rule.words}"
            for rule in rules
            if is_open and row.opened_on <= since[rule.id] and _posts_since(per_day, since[rule.id]) < rule.posts_below
        ]
        start = max(row.opened_on, date(today.year, 1, 1))
        row.fresh = Freshness(
            moment,
            floor,
            stale_on if is_open and stale_on <= today else None,
            low,
            double.get(row.pk, []) if row.state != Account.State.CLOSED else [],
            len({week_of(day) for day in per_day if day.year == today.year}),
            len({week_of(start + timedelta(n)) for n in range((today - start).days + 1)}),
            readings.get(row.pk),
        )
        row.platform_words, row.state_css = medium_name(row.platform), STATE_LOOKS[row.state]
    return listed_


def last_readings(accounts: Iterable[int]) -> dict[int, Reading]:
    """Account → what was last written down of its use. One query."""
    newest = Reading.objects.filter(account=OuterRef("account")).order_by("-on").values("pk")[:1]
    return {row.account_id: row for row in Reading.objects.filter(account__in=list(accounts), pk=Subquery(newest))}


def _posts_since(per_day: Counter[date], day: date) -> int:
    return sum(n for one, n in per_day.items() if one >= day)


def week_of(day: date) -> date:
    """The Monday of a day's week (S4-35: one a week, 52 a year)."""
    return day - timedelta(day.weekday())


def _doubles(accounts: list[Any]) -> dict[int, list[str]]:
    """Account → the other accounts of its unit on its platform. One query, whatever the list shows of them."""
    rows = Account.objects.filter(agency__in={row.agency_id for row in accounts}).exclude(state=Account.State.CLOSED).order_by("pk")
    groups: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for pk, agency, platform, name in rows.values_list("pk", "agency", "platform", "name"):
        groups[agency, platform].append((pk, name))
    return {pk: [name for other, name in group if other != pk] for group in groups.values() for pk, _name in group if len(group) > 1}


def weeks_of_year(account: Account, today: date) -> list[tuple[date, int]]:
    """(Monday, posts) of every week of the year up to now since the account was opened. One query."""
    start = week_of(max(account.opened_on, date(today.year, 1, 1)))
    posts = Post.objects.filter(account=account, withdrawn_at__isnull=True, at__date__gte=start).order_by()
    counted: Counter[date] = Counter()
    for day, n in posts.annotate(day=TruncDate("at")).values_list("day").annotate(n=Count("pk")):
        counted[week_of(day)] += n
    found, monday = [], start
    while monday <= today:
        found.append((monday, counted[monday]))
        monday += timedelta(7)
    return found


def account_figures(rows: Iterable[Any], here: str) -> list[dict[str, Any]]:
    listed_ = list(rows)
    parts = {
        "open": ("正常运行", sum(row.state == "open" for row in listed_)),
        "stale": ("超过更新时限", sum(row.fresh.is_stale for row in listed_)),
        "low": ("低效，待清理", sum(bool(row.fresh.low) for row in listed_)),
        "double": ("一个单位多个账号", sum(bool(row.fresh.duplicates) for row in listed_)),
        "closed": ("已注销", sum(row.state == "closed" for row in listed_)),
    }
    return [{"label": word, "n": n, "url": f"{here}?show={name}", "alarm": name == "stale"} for name, (word, n) in parts.items()]


SHOWN = {
    "open": lambda row: row.state == "open",
    "stale": lambda row: row.fresh.is_stale,
    "low": lambda row: bool(row.fresh.low),
    "double": lambda row: bool(row.fresh.duplicates),
    "closed": lambda row: row.state == "closed",
}


def public_accounts() -> QuerySet[Account]:
    """What anybody may read: every account that there is, and those that were closed, with their agency."""
    return Account.objects.select_related("agency__jurisdiction").exclude(agency__valid_to__isnull=False, state="closed")

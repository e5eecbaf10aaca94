"""A province made of SQL: places, agencies, people and any number of obligations with their steps, the same rows on both databases.

Rows are computed from their number alone, so that every run and every size has the same mixture: four years of duties, most of them done,
one in ten with a helper, one in ten a clock that runs for twenty working days (as a request for disclosure does).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, Membership, User
from gongkai.clocks.limits import limit
from gongkai.obligations.clocking import limit_json
from gongkai.obligations.models import ClockEvent, Helper, Obligation, Step
from gongkai.site import statistics

FIRST = date(2024, 1, 1)
SPAN = 1500
"""Days over which the due dates lie: January 2024 to February 2028."""


@dataclass(frozen=True, slots=True)
class Population:
    """`offices`: one user of the openness office of the province, of one city, of one county; `drafters`: a few in departments. Every other
    agency has one drafter, so that there is somebody to be reminded.
    """

    agencies: int
    obligations: int
    clocks: int
    offices: dict[str, User]
    drafters: list[User]


def populated() -> Population:
    """The province that stands in the database, as `populate` made it."""
    offices = {name: User.objects.get(username=f"office-{name}") for name in ("province", "city", "county")}
    drafters = list(User.objects.filter(username__startswith="drafter-").order_by("pk"))
    clocks = Obligation.objects.filter(limit__isnull=False).count()
    return Population(Agency.objects.count(), Obligation.objects.count(), clocks, offices, drafters)


def populate(obligations: int, agencies: int = 3000, *, open_clocks: int = 100_000) -> Population:
    """Fills an empty, migrated database. Steps: two for each obligation and two more for each that is done."""
    owners = _places(agencies)
    people = _people()
    with _filling(Obligation, Step):
        _obligations(obligations, owners, min(open_clocks, obligations // 10))
    clocks = Obligation.objects.filter(limit__isnull=False).count()
    if connection.vendor == "sqlite":
        statistics.keep()  # what the worker of an installation does
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # what autovacuum does
    return Population(agencies, obligations, clocks, *people)


@contextmanager
def _filling(*kinds: type[models.Model]) -> Iterator[None]:
    """Takes the indexes off that no constraint needs and makes the same ones again: sorted once, instead of a million times."""
    tables = [model._meta.db_table for model in kinds]
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("PRAGMA cache_size = -1000000")
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        else:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("SET session_replication_role = replica")  # every key is made from a number: nothing to look up
            cursor.execute("SELECT indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        found = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
        cursor.execute("SELECT 1" if sqlite else "SELECT conname FROM pg_constraint")
        needed = {name for (name,) in cursor.fetchall()}
        indexes = [(name, sql) for name, sql in found if name not in needed]
        for name, _sql in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for _name, sql in indexes:
            cursor.execute(sql)
        cursor.execute("PRAGMA cache_size = -2000" if sqlite else "RESET maintenance_work_mem; RESET session_replication_role")


def _places(agencies: int) -> int:
    """One province, twenty cities, six counties each; agencies dealt evenly. The number of agencies made."""
    province = Jurisdiction.objects.create(code="990000", name="云岭省", short_name="云岭", level="province")
    cities = Jurisdiction.objects.bulk_create(
        Jurisdiction(code=f"99{n:02}00", name=f"第{n}市", short_name=f"第{n}", level="city", parent=province) for n in range(1, 21)
    )
    counties = Jurisdiction.objects.bulk_create(
        Jurisdiction(code=f"{city.code[:4]}{n:02}", name=f"{city.short_name}市{n}县", level="county", parent=city)
        for city in cities
        for n in range(1, 7)
    )
    places = [province, *cities, *counties]
    each = -(-agencies // len(places))
    rows = [
        Agency(
            jurisdiction=place,
            code=f"{place.code}-{n:03}",
            name=f"{place.name}第{n}局" if n else f"{place.name}人民政府办公室",
            short_name=f"第{n}局" if n else "政府办公室",
            kind="department" if n else "office",
            is_competent=not n,
        )
        for place in places
        for n in range(each)
    ][:agencies]
    Agency.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _people() -> tuple[dict[str, User], list[User]]:
    password = make_password("unused")
    offices = {}
    for name, code in (("province", "990000"), ("city", "990100"), ("county", "990101")):
        offices[name] = User.objects.create(username=f"office-{name}", password=password)
        Membership.objects.create(user=offices[name], agency=Agency.objects.get(code=f"{code}-000"), role="openness_office")
    drafters = []
    for n, agency in enumerate(Agency.objects.filter(is_competent=False).order_by("pk")[5::97][:20]):
        drafters.append(User.objects.create(username=f"drafter-{n}", password=password))
        Membership.objects.create(user=drafters[-1], agency=agency, role="drafter")
    vacant = list(Agency.objects.filter(memberships__isnull=True).order_by("pk"))
    users = User.objects.bulk_create([User(username=f"staff-{agency.pk}", password=password) for agency in vacant], batch_size=500)
    posts = [Membership(user=user, agency=agency, role="drafter") for user, agency in zip(users, vacant, strict=True)]
    Membership.objects.bulk_create(posts, batch_size=500)
    return offices, drafters


class _Sql:
    """The few expressions that SQLite and PostgreSQL spell differently."""

    def __init__(self) -> None:
        self.sqlite = connection.vendor == "sqlite"

    def day(self, days: str) -> str:
        if self.sqlite:
            return f"date('{FIRST}', '+' || ({days}) || ' days')"
        return f"(DATE '{FIRST}' + ({days})::int)"

    def moment(self, days: str) -> str:
        return f"({self.day(days)} || ' 02:00:00')" if self.sqlite else f"({self.day(days)} + TIME '02:00')::timestamptz"

    def numbers(self, n: int) -> str:
        if self.sqlite:
            return f"(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {n - 1}) SELECT i FROM n) AS numbers"
        return f"generate_series(0::bigint, {n - 1}) AS numbers(i)"

    def insert(self, model: type[models.Model], values: dict[str, str], source: str) -> None:
        """INSERT … SELECT of `values` (column → expression), every column not named with its default."""
        fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.column in values]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        chosen = ", ".join(values.get(field.column) or self.default(field) for field in fields)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {chosen} FROM {source}")  # noqa: S608

    def default(self, field: models.Field[Any, Any]) -> str:
        if field.null:
            return "NULL"
        if isinstance(field, models.DateTimeField) and field.auto_now_add:
            return f"'{timezone.now():%Y-%m-%d %H:%M:%S}'" + ("" if self.sqlite else "::timestamptz")
        value = field.get_default()
        if isinstance(field, models.JSONField):
            return f"'{json.dumps(value)}'" + ("" if self.sqlite else "::jsonb")
        if isinstance(value, bool):
            return ("1" if value else "0") if self.sqlite else str(value).lower()
        return f"'{value}'" if isinstance(value, str) else str(value)


def _obligations(n: int, owners: int, open_clocks: int) -> None:
    """The rows. `i` is the number of the row; multiplying by primes mixes owners, days and outcomes, and a prime modulus of its own keeps
    each of them independent of the others.
    """
    sql = _Sql()
    today = (timezone.localdate() - FIRST).days
    first = Agency.objects.order_by("pk").values_list("pk", flat=True)[0]
    place = dict(Agency.objects.values_list("pk", "jurisdiction_id"))
    agency = f"({first} + (i * 7919) % {owners})"
    due = f"((i * 104729) % 1000003 % {SPAN})"
    dice = "((i * 611953) % 999983 % 1000)"
    clock = f"(i < {open_clocks})"
    done = f"({due} < {today} AND {dice} < 960 AND NOT {clock})"
    # The clocks all started within the last three weeks before today, so that they are open and touch the coming holidays.
    begun = f"({today} - i % 21)"
    starts = f"(CASE WHEN {clock} THEN {begun} ELSE {due} - 90 END)"
    rule = json.dumps(limit_json(limit("reply", timezone.localdate())), ensure_ascii=False)
    values = {
        "owner_id": agency,
        "jurisdiction_id": _looked_up(agency),
        "role": "'lead'",
        "source": f"CASE WHEN {clock} THEN 'statute' ELSE 'plan_task' END",
        "document_id": f"CASE WHEN {clock} THEN NULL ELSE 1 + i % 400 END",
        "subject_id": "i + 1",
        "title": "'公开第' || (i + 1) || '项重点领域信息并及时更新'",
        "basis": "'云政办发〔2026〕1号 二（' || (i % 30) || '）'",
        "starts_on": sql.day(f"CASE WHEN {starts} < 0 THEN 0 ELSE {starts} END"),
        "limit": f"CASE WHEN {clock} THEN '{rule}'{'' if sql.sqlite else '::jsonb'} END",
        "due_on": f"CASE WHEN {clock} THEN {sql.day(f'{begun} + 28')} WHEN {dice} % 10 = 9 THEN NULL ELSE {sql.day(due)} END",
        "standing": f"CASE WHEN NOT {clock} AND {dice} % 10 = 9 THEN '长期坚持' ELSE '' END",
        "calendar": f"CASE WHEN {clock} THEN 'cn-of-yesterday' ELSE '' END",
        "fulfilled_on": f"CASE WHEN {done} AND {dice} % 10 < 9 THEN {sql.day(f'{due} - 12 + {dice} % 15')} END",
        "created_at": sql.moment("0"),
    }
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_place (agency integer PRIMARY KEY, place integer)")
        cursor.executemany("INSERT INTO bench_place VALUES (%s, %s)", list(place.items()))
    sql.insert(Obligation, values, sql.numbers(n))
    own = Obligation._meta.db_table
    step = {"obligation_id": "o.id", "agency_id": "o.owner_id", "text": "''"}
    for kind, where in (
        ("opened", "1 = 1"),
        ("acknowledged", "o.id % 10 < 9"),
        ("completion", "o.fulfilled_on IS NOT NULL OR o.id % 200 = 7"),
        ("passed", "o.fulfilled_on IS NOT NULL"),
    ):
        more = {"kind": f"'{kind}'", "at": _moment_of(sql, kind), "key": f"'{kind}:' || o.id"}
        more |= {"done_on": "COALESCE(o.fulfilled_on, o.starts_on)"} if kind == "completion" else {}
        sql.insert(Step, step | more, f"{own} o WHERE {where}")
    helper = {"obligation_id": "o.id", "agency_id": f"{first} + (o.owner_id - {first} + 1 + o.id / 10 % 50) % {owners}"}
    sql.insert(Helper, helper, f"{own} o WHERE o.id % 10 = 3")
    events = {"obligation_id": "o.id", "kind": "'start'", "on": "o.starts_on", "key": "'start:' || o.id"}
    sql.insert(ClockEvent, events, f'{own} o WHERE o."limit" IS NOT NULL')


def _looked_up(agency: str) -> str:
    return f"(SELECT place FROM bench_place WHERE agency = {agency})"


def _moment_of(sql: _Sql, kind: str) -> str:
    hours = {"opened": 1, "acknowledged": 2, "completion": 3, "passed": 4}[kind]
    day = "o.starts_on" if kind in ("opened", "acknowledged") else "COALESCE(o.fulfilled_on, o.starts_on)"
    return f"({day} || ' 0{hours}:00:00')" if sql.sqlite else f"({day} + TIME '0{hours}:00')::timestamptz"

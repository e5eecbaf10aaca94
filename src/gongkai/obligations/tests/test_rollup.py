"""The roll-up through the web: every figure opens as many rows as it says, in the scope of whoever asks, at a cost that does not grow."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from collections import Counter
from datetime import date, timedelta
from statistics import median as plain_median

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.agencies.place_settings import set_lights
from gongkai.obligations import queries
from gongkai.obligations.choices import ledger_choices
from gongkai.obligations.forms import LedgerFilter
from gongkai.obligations.models import Obligation
from gongkai.obligations.rollup import Asked, Figures, add_delays, by_owner, conditions, median, rows_of, summed

PAGE = "/work/rollup/"
LINK = re.compile(r'<a (?:class="nowrap" )?href="(/work/ledger/\?[^"]+)"[^>]*>(?:<span class="vh">([^<]*)</span>)?(?:<b>)?([^<]+)')


@pytest.fixture
def many(cast, make_obligation):
    """Sixty duties of all states, over places and agencies, some given by the city to a county's agency."""
    today, dice = timezone.localdate(), random.Random(3)
    owners = [cast.reform, cast.finance, cast.human, cast.east_finance, cast.east_office, cast.west_office, cast.elsewhere_office]
    rows = []
    for n in range(60):
        owner = owners[n % len(owners)]
        due = today + timedelta(days=dice.randrange(-150, 30))
        fields = {"owner": owner, "due_on": due, "title": f"第 {n} 件", "starts_on": today - timedelta(days=200)}
        match n % 10:
            case 0 | 1 | 2 if due < today:
                fields["fulfilled_on"] = due - timedelta(days=dice.randrange(0, 5))
            case 3 | 4 if due < today:
                fields["fulfilled_on"] = min(today, due + timedelta(days=dice.randrange(1, 40)))
            case 5:
                fields["due_on"], fields["standing"] = None, "长期坚持"
            case 6:
                fields |= {"due_on": None, "suspended_on": today - timedelta(days=9)}
            case 7:
                fields |= {"waived_at": timezone.now(), "waived_by": cast.office_head, "waiver_reason": "上级取消"}
            case 8:
                fields["starts_on"] = min(due, today + timedelta(days=1))
        rows.append(make_obligation(**fields))
    rows.append(make_obligation(owner=cast.east_finance, jurisdiction=cast.city, due_on=today - timedelta(days=11), title="市里交给县里的"))
    rows.append(make_obligation(owner=cast.reform, due_on=date(today.year - 1, 6, 1), starts_on=date(today.year - 1, 1, 1), title="去年的"))
    rows.append(make_obligation(owner=cast.reform, replaced_on=today, due_on=today - timedelta(days=3), title="被代替的"))
    return rows


class Behind:
    """The number of rows the ledger has at an address of the page: as its page shows them, once for each kind of address (which conditions
    it sets, which state), and as its form and its query find them for the others of the kind."""

    def __init__(self, client, user):
        self.client, self.user, self.looked, self.offered = client, user, set(), {}

    def __call__(self, address):
        query = QueryDict(html.unescape(address).partition("?")[2])
        where = tuple(query.get(name) for name in ("jurisdiction", "agency", "place", "plan"))  # what the choices depend on
        if where not in self.offered:
            self.offered[where] = ledger_choices(self.user, query)
        found = queries.ledger(self.user, LedgerFilter(query, choices=self.offered[where]).filters()).count()
        kind = (*sorted(query), query.get("state"))
        if kind not in self.looked:
            self.looked.add(kind)
            page = self.client.get(html.unescape(address)).content.decode()
            assert int(re.search(r"共 (\d+) 项", page)[1]) == found
        return found


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("openness_officer", ""),
        ("openness_officer", "?year="),
        ("openness_officer", "?source=plan_task"),
        ("office_head", ""),
        ("county_officer", ""),
        ("other_officer", ""),
    ],
)
def test_every_figure_opens_exactly_the_rows_it_counts(client, cast, many, who, query):
    client.force_login(cast.user(who))
    behind = Behind(client, cast.user(who))
    pages = [PAGE + query]
    body = client.get(pages[0]).content.decode()
    pages += [PAGE + html.unescape(url) for url in re.findall(r'<th scope="row"><a href="(\?[^"]+)"', body)]
    seen = 0
    checked: dict[str, int] = {}
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        for address, hidden, text in LINK.findall(answer.content.decode()):
            if text.strip().isdigit() and "中位数" not in hidden:
                if address not in checked:
                    checked[address] = behind(address)
                assert checked[address] == int(text), (page, hidden, address)
                seen += 1
    assert seen > 40 and len(behind.looked) > 8


def test_the_figures_are_those_of_the_ledgers_states(cast, many):
    user = cast.user("openness_officer")
    today = timezone.localdate()
    whole = summed(by_owner(rows_of(user, Asked()), today).values())
    states = queries.counts(queries.ledger(user, {}))
    assert {name: getattr(whole, name) for name in ("done", "done_late", "overdue", "due_soon", "suspended", "waived")} == {
        name: states[name] for name in ("done", "done_late", "overdue", "due_soon", "suspended", "waived")
    }
    assert whole.total == sum(states.values())
    assert whole.open == sum(states[s] for s in ("overdue", "due_soon", "running", "suspended", "standing", "not_started"))


@pytest.mark.django_db
def test_conditions_say_what_the_state_says_for_every_mixture_of_dates(cast, make_obligation):
    """All mixtures of past, today and future in the columns that decide, limits in hours among them."""
    today = timezone.localdate()
    now = timezone.now()
    days = [None, today - timedelta(days=8), today, today + timedelta(days=2), today + timedelta(days=60)]
    moments = [None, now - timedelta(hours=2), now + timedelta(hours=2)]
    rows = []
    for due in days:
        for done in (None, today - timedelta(days=9), today):
            for begins in (today - timedelta(days=20), today + timedelta(days=1)):
                for due_at in moments if due == today else [None]:
                    for done_at in (None, now - timedelta(hours=3), now - timedelta(hours=1)) if due_at and done == today else [None]:
                        rows.append(make_obligation(due_on=due, fulfilled_on=done, starts_on=begins, due_at=due_at, fulfilled_at=done_at))
    known = conditions(today, now)
    of_state = dict(queries.with_state(Obligation.objects.all(), now=now).values_list("pk", "state"))
    for name in ("done_late", "overdue", "due_soon", "suspended"):
        expected = {pk for pk, state in of_state.items() if state == name}
        assert set(Obligation.objects.filter(known[name]).values_list("pk", flat=True)) == expected, name
    assert set(Obligation.objects.filter(known["settled"]).values_list("pk", flat=True)) == {
        pk for pk, state in of_state.items() if state in ("done", "done_late")
    }
    assert len(rows) > 30


def test_delay_is_counted_in_working_days_of_done_late_and_overdue(cast, make_obligation):
    today = date(2026, 11, 20)
    make_obligation(due_on=date(2026, 9, 24), fulfilled_on=date(2026, 10, 9))  # 国庆 lies between
    make_obligation(due_on=date(2026, 11, 16))
    make_obligation(due_on=date(2026, 11, 2), fulfilled_on=date(2026, 11, 1))
    rows = rows_of(cast.user("openness_officer"), Asked(2026))
    found = by_owner(rows, today)
    add_delays(found, rows, today)
    late = [queries.working_days_late(ob, today) for ob in Obligation.objects.all()]
    figures = found[cast.reform.pk]
    assert sorted(figures.delays.elements()) == sorted(n for n in late if n)
    assert figures.oldest == date(2026, 11, 16)
    assert (figures.done, figures.done_late, figures.overdue, round(figures.share, 3)) == (1, 1, 1, 0.333)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_the_median_of_counted_values_is_the_median(values):
    assert median(Counter(values)) == plain_median(values)


def test_an_empty_place_has_no_share_and_no_median():
    assert (Figures().share, Figures().median_delay, Figures().open) == (None, None, 0)


def test_what_is_late_from_earlier_years_is_not_hidden_by_the_year(client, cast, many):
    client.force_login(cast.user("openness_officer"))
    page = client.get(PAGE).content.decode()
    link, n = re.search(r'以前年度还有 <a href="([^"]+)">(\d+) 项', page).groups()
    assert int(n) == 1 == Behind(client, cast.user("openness_officer"))(link)


@pytest.mark.parametrize(
    ("who", "key", "status"), [("county_officer", "city", 404), ("county_officer", "east", 200), ("drafter", "city", 404)]
)
def test_a_place_outside_ones_scope_is_not_there(client, cast, many, who, key, status):
    client.force_login(cast.user(who))
    assert client.get(PAGE, {"place": getattr(cast, key).pk}).status_code == status
    assert client.get(PAGE + "export.csv", {"place": getattr(cast, key).pk}).status_code == status


def test_an_agency_has_a_page_of_its_own_for_those_who_oversee_it(client, cast, many):
    client.force_login(cast.user("openness_officer"))
    assert "发展和改革委员会：办得怎么样" in client.get(PAGE, {"agency": cast.reform.pk}).content.decode()
    client.force_login(cast.user("other_officer"))
    assert client.get(PAGE, {"agency": cast.reform.pk}).status_code == 404
    assert client.get(PAGE, {"agency": cast.finance.pk}).status_code == 200


@pytest.mark.parametrize("query", ["?year=abc", "?plan=x", "?source=nonsense", "?place=-1", "?agency=99999999999999999999", "?page=zzz"])
def test_senseless_filters_are_named_and_break_nothing(client, cast, many, query):
    client.force_login(cast.user("openness_officer"))
    assert client.get(PAGE + query).status_code in (200, 404)


def test_the_file_says_what_the_page_says(client, cast, many):
    client.force_login(cast.user("openness_officer"))
    rows = list(csv.reader(io.StringIO(client.get(PAGE + "export.csv").content.decode("utf-8-sig"))))
    head = next(n for n, row in enumerate(rows) if "单位或地区" in row)
    table = {row[0]: dict(zip(rows[head], row, strict=False)) for row in rows[head + 1 :] if row and row[0]}
    whole = summed(by_owner(rows_of(cast.user("openness_officer"), Asked(timezone.localdate().year)), timezone.localdate()).values())
    assert table["合计"]["全部"] == str(whole.total)
    assert table["合计"]["已逾期"] == str(whole.overdue)
    assert {"清河市本级", "东山县", "西河区", "清河市财政局"} <= set(table)
    book = openpyxl.load_workbook(io.BytesIO(client.get(PAGE + "export.xlsx").content))
    assert any(cell.value == "合计" for row in book.active.iter_rows() for cell in row)
    assert client.get(PAGE + "export.docx").status_code == 404


def test_queries_do_not_grow_with_agencies_places_or_rows(client, cast, many, make_obligation):
    client.force_login(cast.user("openness_officer"))
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    from gongkai.agencies.models import Agency, Jurisdiction

    for n in range(12):
        place = Jurisdiction.objects.create(code=f"9901{n + 60}", name=f"第{n}县", level="county", parent=cast.city)
        for k in range(3):
            owner = Agency.objects.create(jurisdiction=place, code=f"N{n}-{k}", name=f"第{n}县第{k}局")
            make_obligation(owner=owner, due_on=timezone.localdate() - timedelta(days=n + 2))
    with CaptureQueriesContext(connection) as more:
        client.get(PAGE)
    assert len(more) == len(few) <= 19


def test_the_picture_of_the_year_is_drawn_with_its_table_and_no_inline_style(client, cast, many):
    client.force_login(cast.user("openness_officer"))
    page = client.get(PAGE).content.decode()
    assert page.count("<svg") == 2
    assert "<title id=" in page and "<desc id=" in page and "今天" in page
    assert " style=" not in page
    assert "各周的数字" in page


def test_the_light_of_a_duty_follows(cast, make_obligation):
    make_obligation(due_on=date(2026, 11, 30))
    today = date(2026, 11, 20)  # six working days before
    state = lambda: queries.with_state(Obligation.objects.all(), today).get().state  # noqa: E731
    assert state() == "running"
    set_lights(cast.city, cast.user("office_head"), 6, None)
    assert state() == "due_soon"

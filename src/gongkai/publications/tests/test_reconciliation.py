"""底数 (S3-9) and the register beside the library (S3-8): the numbers agree, and where they do not, every document is named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.publications.models import Document, ValidityChange
from gongkai.publications.tests import making
from gongkai.publications.tests.marking import normative, withheld
from gongkai.publications.validity import register
from gongkai.publications.validity.reconciliation import NUMBERS, reconcile, table
from gongkai.publications.validity.register import stock
from gongkai.publications.validity.state import VALID, with_validity

TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Public pages of an earlier test are not these."""
    cache.clear()


def change(document: Document, effect: str, on: date, **values: Any) -> ValidityChange:
    return ValidityChange.objects.create(document=document, effect=effect, on=on, cause_words="决定", at=timezone.now(), **values)


def made(cast: Any, year: int, **content: Any) -> Document:
    return normative(cast, **({"issued_on": date(year, 3, 1), "effective_on": date(year, 4, 1)} | content))


def years(**_: Any) -> dict[int, Any]:
    return {row.year: row for row in reconcile(stock(Document.objects.all()), TODAY)}


def test_opening_and_made_less_ended_is_closing(cast: Any) -> None:
    kept, repealed, lapsed = made(cast, 2024), made(cast, 2024), made(cast, 2024, repealed_on=date(2025, 5, 31))
    change(repealed, "repealed", date(2025, 7, 1))
    change(kept, "amended", date(2025, 8, 1))
    later = made(cast, 2025)
    found = years()
    year = found[2025]
    assert sorted(year.opening) == sorted([kept.pk, repealed.pk, lapsed.pk])
    assert (year.made, year.repealed, year.lapsed, year.amended) == ([later.pk], [repealed.pk], [lapsed.pk], [kept.pk])
    assert sorted(year.closing) == sorted([kept.pk, later.pk])
    assert (year.expected, year.difference, year.reasons) == (2, 0, [])
    assert found[2026].opening == year.closing


DIFFERENT: list[tuple[str, dict[str, Any], list[tuple[str, date]], int, str, int]] = [
    ("made but in force next year", {"effective_on": date(2026, 2, 1)}, [], 2025, "not_yet", -1),
    ("in force a year after it was made", {"effective_on": date(2026, 2, 1)}, [], 2026, "began", 1),
    ("suspended", {}, [("suspended", date(2026, 2, 1))], 2026, "suspended", -1),
    ("back in force", {}, [("repealed", date(2025, 6, 1)), ("continued", date(2026, 2, 1))], 2026, "resumed", 1),
    ("no day of issue", {"issued_on": None}, [], 2025, "undated", 1),
    ("repealed before it began", {"effective_on": date(2026, 5, 1)}, [("repealed", date(2026, 2, 1))], 2026, "never", 1),
]


@pytest.mark.parametrize(("_name", "content", "decided", "year", "reason", "n"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
def test_a_difference_names_its_documents(cast: Any, _name: str, content: Any, decided: Any, year: int, reason: str, n: int) -> None:
    document = made(cast, 2025, **content)
    for effect, on in decided:
        change(document, effect, on)
    found = years()[year]
    assert [(code, count) for code, _words, count in found.reasons] == [(reason, n)]
    assert found.documents(reason) == [document.pk] and reason in NUMBERS
    assert found.difference == n


DAYS = st.dates(date(2021, 1, 1), date(2026, 12, 31))


@given(
    documents=st.lists(
        st.tuples(
            st.none() | DAYS,
            st.none() | DAYS,
            st.none() | DAYS,
            st.sampled_from(["plain", "trial", "none"]),
            st.lists(st.tuples(st.sampled_from(ValidityChange.Effect.values), DAYS), max_size=3),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_number_is_explained_whatever_the_dates(cast: Any, documents: Any) -> None:
    """The identity holds for any dates: opening + made − ended + the named differences = closing; one year's closing is the next's opening;
    and the last closing is what SQL counts."""
    ValidityChange.objects.all().delete()
    Document.objects.update(kind="other")
    for issued, effective, repealed, term, changes in documents:
        if effective and repealed and repealed < effective:
            effective, repealed = repealed, effective
        document = normative(cast, issued_on=issued, effective_on=effective, repealed_on=repealed, term=term)
        for effect, on in changes:
            change(document, effect, on)
    found = reconcile(stock(Document.objects.all()), TODAY)[::-1]
    for earlier, later in zip(found, found[1:], strict=False):
        assert earlier.closing == later.opening
    for year in found:
        assert year.expected + sum(n for _code, _words, n in year.reasons) == len(year.closing)
    in_force = set(with_validity(stock(Document.objects.all()), TODAY).filter(validity__in=VALID).values_list("pk", flat=True))
    future = set(Document.objects.filter(editions__revision__issued_on__year__gt=2026).values_list("pk", flat=True))
    assert set(found[-1].closing) == in_force - future


def test_the_sheet_counts_in_a_constant_number_of_queries(cast: Any, django_assert_num_queries: Any) -> None:
    made(cast, 2024)
    with django_assert_num_queries(4):
        reconcile(stock(Document.objects.all()), TODAY)
    for _n in range(4):
        change(made(cast, 2025), "repealed", date(2026, 1, 1))
    with django_assert_num_queries(4):
        reconcile(stock(Document.objects.all()), TODAY)


def test_the_table_for_the_download_says_why(cast: Any) -> None:
    made(cast, 2025, effective_on=date(2026, 2, 1))
    rows = {row.cells["year"]: row.cells for row in table(reconcile(stock(Document.objects.all()), TODAY), "底数核对表", "清河市").rows}
    assert (rows[2025]["difference"], rows[2025]["why"]) == (-1, "制发了还没有生效 -1")


def test_every_number_of_the_page_opens_its_documents(cast: Any, client: Client) -> None:
    document = normative(cast, title="关于样例的通知", issued_on=date(2023, 3, 1), effective_on=date(2023, 4, 1))
    client.force_login(cast.openness_officer)
    shown = client.get(reverse("validity:reconcile")).content.decode()
    address = reverse("validity:reconcile_rows", args=[2023, "made"])
    assert address in shown
    rows = client.get(address)
    assert rows.status_code == 200 and "关于样例的通知" in rows.content.decode()
    assert reverse("validity:document", args=[document.pk]) in rows.content.decode()
    assert client.get(reverse("validity:reconcile_rows", args=[2023, "vanished"])).status_code == 404
    assert client.get(reverse("validity:reconcile_export", args=["xlsx"])).content[:2] == b"PK"
    assert client.get(reverse("validity:reconcile_rows_export", args=[2023, "made", "xlsx"])).content[:2] == b"PK"


# --- the register and the library -------------------------------------------------------------------------------------------------------


def test_the_library_counts_what_the_register_has_in_force(cast: Any) -> None:
    """S3-8: one place for everything in force, and the count is that of the register."""
    today = timezone.localdate()
    for n in range(3):
        normative(cast, title=f"有效文件{n}")
    normative(cast, agency=cast.east_finance, author=cast.county_drafter, kind="rule", title="有效规章")
    amended = normative(cast, title="修改过的文件")
    change(amended, "amended", today)
    change(normative(cast, title="废止的文件"), "repealed", today)
    normative(cast, title="到期的文件", repealed_on=today - timedelta(1))
    normative(cast, title="尚未生效的文件", effective_on=today + timedelta(1))
    making.live(cast.reform, cast.drafter, kind="policy", title="其他政策文件")
    rows = register.register_for(cast.openness_officer, today)
    in_force = {row.pk for row in rows if row.validity in VALID}
    assert {row.pk for row in register.library()} == in_force and len(in_force) == 5
    assert register.not_in_library(rows) == []
    shown = Client().get(reverse("documents:valid")).content.decode()
    assert "共 5 件" in shown and "修改过的文件" in shown and "有效规章" in shown
    assert "废止的文件" not in shown and "到期的文件" not in shown and "尚未生效的文件" not in shown


def test_what_is_in_force_but_cannot_be_read_is_named_with_the_reason(cast: Any) -> None:
    document = normative(cast, title="撤下的文件")
    document.editions.update(state="withdrawn", ended_at=timezone.now())
    Document.objects.filter(pk=document.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="内容有误，正在核实")
    rows = register.register_for(cast.openness_officer, timezone.localdate())
    assert [(row.pk, why) for row, why in register.not_in_library(rows)] == [(document.pk, "已从网上撤下：内容有误，正在核实")]
    assert not register.library().exists()


def test_the_library_is_searched_by_title_and_number_and_downloaded(cast: Any) -> None:
    one = normative(cast, title="清河市养老服务管理办法", doc_number="清政规〔2024〕1号", body="<h2>一、总则</h2><p>第一条。</p>")
    normative(cast, title="清河市供水管理办法", doc_number="清政规〔2024〕2号")
    visitor = Client()
    for query in ("养老", "清政规〔2024〕1号", "清河 办法 养老"):
        shown = visitor.get(reverse("documents:valid"), {"q": query}).content.decode()
        assert "养老服务" in shown and "供水" not in shown, query
    response = visitor.get(reverse("documents:download", args=[one.pk, "docx"]))
    assert response.status_code == 200 and response.content[:2] == b"PK" and "attachment" in response["Content-Disposition"]
    assert visitor.get(reverse("documents:valid_export", args=["xlsx"])).content[:2] == b"PK"
    assert visitor.get(reverse("documents:download", args=[one.pk, "exe"])).status_code == 404


def test_the_pages_ask_the_same_whatever_their_rows(cast: Any, client: Client) -> None:
    client.force_login(cast.openness_officer)

    def more(n: int) -> None:
        document = normative(cast, repealed_on=timezone.localdate() + timedelta(30 + n))
        change(document, "amended", date(2025, 1, 1))
        document.label_records.create(point="slip", label="此件公开发布", at=timezone.now())
        document.label_records.create(point="web", label="此件依申请公开", at=timezone.now())
        withheld(cast)

    def asked(name: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(name)).status_code == 200
        return len(caught)

    pages = ("validity:register", "documents:valid", "validity:assessments", "validity:reconcile", "validity:labels", "validity:withheld")
    more(0)
    asked(pages[0])
    before = {name: asked(name) for name in pages}
    for n in range(1, 4):
        more(n)
    assert {name: asked(name) for name in pages} == before


def test_what_ends_within_six_months_is_to_be_assessed(cast: Any, client: Client) -> None:
    today = timezone.localdate()
    normative(cast, title="快到期的文件", repealed_on=today + timedelta(100))
    normative(cast, title="还早的文件", repealed_on=today + timedelta(400))
    normative(cast, title="已经到期的文件", repealed_on=today - timedelta(1))
    client.force_login(cast.reviewer)
    shown = client.get(reverse("validity:assessments")).content.decode()
    assert "快到期的文件" in shown and "还早的文件" not in shown and "已经到期的文件" not in shown


def test_filters_of_the_register(cast: Any, client: Client) -> None:
    normative(cast, title="甲文件", doc_number="清发改规〔2024〕1号")
    change(normative(cast, title="乙文件"), "repealed", date(2025, 1, 1))
    client.force_login(cast.openness_officer)
    address = reverse("validity:register")

    def shown(**asked: str) -> str:
        return client.get(address, asked).content.decode()

    assert "乙文件" in shown(state="repealed") and "甲文件" not in shown(state="repealed")
    assert "甲文件" in shown(state="valid") and "乙文件" not in shown(state="valid")
    assert "乙文件" in shown(on="2024-12-31", state="valid"), "the state of another day"
    assert "甲文件" in shown(q="〔2024〕1号") and "乙文件" not in shown(q="〔2024〕1号")
    assert "甲文件" in shown(year="2023") and "甲文件" not in shown(year="2020")
    assert "甲文件" in shown(year="abc", state="nothing", on="昨天"), "nonsense does not filter"
    for fmt in ("xlsx", "docx", "csv"):
        assert client.get(reverse("validity:register_export", args=[fmt])).status_code == 200

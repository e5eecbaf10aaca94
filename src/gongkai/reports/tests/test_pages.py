"""The pages of annual reports: who opens what, what a page costs, that nothing typed is lost, and that what is published reads back."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import PEOPLE, Cast
from gongkai.disclosure_requests.models import Remedy
from gongkai.formats.annual_report.checking import check
from gongkai.formats.annual_report.writing_html import page as html_page
from gongkai.reading.annual_report import read
from gongkai.reports import composing, urls, urls_public
from gongkai.reports.actions import publishing, writing
from gongkai.reports.models import Addition, AnnualReport
from gongkai.reports.tests.making import TEXTS, YEAR, case, published, written
from gongkai.twins.tests.rules import check_atom, check_json

CELL = ["three", "1", "total"]
REFORM = frozenset({"drafter", "reviewer", "secrecy_reviewer", "head"})
OFFICES = frozenset({"openness_officer", "openness_colleague"})
WRITERS = REFORM - {"secrecy_reviewer"}


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def as_(cast: Cast, name: str) -> Client:
    client = Client()
    if name != "citizen":
        client.force_login(cast.user(name))
    return client


def key() -> str:
    return str(uuid.uuid4())


def at(name: str, *args: Any) -> str:
    return reverse(f"reports:{name}", args=args)


def posted(report: AnnualReport, **values: Any) -> dict[str, Any]:
    texts = {f"s{n}": report.sections.get(str(n), "") for n in range(1, 7)}
    return {"key": key(), "version": report.version, **texts, **values}


# -- who ---------------------------------------------------------------------------------------------------------------

SEERS = REFORM | OFFICES
READ: dict[str, tuple[frozenset[str], int]] = {
    # name: who is answered 200, what the rest of the staff is answered
    "list": (frozenset(PEOPLE), 404),
    "import": (
        WRITERS
        | {"openness_officer", "openness_colleague", "office_drafter", "office_head", "other_officer", "other_head"}
        | {"county_officer", "county_drafter", "stranger"},
        403,
    ),
    "board": (OFFICES | {"county_officer", "stranger"}, 403),
    "board_export": (OFFICES | {"county_officer", "stranger"}, 403),
    "report": (SEERS, 404),
    "file": (SEERS, 404),
    "cell": (SEERS, 404),
}
WRITE: dict[str, frozenset[str]] = {
    # name: who is not refused by scope (302, 409 or 422); seen but not one's deed is 403, out of scope 404
    "begin": frozenset(PEOPLE),
    "write": WRITERS,
    "add": WRITERS,
    "remove": WRITERS,
    "blanks": WRITERS,
    "press": WRITERS,
}


def address(name: str, report: AnnualReport, addition: Addition) -> str:
    args: dict[str, list[Any]] = {
        "board_export": ["csv"],
        "report": [report.pk],
        "file": [report.pk, "json"],
        "cell": [report.pk, *CELL],
        "write": [report.pk],
        "add": [report.pk, "two", "charges", "fees"],
        "remove": [report.pk, addition.pk],
        "blanks": [report.pk],
        "press": [report.pk, "propose"],
    }
    return at(name, *args.get(name, []))


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == {*READ, *WRITE}
    assert {pattern.name for pattern in urls_public.urlpatterns} == {"list", "report", "file"}


def test_who_opens_what(cast: Cast) -> None:
    report = written(cast)
    addition = writing.add(report, cast.drafter, key="1", table="two", row="charges", column="fees", amount=Decimal("1.5"), reason="决算")
    wrong = []
    for person in [*PEOPLE, "nobody", "citizen"]:
        client = as_(cast, person)
        for name, (who, refused) in READ.items():
            expected = {"citizen": 302, "nobody": 403}.get(person, 200 if person in who else refused)
            found = client.get(address(name, report, addition)).status_code
            wrong += [(person, name, found, expected)] if found != expected else []
        for name, who in WRITE.items():
            sent = {} if person in who else {"key": key(), "reason": "试试", "amount": "1", "version": 1}
            found = client.post(address(name, report, addition), sent).status_code
            if person == "citizen":
                allowed = {302}
            elif person == "nobody":
                allowed = {403}
            elif person in who:
                allowed = {302, 409, 422}
            else:
                allowed = {403, 404, 409, 422} if person in SEERS else {404}
            wrong += [(person, name, found, allowed)] if found not in allowed else []
    assert wrong == []
    assert AnnualReport.objects.get(pk=report.pk).sections == report.sections
    addition.refresh_from_db()
    assert addition.removed_at is None


def test_who_only_reads_changes_nothing(cast: Cast) -> None:
    report = written(cast)
    for person in ("openness_officer", "secrecy_reviewer"):
        client = as_(cast, person)
        assert client.post(at("write", report.pk), posted(report, s1="改")).status_code == 403
        assert client.post(at("add", report.pk, "two", "charges", "fees"), {"key": key(), "amount": "1", "reason": "x"}).status_code == 403
        assert client.post(at("press", report.pk, "propose"), {"key": key()}).status_code == 403
    assert AnnualReport.objects.get(pk=report.pk).sections == report.sections


def test_what_is_not_published_is_nobodys(cast: Cast) -> None:
    report = written(cast)
    for name, args in (("report", [report.pk]), ("file", [report.pk, "json"])):
        assert Client().get(reverse(f"reports_public:{name}", args=args)).status_code == 404
    assert "没有这样的年度报告" in Client().get(reverse("reports_public:list")).content.decode()


# -- the page of a report ----------------------------------------------------------------------------------------------


def test_every_cell_opens_what_it_counts_without_the_applicant(cast: Cast) -> None:
    row = case(cast.reform, 1, closed=date(YEAR, 3, 20))
    case(cast.finance, 2)
    Remedy.objects.create(request=row, kind="reconsideration", organ="市政府", filed_on=date(YEAR, 4, 1))
    report = written(cast)
    client = as_(cast, "drafter")
    html = client.get(at("report", report.pk)).content.decode()
    assert html.count("/cells/") == sum(len(composing.composed(report).table(name)) for name in ("two", "three", "four"))  # type: ignore[arg-type]
    opened = client.get(at("cell", report.pk, *CELL)).content.decode()
    assert row.number in opened and "事项1" in opened and "赵秘密" not in opened and "事项2" not in opened
    assert "市政府" in client.get(at("cell", report.pk, "four", "cases", "review.pending")).content.decode()
    assert client.get(at("cell", report.pk, "two", "normative", "valid")).status_code == 200
    assert client.get(at("cell", report.pk, "three", "9", "total")).status_code == 404
    early = client.get(at("report", report.pk), {"on": f"{YEAR}-02-01"}).content.decode()
    assert f"截至 {YEAR}-02-01" in early
    assert client.get(at("report", report.pk), {"on": "昨天"}).status_code == 200


def test_the_sentences_offered_are_taken_over_and_agree_with_the_tables(cast: Cast) -> None:
    for n in range(7):
        case(cast.reform, n, closed=date(YEAR, 3, 20) if n < 5 else None, outcome="open" if n < 3 else "state_secret")
    report = written(cast)
    client = as_(cast, "drafter")
    for n in ("1", "3", "4", "6"):
        report.refresh_from_db()
        assert client.post(at("write", report.pk), posted(report, take=n)).status_code == 302
    report.refresh_from_db()
    assert report.sections["1"].startswith(TEXTS["1"]) and "共收到政府信息公开申请7件" in report.sections["1"]
    assert "予以公开3件，部分公开0件，不予公开2件" in report.sections["3"]
    assert [one.message for one in composing.checked(report).failures] == []
    assert "按现在的数字可以写" not in client.get(at("report", report.pk)).content.decode()


def test_two_people_write_and_nothing_is_lost(cast: Cast) -> None:
    report = written(cast)
    first = posted(report, s1="第一个人写的。")
    second = posted(report, s1="第二个人写的。", s5="也改了第五部分。")
    assert as_(cast, "drafter").post(at("write", report.pk), first).status_code == 302
    client = as_(cast, "reviewer")
    answer = client.post(at("write", report.pk), second)
    html = answer.content.decode()
    assert answer.status_code == 409 and "别人刚刚保存" in html
    assert "第一个人写的。" in html and "第二个人写的。" in html and "也改了第五部分。" in html
    report.refresh_from_db()
    assert f'name="version" value="{report.version}"' in html
    assert client.post(at("write", report.pk), second | {"key": key(), "version": report.version}).status_code == 302
    report.refresh_from_db()
    assert report.sections["1"] == "第二个人写的。"


@pytest.mark.parametrize(
    "amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1e30", "-1e30", "1.001", "", "abc", "１２３４５６７８９０１２"]
)
def test_what_is_no_number_is_refused_on_the_form_and_in_the_action(cast: Cast, amount: str) -> None:
    report = written(cast)
    answer = as_(cast, "drafter").post(at("add", report.pk, "two", "charges", "fees"), {"key": key(), "amount": amount, "reason": "决算"})
    assert answer.status_code in (409, 422) and "决算" in answer.content.decode()
    if amount not in ("", "abc"):
        with pytest.raises(ActionRefused):
            writing.add(report, cast.drafter, key="n", table="two", row="charges", column="fees", amount=Decimal(amount), reason="决算")
    assert not Addition.objects.exists()


def test_a_negative_number_is_told_by_the_checks(cast: Cast) -> None:
    report = written(cast)
    client = as_(cast, "drafter")
    url = at("add", report.pk, "three", "1", "person")
    assert client.post(url, {"key": key(), "amount": "-3", "reason": "重复登记"}).status_code == 302
    assert "负数" in client.get(at("report", report.pk)).content.decode()
    assert client.post(at("press", report.pk, "propose"), {"key": key()}).status_code == 302
    report.refresh_from_db()
    assert report.proposed_at is None
    addition = Addition.objects.order_by("pk").first()
    assert addition is not None
    assert client.post(at("remove", report.pk, addition.pk), {"key": key(), "reason": "填错了"}).status_code == 302
    assert composing.composed(report).number("three", "1", "total") == 0
    assert "取消" in client.get(at("report", report.pk)).content.decode()


def test_the_road_through_the_pages(cast: Cast) -> None:
    drafter, head = as_(cast, "drafter"), as_(cast, "head")
    form = {"key": key(), "agency": cast.reform.pk, "year": YEAR}
    made = drafter.post(at("begin"), form)
    report = AnnualReport.objects.get()
    assert made.status_code == 302 and drafter.post(at("begin"), form | {"key": key()})["Location"] == made["Location"]
    assert drafter.post(at("begin"), form | {"key": key(), "year": 1999}).status_code == 422
    drafter.post(at("write", report.pk), posted(report, **{f"s{n}": text for n, text in TEXTS.items()}))
    drafter.post(at("press", report.pk, "propose"), {"key": key()})
    assert drafter.post(at("press", report.pk, "approve"), {"key": key()}).status_code == 403
    head.post(at("press", report.pk, "return"), {"key": key(), "reason": "第五部分太短"})
    assert "第五部分太短" in drafter.get(at("report", report.pk)).content.decode()
    drafter.post(at("press", report.pk, "propose"), {"key": key()})
    head.post(at("press", report.pk, "approve"), {"key": key()})
    drafter.post(at("press", report.pk, "publish"), {"key": key()})
    report.refresh_from_db()
    assert report.published_at is not None
    assert Client().get(reverse("reports_public:report", args=[report.pk])).status_code == 200
    assert drafter.post(at("write", report.pk), posted(report)).status_code == 409


def test_a_stranger_does_not_give_back_what_was_approved(cast: Cast) -> None:
    report = publishing.propose(written(cast), cast.drafter, key="p")
    report = publishing.approve(report, cast.head, key="a")
    with pytest.raises(NotAllowed):
        publishing.give_back(report, cast.openness_officer, key="r", reason="试试")
    assert publishing.give_back(report, cast.drafter, key="r2", reason="还要改").approved_at is None


# -- what is published -------------------------------------------------------------------------------------------------


def test_what_is_published_reads_back_in_every_form(cast: Cast) -> None:
    for n in range(4):
        case(cast.reform, n, kind=["natural", "commercial"][n % 2], closed=date(YEAR, 3, 20) if n else None)
    report = published(cast)
    made = composing.composed(report)
    url = reverse("reports_public:report", args=[report.pk])
    html = Client().get(url).content
    docx = Client().get(f"{url}report.docx").content
    whole = html_page(made).encode()
    for name, data in (("公布.html", html), ("下载.html", whole), ("下载.docx", docx)):
        back = read(data, name)
        assert (back.report.year, back.report.agency, back.report.layout) == (YEAR, cast.reform.name, "2021"), name
        for table in ("two", "three", "four"):
            numbers = {place: value.number for place, value in back.report.table(table).items()}  # type: ignore[arg-type]
            assert numbers == {place: value.number for place, value in made.table(table).items()}, (name, table)  # type: ignore[arg-type]
        assert [one.message for one in check(back.report).failures] == [], name
    found = json.loads(Client().get(f"{url}report.json").content)
    assert found["tables"]["three"]["1"]["total"] == 4 and found["failures"] == []
    pdf = Client().get(f"{url}report.pdf").content
    assert pdf.startswith(b"%PDF")
    words = html.decode()
    assert '<meta name="ColumnType" content="信息公开年报">' in words and '<meta name="ArticleTitle"' in words
    assert Client().get(f"{url}report.exe").status_code == 404


def test_a_draft_says_so_on_every_page(cast: Cast) -> None:
    import docx
    import pypdfium2

    report = written(cast)
    client = as_(cast, "drafter")
    answer = client.get(at("file", report.pk, "docx"))
    document = docx.Document(io.BytesIO(answer.content))
    section = document.sections[0]
    assert all('string="草稿"' in header._element.xml for header in (section.header, section.even_page_header))
    assert "%E8%8D%89%E7%A8%BF" in answer["Content-Disposition"]
    assert [one.check for one in check(read(answer.content, "草稿.docx").report).failures] == []
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(client.get(at("file", report.pk, "pdf")).content)]
    assert len(pages) > 1 and all("草稿" in words for words in pages)
    assert "草稿" in client.get(at("file", report.pk, "html")).content.decode()


def test_the_public_list_its_twins_the_platform_and_the_map(cast: Cast) -> None:
    report = published(cast)
    client = Client()
    url = reverse("reports_public:report", args=[report.pk])
    for page in (
        reverse("reports_public:list"),
        reverse("portal:platform:annual", args=[cast.reform.code]),
        reverse("portal:platform:home", args=[cast.reform.code]),
    ):
        assert url in client.get(page).content.decode(), page
    assert url in client.get(reverse("reports_public:list"), {"year": YEAR, "agency": cast.reform.code}).content.decode()
    assert "error-summary" in client.get(reverse("reports_public:list"), {"year": YEAR - 1}).content.decode()
    assert client.get(reverse("reports_public:list"), {"year": "x", "page": "99999999999"}).status_code == 200
    check_atom(client.get("/feeds/reports.atom").content)
    check_json(client.get("/feeds/reports.json").content)
    assert url in client.get(reverse("portal:sitemap_part", args=["reports", 1])).content.decode()


def test_it_is_found_by_its_words(cast: Cast) -> None:
    from gongkai.reports.search_source import REPORTS

    report = published(cast)
    (record,) = REPORTS.records([report.pk])
    assert "图解和问答" in record.body and REPORTS.keys(0, 10) == [report.pk]
    assert REPORTS.shown([report.pk])[report.pk].url == reverse("reports_public:report", args=[report.pk])


# -- import ------------------------------------------------------------------------------------------------------------


def test_last_years_report_is_imported_and_its_carry_over_checked(cast: Cast) -> None:
    case(cast.reform, 1, received=date(YEAR - 1, 12, 20), closed=date(YEAR, 1, 10))
    data = html_page(composing.live(AnnualReport(agency=cast.reform, year=YEAR - 1, sections=TEXTS))).encode()
    client = as_(cast, "drafter")

    def send(**values: Any) -> Any:
        form = {"key": key(), "agency": cast.reform.pk, "year": YEAR - 1, "file": SimpleUploadedFile("年报.html", data)}
        return client.post(at("import"), form | values)

    assert send(year=YEAR).status_code == 409, "the title tells another year"
    assert send(file=SimpleUploadedFile("年报.html", b"<p>hello</p>")).status_code == 409
    assert send(file=SimpleUploadedFile("年报.pdf", b"%PDF-1.4 nothing")).status_code == 409
    assert send().status_code == 302 and send().status_code == 302
    imported = AnnualReport.objects.get(year=YEAR - 1)
    assert imported.imported and imported.published_at is None
    page = client.get(at("report", imported.pk))
    assert page.status_code == 200 and "已导入" in page.content.decode()
    assert client.get(reverse("reports_public:report", args=[imported.pk])).status_code == 404
    report = written(cast, s1="完全不同的一段话，说的是另外一些事情，没有照抄去年的任何内容。")
    assert [one.check for one in composing.checked(report).failures] == []
    case(cast.reform, 2, received=date(YEAR - 1, 12, 25))
    assert "carried_over" in {one.check for one in composing.checked(report).failures}


def test_a_report_written_here_is_not_replaced_by_an_import(cast: Cast) -> None:
    report = written(cast)
    data = html_page(composing.composed(report)).encode()
    form = {"key": key(), "agency": cast.reform.pk, "year": YEAR, "file": SimpleUploadedFile("年报.html", data)}
    answer = as_(cast, "drafter").post(at("import"), form)
    assert answer.status_code == 409 and "不能用导入的代替" in answer.content.decode()


# -- cost --------------------------------------------------------------------------------------------------------------


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.fixture
def many(cast: Cast) -> Iterator[AnnualReport]:
    yield written(cast)


def test_pages_cost_the_same_however_much_there_is(cast: Cast, many: AnnualReport) -> None:
    drafter, officer = as_(cast, "drafter"), as_(cast, "openness_officer")
    case(cast.reform, 0)
    pages = [(drafter, at("list")), (drafter, at("report", many.pk)), (drafter, at("cell", many.pk, *CELL)), (officer, at("board"))]
    pages = [(client, url + (f"?year={YEAR}" if "board" in url else "")) for client, url in pages]
    writing.add(many, cast.drafter, key="a", table="three", row="1", column="person", amount=Decimal(1), reason="旧系统")
    before = [queries(client, url) for client, url in pages]
    for n in range(1, 20):
        case(cast.reform, n, closed=date(YEAR, 4, 1 + n))
        case(cast.finance, n)
    for n in range(4):
        writing.add(many, cast.drafter, key=f"b{n}", table="three", row="1", column="person", amount=Decimal(1), reason=f"旧系统{n}")
        AnnualReport.objects.create(agency=cast.reform, year=2018 + n)
    AnnualReport.objects.create(agency=cast.finance, year=YEAR)
    AnnualReport.objects.create(agency=cast.human, year=YEAR)
    after = [queries(client, url) for client, url in pages]
    assert after == before, list(zip(pages, before, after, strict=True))
    assert max(before) <= 60, before


def test_public_pages_cost_little(cast: Cast) -> None:
    report = published(cast)
    assert queries(Client(), reverse("reports_public:report", args=[report.pk])) <= 6
    assert queries(Client(), reverse("reports_public:list")) <= 8

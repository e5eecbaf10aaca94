"""Typed lists (S0-2 to S0-6, S4-14, S4-15): complete, with the legal cause of every change, on one index, as a table and as data."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from gongkai.catalogue.tests import making as catalogue_making
from gongkai.formats import xlsx_ledger
from gongkai.publications import gates
from gongkai.publications.lists import content as lists
from gongkai.publications.lists import xlsx as lists_xlsx
from gongkai.publications.lists.content import schemas
from gongkai.publications.models import Document, Edition
from gongkai.publications.tests import making
from gongkai.publications.tests.marking import key

INSPECTION = {
    "抽查事项": "房地产市场抽查",
    "抽查依据": "《城市房地产管理法》第六条",
    "抽查主体": "市住建局",
    "抽查内容": "预售许可",
    "抽查方式": "随机抽取",
}


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Public pages of an earlier test are not these."""
    cache.clear()


def a_list(
    cast: Any, kind: str, rows: list[dict[str, str]], *, live: bool = True, document: Document | None = None, **content: Any
) -> Edition:
    make = making.live if live else making.draft
    edition = make(cast.reform, cast.drafter, kind="list", document=document, rows=rows, **({"title": schemas()[kind].name} | content))
    if document is None:
        Document.objects.filter(pk=edition.document_id).update(list_kind=kind)
        edition.document.list_kind = kind
    return edition


def full(kind: str) -> dict[str, str]:
    """A row with every required field, each in its own words."""
    schema = schemas()[kind]
    return {c.name: (c.choices[0] if c.choices else f"{c.name}内容") for c in schema.columns if c.required}


FIELDS = {
    "intermediary": {"项目名称", "法律依据", "服务时限"},  # S0-4
    "transfer": {"审核机关", "审核依据", "决定机关"},  # S0-5
    "random_inspection": {"抽查依据", "抽查主体", "抽查内容", "抽查方式"},  # S0-6
    "powers": {"编码", "职权类型", "设定依据", "实施主体", "承办机构", "行使层级"},  # S0-2
    "duties": {"责任事项", "责任事项依据", "追责情形", "追责依据"},
    "approval_changes": {"项目名称", "状态", "状态依据"},  # S0-3
}


@pytest.mark.parametrize("kind", FIELDS)
def test_a_list_has_the_fields_the_clause_asks_for(kind: str) -> None:
    assert {c.name for c in schemas()[kind].columns if c.required} >= FIELDS[kind]


@pytest.mark.parametrize("kind", list(schemas()))
def test_no_row_with_an_empty_field_can_be_submitted(cast: Any, kind: str) -> None:
    """S0-4: and the same of every list, field by field."""
    assert lists.reasons(a_list(cast, kind, [full(kind)], live=False)) == []
    for name in full(kind):
        row = full(kind) | {name: "  "}
        found = lists.row_faults(schemas()[kind], [row])
        assert f"第 1 行没有填“{name}”" in found
    assert lists.row_faults(schemas()[kind], []) == ["清单还没有内容，请导入或填写"]


def test_the_gate_of_submitting_asks_for_every_field(cast: Any) -> None:
    edition = a_list(cast, "intermediary", [full("intermediary") | {"法律依据": ""}], live=False)
    assert "第 1 行没有填“法律依据”" in gates.submit_reasons(edition)
    making.revise(edition, cast.drafter, rows=[full("intermediary")])
    assert not any("第 1 行" in reason for reason in gates.submit_reasons(edition))


def test_the_four_states_of_an_approval_item(cast: Any) -> None:
    """S0-3: 承接, 取消, 下放, 保留, and no other."""
    schema = schemas()["approval_changes"]
    for state in ("承接", "取消", "下放", "保留"):
        assert lists.row_faults(schema, [full(schema.id) | {"状态": state}]) == []
    assert "只能填承接、取消、下放、保留" in lists.row_faults(schema, [full(schema.id) | {"状态": "暂停"}])[0]


def test_who_decides_is_another_than_who_reviews(cast: Any) -> None:
    """S0-5: 审核转报 is where another body decides."""
    row = full("transfer") | {"审核机关": "市发改委", "决定机关": "市发改委"}
    assert "由同一个机关审核和决定的，不是转报事项" in lists.row_faults(schemas()["transfer"], [row])[0]
    assert lists.row_faults(schemas()["transfer"], [row | {"决定机关": "省发改委"}]) == []


def test_the_same_item_twice_is_named(cast: Any) -> None:
    assert lists.row_faults(schemas()["random_inspection"], [INSPECTION, dict(INSPECTION)]) == [
        "第 2 行和第 1 行的抽查事项相同：房地产市场抽查"
    ]


def test_every_change_names_its_legal_cause(cast: Any) -> None:
    """S0-2: the version history says what changed and by what law; without it the list is not submitted."""
    first = a_list(cast, "random_inspection", [INSPECTION, INSPECTION | {"抽查事项": "物业抽查"}])
    changed = [
        INSPECTION | {"抽查方式": "双随机", "调整情况": "修改"},
        INSPECTION | {"抽查事项": "供水抽查", "调整情况": "新增", "调整依据": "《城市供水条例》"},
    ]
    second = a_list(cast, "random_inspection", changed, live=False, document=first.document)
    found = lists.reasons(second)
    assert len(found) == 2 and "没有写明调整依据" in found[0] and "“物业抽查”比上一版少了" in found[1]
    changed[0]["调整依据"] = "国办发〔2015〕58号"
    changed.append(INSPECTION | {"抽查事项": "物业抽查", "调整情况": "取消", "调整依据": "国发〔2019〕5号"})
    making.revise(second, cast.drafter, title="随机抽查事项清单", rows=changed)
    assert lists.reasons(second) == []
    notice = lists.changes(second)
    assert [(c.kind, c.title, c.cause) for c in notice] == [
        ("修改", "房地产市场抽查", "国办发〔2015〕58号"),
        ("新增", "供水抽查", "《城市供水条例》"),
        ("取消", "物业抽查", "国发〔2019〕5号"),
    ]
    assert notice[0].fields == (("抽查方式", "随机抽取", "双随机"),)


def test_the_public_sees_the_list_its_changes_and_their_causes(cast: Any) -> None:
    first = a_list(cast, "random_inspection", [INSPECTION, INSPECTION | {"抽查事项": "物业抽查"}])
    rows = [INSPECTION, INSPECTION | {"抽查事项": "物业抽查", "调整情况": "取消", "调整依据": "国发〔2019〕5号"}]
    a_list(cast, "random_inspection", rows, document=first.document)
    shown = Client().get(reverse("documents:list_table", args=[first.document_id])).content.decode()
    table, changes = shown.split('id="changes"')
    assert "房地产市场抽查" in table and "物业抽查" not in table
    assert "物业抽查" in changes and "国发〔2019〕5号" in changes
    data = json.loads(Client().get(reverse("documents:list_rows", args=[first.document_id, "json"])).content)
    assert data["rows"] == [INSPECTION | {"抽查比例和频次": ""}]
    text = Client().get(reverse("documents:list_rows", args=[first.document_id, "csv"])).content.decode("utf-8-sig")
    assert any("房地产市场抽查" in row for row in csv.reader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(Client().get(reverse("documents:list_rows", args=[first.document_id, "xlsx"])).content))
    assert "房地产市场抽查" in [cell.value for row in book.active.iter_rows() for cell in row]
    assert Client().get(reverse("documents:list_rows", args=[first.document_id, "exe"])).status_code == 404


def test_a_suggestion_box_at_every_row_of_a_list_in_the_catalogue(cast: Any) -> None:
    """S4-14: a button per row leads to the box of the catalogue item that the list fulfils, with the row named."""
    edition = a_list(cast, "powers", [full("powers") | {"编码": "0100-F-00100"}])
    address = reverse("documents:list_table", args=[edition.document_id])
    assert "提建议" not in Client().get(address).content.decode()
    item = catalogue_making.version(cast.reform, cast.drafter, state="current").standards.first().item
    edition.document.item_links.create(item=item)
    cache.clear()
    shown = Client().get(address).content.decode()
    assert f"{reverse('catalogue_kept:suggest', args=[item.pk])}?about=0100-F-00100" in shown
    box = Client().get(reverse("catalogue_kept:suggest", args=[item.pk]), {"about": "0100-F-00100"}).content.decode()
    assert "关于“0100-F-00100”：" in box


def test_all_lists_of_a_place_stand_on_one_index(cast: Any) -> None:
    """S4-15: the six lists together, also where one is not there yet; live where all are."""
    family = [schema.id for schema in lists.family()]
    assert len(family) == 6
    for kind in family[:-1]:
        a_list(cast, kind, [full(kind)], title=f"清河市{schemas()[kind].name}")
    a_list(cast, "powers", [full("powers")], title="清河市发改委权力清单")
    shown = Client().get(reverse("documents:lists")).content.decode()
    assert shown.count("还没有公开") == 1 and "清河市发改委权力清单" in shown
    a_list(cast, family[-1], [full(family[-1])], title="最后一张")
    cache.clear()
    assert "还没有公开" not in Client().get(reverse("documents:lists")).content.decode()


def test_a_list_that_is_not_live_is_not_there(cast: Any) -> None:
    edition = a_list(cast, "powers", [full("powers")], live=False)
    for address in (
        reverse("documents:list_table", args=[edition.document_id]),
        reverse("documents:list_rows", args=[edition.document_id, "json"]),
    ):
        assert Client().get(address).status_code == 404


# --- the spreadsheet --------------------------------------------------------------------------------------------------------------------


def sheet(*rows: list[Any], title: str = "随机抽查事项清单") -> bytes:
    book = Workbook()
    book.active.append([title])
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HEADER = ["序号", *INSPECTION]


def test_a_spreadsheet_is_read_by_its_headers() -> None:
    data = sheet(HEADER, [1, *INSPECTION.values()], [None] * 6, [2, "物业抽查", *list(INSPECTION.values())[1:]])
    found = lists_xlsx.read(data, schemas()["random_inspection"])
    assert found.faults == [] and [row["抽查事项"] for row in found.rows] == ["房地产市场抽查", "物业抽查"]


def test_faults_name_the_row_of_the_sheet() -> None:
    data = sheet(HEADER, [1, *INSPECTION.values()], [2, "物业抽查", "", "市住建局", "内容", "方式"])
    assert lists_xlsx.read(data, schemas()["random_inspection"]).faults == ["表格第 4 行没有填“抽查依据”"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no", b"just text", sheet(["随便", "什么"]), sheet()])
def test_what_is_no_such_list_gets_one_sentence(data: bytes) -> None:
    found = lists_xlsx.read(data, schemas()["random_inspection"])
    assert found.rows == [] and len(found.faults) == 1


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.lists(TEXTS, min_size=1, max_size=6, unique=True), st.lists(TEXTS, min_size=4, max_size=4))
def test_what_is_written_out_comes_back_the_same(names: list[str], others: list[str]) -> None:
    schema = schemas()["random_inspection"]
    rest = dict(zip(list(INSPECTION)[1:], others, strict=True))
    rows = [{"抽查事项": name, **rest} for name in names]
    buffer = io.BytesIO()
    xlsx_ledger.write([lists_xlsx.table(schema, rows, "清单", "市住建局")], buffer)
    found = lists_xlsx.read(buffer.getvalue(), schema)
    assert found.faults == [] and [{k: v for k, v in row.items() if v} for row in found.rows] == rows


@given(st.lists(st.sampled_from("甲乙丙丁"), unique=True), st.lists(st.sampled_from("甲乙丙丁"), unique=True))
def test_the_difference_is_exactly_what_came_and_went(old: list[str], new: list[str]) -> None:
    schema = schemas()["random_inspection"]
    found = lists.diff(schema, [INSPECTION | {"抽查事项": n} for n in old], [INSPECTION | {"抽查事项": n} for n in new])
    assert {c.title for c in found if c.kind == "新增"} == set(new) - set(old)
    assert {c.title for c in found if c.kind == "取消"} == set(old) - set(new)
    assert all(c.kind != "修改" for c in found)


def test_the_rows_are_imported_through_the_page(cast: Any, client: Client) -> None:
    edition = a_list(cast, "random_inspection", [], live=False)
    client.force_login(cast.drafter)
    page = reverse("topics:rows", args=[edition.pk])
    assert "清单还没有内容" in client.get(page).content.decode()
    assert client.get(reverse("topics:lists")).status_code == 200
    address = reverse("topics:rows_import", args=[edition.pk])

    def send(data: bytes, name: str = "清单.xlsx") -> Any:
        file = SimpleUploadedFile(name, data)
        return client.post(address, {"key": key(), "file": file, "base": Edition.objects.get(pk=edition.pk).revision_id})

    bad = send(sheet(HEADER, [1, "物业抽查", "", "市住建局", "内容", "方式"]))
    assert bad.status_code == 409 and "表格第 3 行没有填“抽查依据”" in bad.content.decode()
    assert Edition.objects.get(pk=edition.pk).revision.rows == [], "nothing is half taken"
    assert send(b"text", "清单.txt").status_code == 409
    assert send(sheet(HEADER, [1, *INSPECTION.values()])).status_code == 302
    edition.refresh_from_db()
    filled = [INSPECTION | {"抽查比例和频次": ""}]
    assert edition.revision.rows == filled and edition.revision.number == 2
    assert "没有空项" in client.get(page).content.decode()
    export = client.get(reverse("topics:rows_export", args=[edition.pk, "xlsx"])).content
    assert lists_xlsx.read(export, schemas()["random_inspection"]).rows == filled
    stale = client.post(
        address, {"key": key(), "file": SimpleUploadedFile("清单.xlsx", sheet(HEADER, [1, *INSPECTION.values()])), "base": "1"}
    )
    assert stale.status_code in (302, 409)

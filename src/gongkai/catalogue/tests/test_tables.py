"""Real shapes of catalogue tables: what each row says, what is passed over, what is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from gongkai.catalogue.table_rows import read_rows
from gongkai.catalogue.tables import MOST_ROWS, TableError, read_tables
from gongkai.catalogue.terms import terms_of
from gongkai.catalogue.tests import tables as made

TERMS = terms_of(None)


def read(data: bytes, name: str = "目录.xlsx"):
    return read_rows(read_tables(data, name), name, TERMS)


ROWS = [
    made.row(1, "供水", "停水通知", limit="提前24小时", lower="√"),
    made.row(2, None, "水质公告", limit="每月10日前", public=None, group="√（用水户）"),
    made.row(3, "供热", "收费标准", limit="同上", basis="同上", channels="同上"),
]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (made.book(ROWS, merge=["B4:B5"]), "目录.xlsx"),
        (made.document(ROWS), "目录.docx"),
        (made.page(ROWS), "目录.html"),
    ],
)
def test_the_standard_table_with_merged_cells_and_two_header_rows(data, name):
    found = read(data, name)
    water, quality, heat = found.rows
    assert [row.errors for row in found.rows] == [[], [], []]
    assert water.key == ("供水", "停水通知")
    assert water.values["limit"] == {"kind": "before", "n": 24, "unit": "hours", "anchor": ""}
    assert water.values["channels"] == ["website", "new_media", "reading_place", "notice_board"]
    assert (water.values["audience"], water.values["method"]) == ("public", "proactive")
    assert water.values["levels"] == ["county", "township", "village"]
    assert quality.key == ("供水", "水质公告"), "the first level spans both rows"
    assert (quality.values["audience"], quality.values["audience_words"]) == ("group", "用水户")
    assert quality.values["cycle"] == "monthly"
    assert heat.values["limit_words"] == "每月10日前"
    assert heat.values["basis"] == made.BASIS and heat.values["channels"] == water.values["channels"]


def test_a_document_whose_table_goes_on_after_the_page_with_its_header_or_without():
    again = read(made.document(ROWS[:2], ROWS[2:]), "目录.docx")
    assert [row.key[1] for row in again.rows] == ["停水通知", "水质公告", "收费标准"]
    rows = [made.row(1, "供水", "停水通知"), made.TOP, made.SUB, made.row(2, "供热", "收费标准")]
    assert [row.key[1] for row in read(made.book(rows)).rows] == ["停水通知", "收费标准"]


def test_the_shandong_table_begins_with_the_process():
    head = ["过程", "公开事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道", "公开对象", "公开方式", "公开层级"]
    rows = [
        head,
        ["决策", "重大决策草案", "草案", "条例", "及时公开", "市财政局", "政府网站、政府公报", "全社会", "主动公开", "县级、镇级"],
        ["执行公开", "进展", "进展", "条例", "按季度", "市财政局", "政府网站", "社会公众", "主动", "县级"],
    ]
    first, second = read(made.plain_book(rows)).rows
    assert (first.values["stage"], second.values["stage"]) == ("decision", "execution")
    assert first.values["channels"] == ["website", "gazette"] and first.values["levels"] == ["county", "township"]
    assert second.values["cycle"] == "quarterly" and second.values["audience"] == "public"


def test_the_town_table_has_levels_of_its_own_and_a_column_for_each_channel():
    top = ["序号", "一级事项", "二级事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "", "", "公开层级", ""]
    sub = ["", "", "", "", "", "", "", "政府网站", "村公示栏", "其他", "镇级", "村级"]
    rows = [top, sub, ["1", "村务", "收支", "明细", "条例", "每月10日前", "镇政府", "√", "√", "√微信群", "", "√"]]
    (row,) = read(made.plain_book(rows)).rows
    assert row.values["channels"] == ["website", "notice_board", "other:微信群"]
    assert row.values["levels"] == ["village"]


def test_what_is_wrong_is_told_with_its_place_and_its_mend():
    rows = [
        made.row(1, "供水", "停水通知", basis="同上"),
        made.row(2, None, "", elements="什么都没有"),
        made.row(3, "供水", "停水通知"),
        made.row(4, None, "水价", limit="由市局另定", channels="■村务微信群"),
        made.row(5, "长" * 201, "二级"),
    ]
    first, second, third, fourth, fifth = read(made.book(rows)).rows
    assert first.place == "工作表“市政服务”第 4 行"
    assert first.errors == ["“公开依据”写的是“同上”，上面没有内容，请写明"]
    assert second.errors == ["没有写一级事项，请补上，或者删去这一行"]
    assert third.errors == ["与工作表“市政服务”第 4 行是同一个事项，请合并成一行，或者把二级事项写得不同"]
    assert fourth.errors == [] and fourth.values["level1"] == "供水"
    assert fourth.values["limit"] == {} and fourth.values["limit_words"] == "由市局另定", "kept, not guessed"
    assert fourth.values["channels"] == ["other:村务微信群"]
    assert len(fourth.warnings) == 3 and "一级事项空着" in fourth.warnings[-1]
    assert "超过 200 个" in fifth.errors[0]


def test_lines_that_are_no_items_are_passed_over_and_said():
    rows = [["一、供水类"] + [None] * 13, made.row(1, "供水", "停水通知"), ["注：由市政府办公室解释"]]
    found = read(made.book(rows))
    assert [row.key[1] for row in found.rows] == ["停水通知"]
    assert [note for note in found.notes if "整行只有一格有字" in note] == [
        "工作表“市政服务”第 4 行“一、供水类”整行只有一格有字，没有读",
        "工作表“市政服务”第 6 行“注：由市政府办公室解释”整行只有一格有字，没有读",
    ]


def test_columns_nobody_knows_and_columns_that_are_absent_are_said():
    found = read(
        made.plain_book(
            [["一级事项", "二级事项", "公开内容", "公开依据", "评分"], ["供水", "水价", "标准", "条例", "9"]], [["联系人"], ["某人"]]
        )
    )
    assert any("“评分”栏不认识" in note for note in found.notes)
    assert any("没有公开时限、公开主体" in note for note in found.notes)
    assert any("工作表“表2”没有认出表头" in note for note in found.notes)


def million_rows() -> bytes:
    """A workbook of a million rows, written straight as a stream of XML."""
    buffer = io.BytesIO()
    template = io.BytesIO()
    Workbook().save(template)
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                target.writestr(name, source.read(name))
                continue
            start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:A1000000"/><sheetData>'
            target.writestr(name, start + "<row><c><v>1</v></c></row>" * 1_000_000 + "</sheetData></worksheet>")
    return buffer.getvalue()


def broken_docx() -> bytes:
    """A docx whose main part its relations do not lead to."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<broken")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"\xd0\xcf\x11\xe0old", "目录.xls", "旧版"),
        (b"PK\x03\x04rubbish", "目录.xlsx", "损坏"),
        (broken_docx(), "目录.docx", "“目录.docx”"),
        (b"%PDF-1.7\n", "目录.pdf", "“目录.pdf”"),
        ("就是一段文字".encode(), "目录.txt", "不是能导入的表格"),
        (b"", "目录.xlsx", "空"),
        (made.document(), "目录.docx", "没有表格"),
        (made.plain_book([["甲", "乙"], [1, 2]]), "目录.xlsx", "没有认出目录表的表头"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_one_sentence(data, name, says):
    with pytest.raises(TableError) as refused:
        read(data, name)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_cell_far_away_is_refused_before_the_way_there_is_walked():
    workbook = Workbook()
    workbook.active["A1048576"] = "远"
    with pytest.raises(TableError) as refused:
        read_tables(made.saved(workbook), "远.xlsx")
    assert f"超过 {MOST_ROWS} 行" in str(refused.value)
    workbook = Workbook()
    workbook.active["XFD100"] = "宽"
    with pytest.raises(TableError) as refused:
        read_tables(made.saved(workbook), "宽.xlsx")
    assert "万格" in str(refused.value)


def test_a_million_rows_are_refused_before_they_are_held():
    with pytest.raises(TableError) as refused:
        read_tables(million_rows(), "大.xlsx")
    assert f"超过 {MOST_ROWS} 行" in str(refused.value)

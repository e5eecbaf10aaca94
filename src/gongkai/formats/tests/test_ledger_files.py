"""The written files are opened again: layout, fonts, guards, and the very words."""

import csv
import io
from datetime import date

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.formats import csv_ledger, docx_ledger, plain_table, xlsx_ledger
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable, cell_text, display_width, sections, starts_formula

COLUMNS = [
    Column("n", "序号", 3, "center"), Column("task", "任务", 15), Column("lead", "牵头单位", 6), Column("responsible", "责任单位", 6),
    Column("support", "配合单位", 6), Column("due", "时限", 5, "center"), Column("channel", "渠道", 4),
]  # fmt: skip
LONG = "及时公开财政预算、决算和“三公”经费，细化说明到项级科目，接受社会监督，" * 6


def table(*texts: str, source: str | None = "plan.txt") -> LedgerTable:
    rows = [
        LedgerRow({"n": n, "task": text, "lead": "市财政局", "due": date(2026, 6, 30)}, ("一、推进决策公开", "（一）财政信息"))
        for n, text in enumerate(texts, 1)
    ]
    return LedgerTable(
        "海云市2026年政务公开工作要点任务分工表",
        COLUMNS,
        rows,
        "海政办发〔2026〕8号",
        "海云市人民政府办公室",
        date(2026, 3, 1),
        ["共 2 项任务。"],
        source,
    )


def saved(writer, *tables: LedgerTable) -> io.BytesIO:
    stream = io.BytesIO()
    writer.write(list(tables), stream)
    stream.seek(0)
    return stream


def test_csv_opens_in_excel_and_reads_back():
    data = saved(csv_ledger, table("公开预算", '含"引号"、,逗号\n换行')).getvalue()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["序号", "任务", "牵头单位", "责任单位", "配合单位", "时限", "渠道"]
    assert rows[1] == ["1", "公开预算", "市财政局", "", "", "2026-06-30", ""]
    assert rows[2][1] == '含"引号"、,逗号\n换行'


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.text(max_size=20))
def test_csv_formula_guard(first, rest):
    value = first + rest
    assert starts_formula(value) and csv_ledger.guarded(value).startswith("'")


def test_csv_guard_leaves_numbers_and_plain_text():
    assert [csv_ledger.guarded(v) for v in (-5, -5.5, "5%", "", None, date(2026, 1, 2))] == ["-5", "-5.5", "5%", "", "", "2026-01-02"]


def test_csv_of_several_tables_names_the_source():
    lines = saved(csv_ledger, table("甲", source="a.txt"), table("乙", source="b.txt")).getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["来源", "a.txt", "b.txt"]
    other = LedgerTable("x", [Column("z", "Z")], [])
    with pytest.raises(ValueError):
        csv_ledger.write([table("甲"), other], io.BytesIO())


def test_csv_of_nothing_is_a_bom():
    assert saved(csv_ledger).getvalue() == b"\xef\xbb\xbf"


def test_xlsx_layout():
    book = openpyxl.load_workbook(saved(xlsx_ledger, table(LONG, "=SUM(A1:A9)", "@cmd", "-1+2")))
    sheet = book.worksheets[0]
    assert sheet.title == "plan.txt"
    assert sheet["A1"].value == "海云市2026年政务公开工作要点任务分工表" and "A1:G1" in [str(r) for r in sheet.merged_cells.ranges]
    assert sheet["A2"].value == "海政办发〔2026〕8号　海云市人民政府办公室　2026年3月1日"
    assert [cell.value for cell in sheet[3]] == [column.title for column in COLUMNS]
    assert sheet.freeze_panes == "A4" and sheet.auto_filter.ref == "A3:G7"
    assert sheet.page_setup.orientation == "landscape" and int(sheet.page_setup.paperSize) == 9
    assert sheet.page_setup.fitToWidth == 1 and sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    for row, text in ((5, "=SUM(A1:A9)"), (6, "@cmd"), (7, "-1+2")):
        assert sheet.cell(row, 2).value == text and sheet.cell(row, 2).data_type == "s" and sheet.cell(row, 2).quotePrefix
    assert sheet["F4"].is_date and sheet["F4"].number_format == "yyyy-mm-dd" and sheet["A4"].value == 1
    assert sheet["B4"].alignment.wrap_text
    assert sheet.row_dimensions[5].height == 18 < 10 * 15 < sheet.row_dimensions[4].height <= 409
    widths = {letter: sheet.column_dimensions[letter].width for letter in "ABCG"}
    assert widths["B"] == 31 and widths["A"] == 8 and widths["C"] == 12 and widths["G"] == 8
    assert sheet["B3"].font.name == "黑体" and sheet["B4"].font.name == "仿宋_GB2312"


def test_xlsx_one_sheet_a_table_with_legal_unique_names():
    names = openpyxl.load_workbook(saved(xlsx_ledger, *(table("甲", source="a/b:[计划]*?.txt" + "长" * 40) for _ in range(3)))).sheetnames
    assert len(set(names)) == 3 and all(len(name) <= 31 and not set(name) & set("\\/*?:[]") for name in names)
    assert openpyxl.load_workbook(saved(xlsx_ledger)).sheetnames == ["台账"]


def test_xlsx_says_when_a_cell_is_cut():
    sheet = openpyxl.load_workbook(saved(xlsx_ledger, table("字" * 40_000))).worksheets[0]
    assert len(sheet["B4"].value) == xlsx_ledger.MAX_CELL and sheet["B4"].value.endswith("全文见 JSON）")


def test_docx_page_is_gbt_9704():
    document = docx.Document(saved(docx_ledger, table("公开预算", LONG)))
    section = document.sections[0]

    def mm(length) -> int:
        return round(length / Mm(1))

    assert (mm(section.page_width), mm(section.page_height)) == (210, 297)
    assert [mm(m) for m in (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)] == [37, 28, 26, 35]
    assert mm(section.page_width - section.left_margin - section.right_margin) == 156
    assert mm(section.page_height - section.top_margin - section.bottom_margin) == 225
    assert document.settings.odd_and_even_pages_header_footer
    right, left = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert right.text == left.text == "— 1 —" and right.alignment == 2 and left.alignment == 0
    assert right._p.pPr.find(qn("w:ind")).get(qn("w:rightChars")) == "100" and left._p.pPr.find(qn("w:ind")).get(qn("w:leftChars")) == "100"
    assert all(run.font.size.pt == 14 for run in right.runs) and "PAGE" in right._p.xml


def fonts(style) -> tuple[str, float]:
    return style.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")), style.font.size.pt


def test_docx_names_the_fonts():
    document = docx.Document(saved(docx_ledger, table("公开预算")))
    styles = document.styles
    assert fonts(styles["Normal"]) == ("仿宋_GB2312", 16)
    assert fonts(styles["公文标题"]) == ("方正小标宋简体", 22)
    assert fonts(styles["表头"])[0] == fonts(styles["表内一级标题"])[0] == "黑体"
    assert fonts(styles["表内二级标题"])[0] == "楷体_GB2312"
    paragraphs = [(p.text, p.style.name) for p in document.paragraphs if p.text]
    assert paragraphs == [
        ("海云市2026年政务公开工作要点任务分工表", "公文标题"),
        ("海政办发〔2026〕8号", "发文字号"),
        ("共 2 项任务。", "表文"),
        ("海云市人民政府办公室", "公文落款"),
        ("2026年3月1日", "公文落款"),
    ]
    assert "asciiTheme" not in document.styles.element.xml.split("</w:docDefaults>")[0]
    assert document.core_properties.author == "gongkai" and not document.core_properties.comments


def test_docx_table():
    document = docx.Document(saved(docx_ledger, table("公开预算", "=1+1\n第二行")))
    [grid] = document.tables
    assert [cell.text for cell in grid.rows[0].cells] == [column.title for column in COLUMNS]
    assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert sum(int(c.get(qn("w:w"))) for c in grid._tbl.tblGrid) == docx_ledger.TABLE_TWIPS == 8844
    assert grid.rows[1].cells[0].text == "一、推进决策公开" and grid.rows[1].cells[0].paragraphs[0].style.name == "表内一级标题"
    assert grid.rows[2].cells[0].text == "（一）财政信息" and grid.rows[2].cells[0].paragraphs[0].style.name == "表内二级标题"
    assert [cell.text for cell in grid.rows[3].cells] == ["1", "公开预算", "市财政局", "", "", "2026-06-30", ""]
    assert grid.rows[4].cells[1].text == "=1+1\n第二行"


def test_docx_paragraph_properties_stand_in_schema_order():
    order = ["pStyle", "keepNext", "snapToGrid", "spacing", "ind", "jc"]
    document = docx.Document(saved(docx_ledger, table("公开预算")))
    section = document.sections[0]
    for root in (document.element, document.styles.element, section.footer._element, section.even_page_footer._element):
        for properties in root.iter(qn("w:pPr")):
            names = [child.tag.split("}")[1] for child in properties if child.tag.split("}")[1] in order]
            assert names == sorted(names, key=order.index)


def test_docx_one_page_break_a_table():
    document = docx.Document(saved(docx_ledger, table("甲"), table("乙"), table("丙")))
    assert len(document.tables) == 3 and document.element.xml.count('w:br w:type="page"') == 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_survives_every_writer(texts):
    made = table(*texts)
    sheet = openpyxl.load_workbook(saved(xlsx_ledger, made)).worksheets[0]
    grid = docx.Document(saved(docx_ledger, made)).tables[0]
    assert len(list(csv.reader(io.StringIO(saved(csv_ledger, made).getvalue().decode("utf-8-sig"), newline="")))) == len(texts) + 1
    assert len(grid.rows) == 1 + (2 if texts else 0) + len(texts)
    for n, text in enumerate(texts):
        kept = cell_text(text)
        assert (sheet.cell(4 + n, 2).value or "").replace("\r\n", "\n") == kept.replace("\r\n", "\n") or "\r" in kept
        assert "".join(grid.rows[3 + n].cells[1].text.split()) == "".join(kept.split())
    out = io.StringIO()
    plain_table.write([made], out)
    assert "海云市2026年" in out.getvalue()


def test_plain_table_wraps_to_the_width_and_drops_empty_columns():
    out = io.StringIO()
    plain_table.write([table(LONG, "公开预算")], out, width=90)
    text = out.getvalue()
    assert max(map(display_width_narrow, text.splitlines())) <= 90
    assert "牵头单位" in text and "配合单位" not in text and "一、推进决策公开" in text and "共 2 项任务。" in text
    assert "\x1b" not in text


def display_width_narrow(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def test_widths_and_sections():
    assert display_width("abc") == 3 and display_width("任务a") == 5
    rows = [LedgerRow({}, p) for p in [("一",), ("一", "1"), ("一", "2"), ("二",), ()]]
    assert sections(rows) == [(0, ("一",)), (1, ("", "1")), (2, ("", "2")), (3, ("二",))]

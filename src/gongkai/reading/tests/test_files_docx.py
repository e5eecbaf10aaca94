"""Word documents: what a reader of the printed page would see, in one string."""

from __future__ import annotations

import io

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import extract
from gongkai.reading.files.numerals import counting, written
from gongkai.reading.tests import files_samples as make
from gongkai.reading.tests.files_samples import abstract, level, num, numbered, p, tbl, tc


def read(body: str, **parts: str) -> Extracted:
    return extract(make.docx(body, **parts), "文.docx")


def cells(extracted: Extracted, at: int = 0) -> list[list[str | None]]:
    return [[None if cell is None else extracted.text[cell.start : cell.end] for cell in row] for row in extracted.grids[at].rows]


def test_a_document_written_by_python_docx() -> None:
    document = python_docx.Document()
    document.add_heading("某市2024年政务公开工作要点", 0)
    document.add_paragraph("　　一、总体要求")
    table = document.add_table(rows=3, cols=3)
    for at, row in enumerate(["任务|牵头单位|时限", "公开目录|办公室|6月底前", "政策解读|司法局|长期"]):
        for cell, text in zip(table.rows[at].cells, row.split("|"), strict=True):
            cell.text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    document.add_paragraph("落款")
    out = io.BytesIO()
    document.save(out)
    got = extract(out.getvalue(), "计划.docx")
    assert got.kind == "docx"
    assert got.text.startswith("某市2024年政务公开工作要点\n　　一、总体要求\n任务\n牵头单位\n时限\n公开目录\n办公室\n6月底前")
    assert got.text.endswith("\n落款\n")
    rows = got.grids[0].rows
    assert rows[1][2] is rows[2][2]
    assert cells(got)[2][:2] == ["政策解读", "司法局"]


def test_runs_breaks_tabs_links_controls_and_symbols() -> None:
    got = read(
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>"
        "<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:noBreakHyphen/><w:sym w:font='Wingdings' w:char='F0FE'/></w:r><w:smartTag><w:r><w:t>尾</w:t></w:r></w:smartTag></w:p>"
        f"<w:sdt><w:sdtContent>{p('块控件')}</w:sdtContent></w:sdt><w:customXml>{p('自定义')}</w:customXml>"
    )
    assert got.text == "甲\n乙\t丙链接控件-☑尾\n块控件\n自定义\n"


def test_strict_namespace() -> None:
    assert extract(make.docx(p("严格格式") + tbl([tc("甲"), tc("乙")]), space=make.STRICT), "a.docx").text == "严格格式\n甲\n乙\n"


def test_tracked_changes_show_the_document_as_accepted() -> None:
    got = read(
        "<w:p><w:r><w:t>由</w:t></w:r><w:del><w:r><w:delText>甲局</w:delText></w:r></w:del><w:ins><w:r><w:t>乙局</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo><w:r><w:t>牵头</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半句，</w:t></w:r></w:p>" + p("后半句。")
    )
    assert got.text == "由乙局新处牵头\n前半句，后半句。\n"
    rows = tbl([tc("留"), tc("一")]).replace("</w:tbl>", f"<w:tr><w:trPr><w:del/></w:trPr>{tc('删')}{tc('二')}</w:tr></w:tbl>")
    assert read(p("前") + rows).text == "前\n留\n一\n"


def test_fields_show_their_result_and_contents_are_left_out() -> None:
    def char(kind: str) -> str:
        return f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>"

    def code(text: str) -> str:
        return f"<w:r><w:instrText> {text} </w:instrText></w:r>"

    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    nested = (
        char("begin")
        + code("IF")
        + char("begin")
        + code("DATE")
        + char("separate")
        + run("看不见")
        + char("end")
        + char("separate")
        + run("果")
        + char("end")
    )
    got = read(
        f"<w:p>{run('前')}{nested}{run('后')}</w:p><w:p>{char('begin')}{code('TOC')}{char('separate')}{run('一、总则 1')}</w:p>"
        f"<w:p>{run('二、附则 2')}</w:p><w:p>{run('三 3')}{char('end')}</w:p>{p('正文')}<w:p>{char('begin')}{code('坏的')}</w:p>{p('还在')}"
        "<w:p><w:fldSimple w:instr='PAGE'><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p>"
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr><w:sdtContent>"
        f"{p('目录')}</w:sdtContent></w:sdt>"
    )
    assert got.text.split() == ["前果后", "正文", "还在", "7"]


def test_hidden_runs_and_pronunciation_are_left_out() -> None:
    got = read(
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>显示</w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>hàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>汉</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    assert got.text == "显示汉\n"


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    got = read(
        f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        f"</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>框外</w:t></w:r></w:p><w:p><w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    assert got.text.split() == ["框外", "框内", "框内"]


def test_notes_stand_apart_and_leave_no_mark() -> None:
    notes = (
        "<w:footnote w:type='separator' w:id='-1'><w:p><w:r><w:separator/></w:r></w:p></w:footnote>"
        "<w:footnote w:id='1'><w:p><w:r><w:footnoteRef/><w:t> 脚注文字</w:t></w:r></w:p></w:footnote>"
    )
    end = "<w:endnote w:id='1'><w:p><w:r><w:t>尾注文字</w:t></w:r></w:p></w:endnote>"
    got = read(
        "<w:p><w:r><w:t>前</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r><w:r><w:t>后。</w:t></w:r></w:p>",
        footnotes=notes,
        endnotes=end,
    )
    assert got.text == "前后。\n脚注文字\n尾注文字\n"
    assert [got.text[a:b] for a, b in got.apart] == ["脚注文字\n尾注文字\n"]


def test_table_spans_and_paragraphs_in_cells() -> None:
    got = read(
        p("前")
        + tbl(
            [tc("领域", "<w:vMerge w:val='restart'/>"), tc("任务", "<w:gridSpan w:val='2'/>")],
            [tc("", "<w:vMerge/>"), tc("甲\n\n乙"), tc("")],
            [tc("一"), tc("二"), tc("三")],
        )
        + p("后")
    )
    assert got.text == "前\n领域\n任务\n甲\n乙\n\n一\n二\n三\n后\n"
    assert cells(got) == [["领域", "任务", "任务"], ["领域", "甲\n乙", ""], ["一", "二", "三"]]
    rows = got.grids[0].rows
    assert rows[0][0] is rows[1][0]
    assert got.text[got.grids[0].start : got.grids[0].end] == "领域\n任务\n甲\n乙\n\n一\n二\n三\n"


def test_rows_that_begin_late_and_rows_in_controls() -> None:
    late = f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{tc('乙')}</w:tr>"
    control = f"<w:sdt><w:sdtContent><w:tr>{tc('丙')}{tc('丁')}</w:tr></w:sdtContent></w:sdt>"
    got = read(tbl([tc("甲"), tc("天")]).replace("</w:tbl>", late + control + "</w:tbl>"))
    assert cells(got) == [["甲", "天"], [None, "乙"], ["丙", "丁"]]


def test_layout_and_nested_tables() -> None:
    single = read(tbl([tc("一栏")], [tc("又一栏")]))
    assert (single.grids, single.text) == ([], "一栏\n又一栏\n")
    inner = tbl([tc("任务任务"), tc("单位单位")], [tc("公开公开"), tc("办公室办")])
    nested = read(tbl([f"<w:tc>{p('栏')}{inner}{p()}</w:tc>", tc("边")]))
    assert [row[0] for row in cells(nested)] == ["任务任务", "公开公开"]


def test_numbering_of_a_plan() -> None:
    levels = [
        level(0, "第%1章", "chineseCountingThousand", suffix="space"),
        level(1, "%2、", "japaneseCounting", suffix="tab"),
        level(2, "（%3）", "chineseCounting"),
        level(3, "%4.", suffix="tab"),
        level(4, "%5", "decimalEnclosedCircle"),
    ]
    body = [
        numbered("总则"),
        numbered("要求", 1),
        numbered("公开", 2),
        numbered("目录", 2),
        numbered("年内", 3),
        numbered("细项", 4),
        numbered("细项", 4),
    ]
    body += [numbered("解读", 2), numbered("再次", 3), numbered("附则"), numbered("重来", 1)]
    got = read("".join(body), numbering=abstract(levels) + num())
    expected = ["第一章 总则", "一、要求", "（一）公开", "（二）目录", "1. 年内", "①细项", "②细项", "（三）解读"]
    assert got.text.splitlines() == [*expected, "1. 再次", "第二章 附则", "一、重来"]


def test_numbering_rules_of_restart_override_legal_and_links() -> None:
    never = abstract([level(0, "%1."), level(1, "%1.%2", more="<w:lvlRestart w:val='0'/>")])
    got = read(numbered("a") + numbered("b", 1) + numbered("c") + numbered("d", 1), numbering=never + num())
    assert got.text.splitlines() == ["1.a", "1.1b", "2.c", "2.2d"]
    legal = abstract([level(0, "%1、", "chineseCounting"), level(1, "%1.%2", more="<w:isLgl/>")])
    assert read(numbered("a") + numbered("b", 1), numbering=legal + num()).text.splitlines() == ["一、a", "1.1b"]
    shared = (
        abstract([level(0, "%1.")])
        + num(1)
        + num(2)
        + num(3, more="<w:lvlOverride w:ilvl='0'><w:startOverride w:val='7'/></w:lvlOverride>")
    )
    body = numbered("a") + numbered("b", list_id=2) + numbered("c", list_id=3) + numbered("d", list_id=3) + numbered("e")
    assert read(body, numbering=shared).text.splitlines() == ["1.a", "2.b", "7.c", "8.d", "9.e"]
    changed = abstract([level(0, "%1.")]) + num(
        1, more=f"<w:lvlOverride w:ilvl='0'>{level(0, '%1)', 'upperLetter', start=3)}</w:lvlOverride>"
    )
    assert read(numbered("a"), numbering=changed).text == "C)a\n"
    bullets = abstract([level(0, "\uf06c", "bullet", suffix="tab"), level(1, "—", "bullet")])
    assert read(numbered("a") + numbered("b", 1), numbering=bullets + num()).text == "• a\n—b\n"
    assert read(numbered("a", list_id=0) + numbered("b", list_id=99), numbering=shared).text == "a\nb\n"


def test_numbering_through_styles() -> None:
    linked = abstract(
        [
            level(0, "%1、", "chineseCounting", more="<w:pStyle w:val='H1'/>"),
            level(1, "（%2）", "chineseCounting", more="<w:pStyle w:val='H2'/>"),
        ]
    )

    def style(key: str, inner: str, base: str = "") -> str:
        return f"<w:style w:type='paragraph' w:styleId='{key}'><w:name w:val='{key}'/>{base}<w:pPr>{inner}</w:pPr></w:style>"

    styles = (
        style("H1", "<w:numPr><w:numId w:val='1'/></w:numPr>")
        + style("H2", "<w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr>")
        + style("Child", "", "<w:basedOn w:val='H1'/>")
        + style("Loop", "", "<w:basedOn w:val='Loop'/>")
        + "<w:style w:type='paragraph' w:styleId='T1'><w:name w:val='toc 1'/></w:style>"
    )

    def with_style(text: str, key: str, more: str = "") -> str:
        return p(text, f"<w:pStyle w:val='{key}'/>{more}")

    body = (
        with_style("目录行 1", "T1")
        + with_style("甲", "H1")
        + with_style("乙", "H2")
        + with_style("丙", "Child")
        + with_style("丁", "Loop")
    )
    body += with_style("戊", "H1", "<w:numPr><w:numId w:val='0'/></w:numPr>")
    assert read(body, numbering=linked + num(), styles=styles).text.splitlines() == ["一、甲", "（一）乙", "二、丙", "丁", "戊"]
    by_style = "<w:abstractNum w:abstractNumId='5'><w:numStyleLink w:val='H1'/></w:abstractNum>" + linked + num() + num(6, 5)
    assert read(numbered("甲", list_id=6), numbering=by_style, styles=styles).text == "一、甲\n"


def test_automatic_numbers_in_an_empty_cell() -> None:
    row = f"<w:tc>{numbered('')}</w:tc>"
    got = read(tbl([row, tc("甲")], [row, tc("乙")]), numbering=abstract([level(0, "%1")]) + num())
    assert cells(got) == [["1", "甲"], ["2", "乙"]]


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 21, "二十一"),
        ("chineseCounting", 100, "一〇〇"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1005, "一千零五"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 11, "甲"),
        ("ideographZodiac", 12, "亥"),
        ("ideographDigital", 10, "一〇"),
        ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalEnclosedCircle", 51, "51"),
        ("decimalEnclosedParen", 3, "⑶"),
        ("decimalEnclosedFullstop", 3, "⒊"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 3, "03"),
        ("upperLetter", 28, "BB"),
        ("lowerRoman", 14, "xiv"),
        ("none", 3, ""),
        ("neverHeardOf", 3, "3"),
        ("chineseCounting", 0, "0"),
    ],
)
def test_number_formats(style: str, number: int, expected: str) -> None:
    assert written(number, style) == expected


@given(st.integers(1, 9999))
def test_spoken_numbers_mean_what_they_say(number: int) -> None:
    total = digit = 0
    for character in counting(number):
        if character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(character)
    assert total + digit == number


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_numbering_counts_like_an_outline(depths: list[int]) -> None:
    levels = [level(at, "".join(f"%{n + 1}." for n in range(at + 1))) for at in range(5)]
    got = read("".join(numbered("x", depth) for depth in depths), numbering=abstract(levels) + num())
    counters = [0] * 5
    expected = []
    for depth in depths:
        counters[depth] += 1
        counters[depth + 1 :] = [0] * (4 - depth)
        expected.append("".join(f"{max(counters[n], 1)}." for n in range(depth + 1)) + "x")
    assert got.text.splitlines() == expected


shapes = st.lists(st.lists(st.integers(1, 3), min_size=2, max_size=4), min_size=1, max_size=5)


@given(shapes, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_grids_repeat_spanning_cells(shape: list[list[int]], random: object) -> None:
    names = iter(f"格{n}" for n in range(100))
    rows = [[(next(names), width) for width in row] for row in shape]
    got = read(tbl(*[[tc(name, f"<w:gridSpan w:val='{width}'/>") for name, width in row] for row in rows]))
    expected = [[name for name, width in row for _ in range(width)] for row in rows]
    longest = max(map(len, expected))
    assert cells(got) == [row + [None] * (longest - len(row)) for row in expected]
    assert got.text.split() == [name for row in rows for name, _ in row]


def test_refused_with_the_mend() -> None:
    with pytest.raises(ReadingError, match="含有宏。请用 WPS 或 Word 打开后另存为不含宏的 .docx 再试。$"):
        extract(make.docx(p("x"), word__vbaProject_dot_bin=b"x"), "a.docm")
    with pytest.raises(ReadingError, match="没有文字"):
        read(p(""))
    with pytest.raises(ReadingError, match="没有 Word 正文"):
        extract(make.zipped({"[Content_Types].xml": "<Types/>"}), "a.docx")
    with pytest.raises(ReadingError, match="XML 无法解析"):
        read("<w:p><w:r>")
    with pytest.raises(ReadingError, match="XML 无法解析"):
        read(p("x"), numbering="<w:num>")
    with pytest.raises(ReadingError, match="XML 无法解析"):
        read("<w:p>" * 300 + "</w:p>" * 300)


def test_entity_bombs_and_outside_entities_are_refused() -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    for where in ("word/document.xml", "word/styles.xml"):
        plain = make.docx(p("正文"), styles="<w:style/>")
        import zipfile

        source = zipfile.ZipFile(io.BytesIO(plain))
        members = {name: source.read(name) for name in source.namelist()}
        members[where] = (bomb + members[where].decode().replace("<w:body>", "<w:body><w:p><w:r><w:t>&b;&c;</w:t></w:r></w:p>")).encode()
        with pytest.raises(ReadingError, match="实体炸弹"):
            extract(make.zipped(members), "a.docx")


def test_spans_nobody_would_write_do_not_grow_the_grid() -> None:
    row = [tc("甲", "<w:gridSpan w:val='999999'/>"), tc("乙")]
    got = read(tbl(*[row] * 5000))
    assert got.text.count("甲") == 5000

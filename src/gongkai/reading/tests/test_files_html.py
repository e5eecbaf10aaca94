"""Web pages: the document and not the site; tables with their spans; lines as a browser sets them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import extract, limits

BODY = "各县区人民政府、市政府各部门要按照职责分工，认真抓好落实，及时报送工作进展情况。" * 4


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


def read(body: str, head: str = "") -> Extracted:
    return extract(page(body, head), "页.html")


def cells(extracted: Extracted, at: int = 0) -> list[list[str | None]]:
    return [[None if cell is None else extracted.text[cell.start : cell.end] for cell in row] for row in extracted.grids[at].rows]


def test_paragraphs_breaks_and_full_width_spaces() -> None:
    got = read("<p>　　一、总体要求</p><p>第一行<br>第二行<br/>\n第三行</p><div>外<div>内</div>后</div>")
    assert got.text == "　　一、总体要求\n第一行\n第二行\n第三行\n外\n内\n后\n"


def test_white_space_as_a_browser_shows_it() -> None:
    got = read("<p>政务公开\n   工作，a\n b  c&nbsp;&nbsp;d\u200b</p><pre>一\n二</pre>")
    assert got.text == "政务公开工作，a b c d\n一\n二\n"


def test_site_around_the_document_is_dropped() -> None:
    links = "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(9))
    got = read(
        f"<nav>导航</nav><ul class='x'>{links}</ul><div class='breadcrumb'>您的位置：首页</div><script>var a='脚本'</script>"
        f"<form><input value='搜索'>站内搜索</form><div id='content'><p>{BODY}</p></div><div class='bdsharebuttonbox'>分享到</div>"
        "<div style='display: none'>隐藏</div><footer>版权所有</footer>"
    )
    assert got.text == BODY + "\n"


def test_a_form_around_the_whole_page_is_kept() -> None:
    assert BODY in read(f"<form id='aspnetForm'><input type=hidden value=x><p>{BODY}</p></form>").text


def test_a_wrapper_named_after_its_sidebar_is_kept() -> None:
    assert BODY in read(f"<div class='main has-sidebar footer'><p>{BODY}</p></div>").text


def test_known_container_and_the_title_before_it() -> None:
    head = "<meta name='ArticleTitle' content='某市2024年政务公开工作要点'>"
    got = read(
        f"<h1>某市政府网</h1><div>来源：办公室　字号：大 中 小</div><div class='TRS_Editor'><p>{BODY}</p></div><div>相关阅读</div>", head
    )
    assert got.text == f"某市2024年政务公开工作要点\n{BODY}\n"
    again = read(f"<div id='zoom'><p>某市2024年政务公开 工作要点</p><p>{BODY}</p></div>", head)
    assert again.text.count("工作要点") == 1
    two = read(f"<div><div class='TRS_Editor'><p>{BODY}</p></div><p>附件</p><div class='TRS_Editor'><p>{BODY}</p></div></div>")
    assert two.text == f"{BODY}\n附件\n{BODY}\n"


@pytest.mark.parametrize("encoding", ["gbk", "gb2312", "utf-8", "big5", "utf-16"])
def test_encodings_with_and_without_meta(encoding: str) -> None:
    text = "政府工作公平" * 30
    for meta in (f"<meta charset={encoding}>", "", "<meta http-equiv='Content-Type' content='text/html; charset=utf-8'>"):
        got = extract(f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode(encoding), "a.htm")
        assert (got.kind, got.text) == ("html", text + "\n")


def test_table_with_spans() -> None:
    got = read(
        "<p>前</p><table><tr><th rowspan=2>领域</th><th colspan=2>任务</th></tr><tr><td>甲<br>乙</td><td></td></tr>"
        "<tr><td>一</td><td>二</td></tr></table><p>后</p>"
    )
    assert got.text == "前\n领域\n任务\n甲\n乙\n\n一\n二\n后\n"
    assert cells(got) == [["领域", "任务", "任务"], ["领域", "甲\n乙", ""], ["一", "二", None]]
    rows = got.grids[0].rows
    assert rows[0][0] is rows[1][0]
    assert rows[0][1] is rows[0][2]
    assert got.text[got.grids[0].start : got.grids[0].end] == "领域\n任务\n甲\n乙\n\n一\n二\n"


def test_row_span_to_the_end_of_its_group() -> None:
    got = read(
        "<table><tbody><tr><td rowspan=0>组</td><td>1</td></tr><tr><td>2</td></tr></tbody>"
        "<tbody><tr><td>末</td><td>3</td></tr></tbody></table>"
    )
    assert cells(got) == [["组", "1"], ["组", "2"], ["末", "3"]]


def test_layout_tables_are_no_grids() -> None:
    single = read(f"<table><tr><td><p>{BODY}</p></td></tr><tr><td>落款</td></tr></table>")
    assert (single.grids, single.text) == ([], f"{BODY}\n落款\n")
    around = read(f"<table><tr><td>左栏</td><td>{''.join(f'<p>{BODY}</p>' for _ in range(6))}</td></tr></table>")
    assert around.grids == []
    nested = read(
        "<table><tr><td>栏</td><td><table><tr><td>任务</td><td>单位</td></tr><tr><td>公开</td><td>办公室</td></tr></table></td></tr></table>"
    )
    assert [cells(nested, at) for at in range(len(nested.grids))] == [[["任务", "单位"], ["公开", "办公室"]]]
    assert read("<table role='presentation'><tr><td>甲</td><td>乙</td></tr></table>").grids == []


def test_a_small_table_inside_a_cell_stays_in_the_cell() -> None:
    inner = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    got = read(f"<table><tr><td>任务任务任务</td><td>单位单位单位</td></tr><tr><td>{inner}</td><td>办公室</td></tr></table>")
    assert cells(got) == [["任务任务任务", "单位单位单位"], ["甲\n乙", "办公室"]]


def test_ordered_lists_show_their_numbers() -> None:
    got = read(
        "<ol><li>甲</li><li value=5>乙</li><li>丙</li></ol><ol type=a start=2><li>丁</li></ol>"
        "<ol style='list-style:none'><li>一、戊</li></ol><ul><li>己</li></ul>"
    )
    assert got.text == "1. 甲\n5. 乙\n6. 丙\nb. 丁\n一、戊\n己\n"


def test_pronunciation_and_word_footnotes() -> None:
    got = read(
        "<p><ruby>漢<rp>(</rp><rt>hàn</rt></ruby>字<a href='#_ftn1' name='_ftnref1'><sup>[1]</sup></a>。</p>"
        "<div style='mso-element:footnote-list'><div id=ftn1><p><a href='#_ftnref1'>[1]</a>注文</p></div></div>"
    )
    start, end = got.apart[0]
    assert got.text[:start] == "漢字。\n"
    assert "注文" in got.text[start:end]
    assert end == len(got.text)


grids = st.integers(1, 5).flatmap(
    lambda w: st.lists(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=w), min_size=1, max_size=6)
)


@given(grids)
@settings(max_examples=80, deadline=None)
def test_every_cell_is_in_the_grid_where_its_spans_say(shape: list[list[tuple[int, int]]]) -> None:
    names = iter(f"格{n}" for n in range(1000))
    named = [[(next(names), high, wide) for high, wide in row] for row in shape]
    markup = "".join("<tr>" + "".join(f"<td rowspan={h} colspan={w}>{n}</td>" for n, h, w in row) + "</tr>" for row in named)
    got = read(f"<table>{markup}</table>")
    all_names = [n for row in named for n, _, _ in row]
    assert got.text.split() == all_names
    for grid in got.grids:
        assert len({len(row) for row in grid.rows}) == 1
        places: dict[str, list[tuple[int, int]]] = {}
        for y, row in enumerate(grid.rows):
            for x, cell in enumerate(row):
                if cell is not None:
                    places.setdefault(got.text[cell.start : cell.end], []).append((y, x))
        for y, row in enumerate(named):
            for name, high, wide in row:
                ys = {at for at, _ in places[name]}
                assert (y, places[name][0][1]) == places[name][0]
                assert len(ys) == min(high, len(named) - y)
                assert max(x for _, x in places[name]) - min(x for _, x in places[name]) < wide


def test_hostile_pages() -> None:
    huge = "<table>" + "<tr><td colspan=1000 rowspan=60000>甲</td><td>乙</td></tr>" * 500 + "</table>"
    got = read(huge)
    assert got.text.count("甲") == 500
    for body, why in (
        ("<div>" * 3000 + "深", "嵌套超过"),
        ("<b>x" * (limits.HTML_TAGS // 2 + 1) + "</b>" * (limits.HTML_TAGS // 2), "标签超过"),
        ("<p>a</p>" + " " * limits.HTML_BYTES, "网页超过 10 MB"),
        ("<script>x</script>", "没有文字|没有可读"),
        ("<p>\x01\x02\x03</p>" * 9, "二进制"),
    ):
        with pytest.raises(ReadingError, match=why):
            read(body)


def test_entities_are_not_fetched_or_expanded() -> None:
    text = "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><html><body><p>正文&x;</p></body></html>"
    assert "root:" not in extract(text.encode(), "a.html").text

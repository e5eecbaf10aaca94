"""Plain text: encodings found, line ends made one, everything else kept."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import extract, limits
from gongkai.reading.files.decoding import decode

SENTENCES = [
    "为进一步做好全市政务公开工作，现提出以下实施意见。",
    "各县（区）人民政府，市政府各部门、直属机构：",
    "一、总体要求。坚持以人民为中心，推进决策、执行、管理、服务、结果公开。",
    "（责任单位：市发展改革委、市财政局，2020年12月底前完成）",
    "加强政策解读回应，不少于2次。",
    "　　经市政府同意，现印发给你们，请认真贯彻落实。",
]
TRADITIONAL = [
    "為進一步做好全市政務公開工作，現提出以下實施意見。",
    "各縣（區）人民政府，市政府各部門、直屬機構：",
    "一、總體要求。堅持以人民為中心，推進決策、執行、管理、服務、結果公開。",
    "（責任單位：市財政局，2020年12月底前完成）",
]
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map("\n".join)
traditional = st.lists(st.sampled_from(TRADITIONAL), min_size=1, max_size=8).map("\n".join)


@settings(deadline=None)
@given(text=texts, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "utf-32"]))
def test_simplified_round_trip(text: str, encoding: str) -> None:
    assert extract(text.encode(encoding), "a.txt").text == text


@settings(deadline=None)
@given(text=traditional, encoding=st.sampled_from(["utf-8", "big5", "big5hkscs", "gbk", "gb18030", "utf-16-le", "utf-16-be"]))
def test_traditional_round_trip(text: str, encoding: str) -> None:
    assert extract(text.encode(encoding), "a.txt").text == text


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1))
def test_utf8_is_kept_exactly(text: str) -> None:
    if not text.strip("\ufeff \t\n\u3000\xa0") or text.startswith("# ") or "<" in text:
        return
    read = extract(codecs.BOM_UTF8 + text.encode(), "a.txt").text
    assert read == text


def test_utf16_with_marks_of_both_orders() -> None:
    text = SENTENCES[0]
    assert extract(codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "a").text == text
    assert extract(codecs.BOM_UTF16_LE + text.encode("utf-16-le"), "a").text == text


def test_line_ends_become_one_and_nothing_else_changes() -> None:
    raw = "　　甲 \t乙\r\n\r\n 丙  \r丁\n\n\n戊　"
    assert extract(raw.encode(), "a.txt").text == "　　甲 \t乙\n\n 丙  \n丁\n\n\n戊　"


def test_notes_of_the_collector_are_dropped_only_at_the_top() -> None:
    head = "# url: http://x.gov.cn/1\n# from: 某市\n# note: 节选\n# variant: half\n"
    body = "一、标题\n# url: 在正文里的不动\n# 其他\n"
    assert extract((head + body).encode(), "a.txt").text == body
    assert extract((head.replace("\n", "\r\n") + body).encode("gb18030"), "a.txt").text == body
    assert extract(("# 其他\n" + head).encode(), "a.txt").text == "# 其他\n" + head


def test_a_text_cut_in_the_middle_of_a_character_is_still_read() -> None:
    text = "\n".join(SENTENCES) * 20
    for encoding in ("utf-8", "gb18030"):
        read = extract(text.encode(encoding)[:-1], "a.txt").text
        assert read[:-1] == text[:-1]
        assert read[-1] == "\ufffd"


def test_angle_brackets_do_not_make_a_page() -> None:
    text = "关于印发<南宁市关于全面推进政务公开工作的实施方案>的通知\n1<2，p>0。"
    assert extract(text.encode(), "通知.txt").kind == "txt"


def test_the_name_does_not_decide() -> None:
    assert extract(SENTENCES[0].encode(), "计划.pdf").kind == "txt"


def test_a_declared_encoding_is_believed_only_if_it_fits() -> None:
    data = SENTENCES[0].encode("gb18030")
    assert decode(data, "a", "utf-8") == SENTENCES[0]
    assert decode(data, "a", "no-such-encoding") == SENTENCES[0]
    assert decode(data, "a", "gb2312") == SENTENCES[0]


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t", b"\0" * 64, "　　\n".encode(), codecs.BOM_UTF8])
def test_nothing_to_read(data: bytes) -> None:
    with pytest.raises(ReadingError, match="空的|没有文字"):
        extract(data, "空.txt")


def test_fifty_megabytes_are_refused_with_the_limit() -> None:
    with pytest.raises(ReadingError, match=r"50 MB，超过上限 20 MB。请把文件按章节拆成几份再试。$"):
        extract(b"a\n" * (25 * limits.MB), "大.txt")


def test_binary_junk_is_refused() -> None:
    junk = bytes((at * 197 + at // 7) % 256 for at in range(5000))
    with pytest.raises(ReadingError, match="二进制"):
        extract(junk, "x.txt")
    with pytest.raises(ReadingError, match="二进制"):
        extract(("文字" + "\x01\x02\x03" * 5).encode(), "x.txt")

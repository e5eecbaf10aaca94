"""Marked stretches of a docx go, the same words elsewhere stay in sight and nowhere unseen; what no reader sees goes always."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gongkai.redaction import Picture, Plan, RedactionError, Span, Words, redact
from gongkai.redaction.docx_pictures import pictures
from gongkai.redaction.docx_text import Block, blocks, drawn
from gongkai.redaction.docx_unseen import unseen
from gongkai.redaction.tests import made
from gongkai.redaction.tests.made_docx import AUTHOR, everything, hostile, scan
from gongkai.redaction.verify_docx import docx as verify

GROUND = "第十五条 第三方合法权益"
SECRET = made.SECRET


def span(found: list[Block], words: str, text: str = "") -> Span:
    """The first stretch `words` in the paragraph that holds `text`."""
    block = next(one for one in found if (text or words) in one.text and words in one.text)
    start = block.text.index(words)
    return Span(block.number, start, start + len(words), GROUND)


def texts(data: bytes) -> list[str]:
    return [block.text for block in blocks(data, "a.docx")]


def test_every_part_is_shown_as_it_would_be_handed_out() -> None:
    found = blocks(hostile(), "a.docx")
    said = [(one.where, one.text) for one in found]
    assert said[0] == ("正文", f"申请人{SECRET}，证件号码{made.NUMBER}。")
    assert ("正文", "本页有 新加的一句。") in said and ("正文", "移来的话") in said and ("正文", "看得见的一段") in said
    assert ("页眉", "赵六的材料") in said and ("脚注", "脚注里的李四") in said
    assert [text for _where, text in said].count("文本框里的王五六") == 1, "once, and not again for old programs"
    assert not [text for _where, text in said if text.startswith(("隐藏", "直接隐藏", "删去", "移走", "随删除", "没有用的页眉"))]
    row = {one.text: one.row for one in found if one.row}
    assert row["孙七"][:2] == row["13912345678"][:2] and row["孙七"][2] != row["13912345678"][2] and row["姓名"][1] < row["孙七"][1]
    assert [one.number for one in found] == list(range(1, len(found) + 1))


def test_what_nobody_sees_is_told_and_gone() -> None:
    data = hostile()
    told = unseen(data, "a.docx")
    assert {one.kind for one in told} == {"批注", "修订", "隐藏文字", "嵌入的文件", "文件属性", "自定义属性和数据"}
    assert any(SECRET in one.text for one in told if one.kind == "批注")
    found = blocks(data, "a.docx")
    done = redact(data, "a.docx", Plan(spans=(span(found, SECRET),)))
    whole = everything(done.data)
    for words in (SECRET, AUTHOR):
        for coding in ("utf-8", "utf-16-le", "gb18030"):
            assert words.encode(coding) not in whole
    assert unseen(done.data, "a.docx") == []
    with zipfile.ZipFile(io.BytesIO(done.data)) as package:
        assert not [name for name in package.namelist() if not name.startswith(("word/", "docProps/", "_rels/", "[Content"))]
    assert b"rsid" not in whole and b"<w:sdt" in whole, "controls of content that hold nothing covered stay"
    again = docx.Document(io.BytesIO(done.data))
    assert again.core_properties.author == "" and again.sections[0].header.paragraphs[0].text == "赵六的材料"


def test_only_what_is_marked_goes_from_sight() -> None:
    data = hostile()
    before = blocks(data, "a.docx")
    done = redact(data, "a.docx", Plan(spans=(span(before, "王五六", "负责"), span(before, "赵六"), span(before, "李四"))))
    after = texts(done.data)
    wanted = [one.text for one in before]
    wanted[wanted.index("王五六负责。")] = "███负责。"
    wanted[wanted.index("赵六的材料")] = "██的材料"
    wanted[wanted.index("脚注里的李四")] = "脚注里的██"
    assert after == wanted
    with zipfile.ZipFile(io.BytesIO(done.data)) as package:
        body = package.read("word/document.xml").decode()
        assert "hyperlink" not in package.read("word/_rels/document.xml.rels").decode(), "the address is the name"
        assert body.count("王五六") == 2, "the field's result and the text box, in sight"
        assert "王五六的照片" not in body and "王五六的材料" not in body and "DOCPROPERTY 王五六" not in body


def test_a_control_keeps_nothing_of_what_it_held() -> None:
    data = hostile()
    done = redact(data, "a.docx", Plan(spans=(span(blocks(data, "a.docx"), "一九九〇年三月七日"),)))
    with zipfile.ZipFile(io.BytesIO(done.data)) as package:
        body = package.read("word/document.xml").decode()
    assert "1990-03-07" not in body and "dropDownList" not in body and "█" * 9 in body


def test_words_cut_over_runs_keep_their_place() -> None:
    data = hostile()
    done = redact(data, "a.docx", Plan(words=(Words(made.NUMBER, GROUND),), spans=(span(blocks(data, "a.docx"), "人张"),)))
    runs = [run.text for run in docx.Document(io.BytesIO(done.data)).paragraphs[0].runs]
    assert runs == ["申请█", "█", "三丰", "，证件号码", "█" * 6, "█" * 12, "。"]
    assert sorted(one.characters for one in done.covered) == [2, 18]


def test_short_latin_words_do_not_break_the_file() -> None:
    data = hostile()
    done = redact(data, "a.docx", Plan(words=(Words("3", GROUND), Words("center", GROUND), Words("1", GROUND))))
    again = docx.Document(io.BytesIO(done.data))
    assert again.tables[0].cell(1, 1).text == "██9█2█45678"


def test_pictures_go_black_and_are_not_kept() -> None:
    data = hostile()
    shown = pictures(data, "a.docx")
    assert [one.number for one in shown] == [1] and Image.open(io.BytesIO(shown[0].data)).size == (40, 20)
    done = redact(data, "a.docx", Plan(pictures=(Picture(1, GROUND),)))
    left = pictures(done.data, "a.docx")
    assert len(left) == 1 and Image.open(io.BytesIO(left[0].data)).convert("L").getextrema() == (0, 0)
    assert scan()[200:260] not in everything(done.data)
    again = docx.Document(io.BytesIO(done.data))
    assert len(again.inline_shapes) == 1 and again.inline_shapes[0].type is not None
    with pytest.raises(RedactionError, match="没有第 2 张图片"):
        redact(data, "a.docx", Plan(pictures=(Picture(2, GROUND),)))
    kept = redact(data, "a.docx", Plan(words=(Words("孙七", GROUND),))).data
    assert b"Sanfeng" not in pictures(kept, "a.docx")[0].data, "metadata of a picture that stays"


def test_what_is_drawn_is_shown_and_covered_by_words() -> None:
    data = made.word()
    assert ("图表", f"张　三丰　{made.NUMBER}") in drawn(data, "a.docx")


def test_what_stands_in_no_paragraph_is_listed_and_covered_by_words() -> None:
    data = hostile()
    listed = drawn(data, "a.docx")
    assert {("艺术字", "内部资料 吴九"), ("图片说明", "王五六的照片"), ("图片说明", "钱八的印章"), ("书签", "王五六的材料")} <= set(listed)
    assert ("链接", "mailto:王五六@example.test") in listed
    assert AUTHOR not in str(listed), "names of files and their places are not kept at all"
    done = redact(data, "a.docx", Plan(words=tuple(Words(one, GROUND) for one in ("吴九", "王五六", "钱八"))))
    assert not [text for _kind, text in drawn(done.data, "a.docx") if any(one in text for one in ("吴九", "王五六", "钱八"))]
    assert ("艺术字", "内部资料 ██") in drawn(done.data, "a.docx")


def test_marks_outside_the_text_are_one_sentence() -> None:
    data = hostile()
    block = blocks(data, "a.docx")[0]
    for one in (Span(999, 0, 1, GROUND), Span(1, 0, len(block.text) + 1, GROUND), Span(1, 3, 3, GROUND), Span(1, -1, 2, GROUND)):
        with pytest.raises(RedactionError, match="不在文件里.*。$"):
            redact(data, "a.docx", Plan(spans=(one,)))


def changed(data: bytes, member: str, old: bytes, new: bytes, more: dict[str, bytes] | None = None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out := io.BytesIO(), "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(zipfile.ZipInfo(name), content.replace(old, new) if name == member else content)
        for name, content in (more or {}).items():
            target.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def test_the_verification_sees_each_thing_that_was_left() -> None:
    data = hostile()
    done = redact(data, "a.docx", Plan(words=(Words(SECRET, GROUND),)))
    verify(done.data, "a.docx", [SECRET])
    document = "word/document.xml"
    texts_ = {document: [""]}
    faults = {
        "批注": changed(done.data, document, b"<w:sectPr", b'<w:commentReference w:id="1"/><w:sectPr'),
        "修订": changed(done.data, document, b"</w:body>", b"<w:p><w:ins/></w:p></w:body>"),
        "隐藏文字": changed(done.data, document, b"</w:body>", b"<w:p><w:r><w:rPr><w:vanish/></w:rPr></w:r></w:p></w:body>"),
        "编辑记录": changed(done.data, document, b"<w:body>", b'<w:body><w:p w:rsidR="1"/>'),
        "文件属性": changed(done.data, "docProps/core.xml", b"/>", b"><a>x</a></cp:coreProperties>"),
        "要遮盖的文字": changed(done.data, document, "申请人".encode(), f"申请人{SECRET}".encode()),
    }
    for words, broken in faults.items():
        with pytest.raises(RedactionError, match=words):
            verify(broken, "a.docx", [SECRET])
    with pytest.raises(RedactionError, match="看不见的地方"):
        verify(done.data, "a.docx", [], ["王五六"])
    with pytest.raises(RedactionError, match="段落"):
        verify(done.data, "a.docx", [], [], texts_)
    with pytest.raises(RedactionError, match="压缩包里还有备注"):
        verify(data, "a.docx", [])
    with pytest.raises(RedactionError, match="不属于正文的部件"):
        verify(changed(done.data, document, b"", b"", {"word/people.xml": b"<a/>"}), "a.docx", [])


MARKS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None)
@given(MARKS)
def test_any_marks_cover_exactly_their_characters(marks: list[tuple[int, int, int]]) -> None:
    data = hostile()
    found = blocks(data, "a.docx")
    wanted = {one.number: list(one.text) for one in found}
    spans = []
    for at, start, size in marks:
        block = found[at % len(found)]
        low = start % len(block.text)
        high = min(len(block.text), low + size)
        spans.append(Span(block.number, low, high, GROUND))
        wanted[block.number][low:high] = ["█"] * (high - low)
    done = redact(data, "a.docx", Plan(spans=tuple(spans)))
    assert {one.number: one.text for one in blocks(done.data, "a.docx")} == {n: "".join(text) for n, text in wanted.items()}

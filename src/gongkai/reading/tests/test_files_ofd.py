"""OFD: text objects back into paragraphs."""

from __future__ import annotations

import pytest

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import extract
from gongkai.reading.files.ofd_text import _deltas
from gongkai.reading.tests import files_samples as make
from gongkai.reading.tests.files_samples import ofd, ofd_text
from gongkai.reading.tests.test_files_pdf import PARAGRAPHS


def lines(*pages: str, **more: object) -> list[str]:
    return extract(ofd(list(pages), **more), "a.ofd").text.splitlines()  # type: ignore[arg-type]


def test_paragraphs_come_back_whole_over_lines_and_pages() -> None:
    got = extract(ofd(make.ofd_pages(PARAGRAPHS * 4)), "要点.ofd")
    assert got.kind == "ofd"
    assert got.text.splitlines() == PARAGRAPHS * 4


def test_objects_are_read_by_place_and_not_by_order() -> None:
    page = ofd_text(60, 40, "右半") + ofd_text(20, 80, "下行") + ofd_text(40, 40, "左半半", size=6)
    assert lines(page) == ["左半半右半", "下行"]


def test_one_object_over_two_lines_by_its_vertical_steps() -> None:
    code = (
        '<ofd:TextObject ID="1" Boundary="20 20 60 30" Size="5">'
        '<ofd:TextCode X="0" Y="5" DeltaX="5 -5 5" DeltaY="0 8 0">甲乙丙丁</ofd:TextCode></ofd:TextObject>'
    )
    assert lines(code) == ["甲乙", "丙丁"]


def test_steps_written_with_repeats() -> None:
    assert _deltas("g 3 5.5 1 g 2 0", 10) == [5.5, 5.5, 5.5, 1.0, 0.0, 0.0]
    assert len(_deltas("g 999999999999 1", 7)) == 7
    assert _deltas("g", 3) == _deltas("g x y", 3) == _deltas(None, 3) == []


def test_cells_far_apart_are_lines_of_their_own() -> None:
    assert lines(ofd_text(20, 40, "任务") + ofd_text(80, 40, "牵头单位") + ofd_text(20, 50, "公开")) == ["任务", "牵头单位", "公开"]
    wide = ofd_text(20, 40, "甲乙", delta="60")
    assert lines(wide) == ["甲", "乙"]


def test_bold_drawn_twice_and_watermarks() -> None:
    twice = ofd_text(20, 40, "标题文字") + ofd_text(20.1, 40, "标题文字")
    mark = ofd_text(20, 100, "水印水印", more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    invisible = ofd_text(20, 150, "不可见", more='Visible="false"')
    assert lines(twice + mark + invisible) == ["标题文字"]


def test_transformed_text_has_the_size_it_is_drawn_in() -> None:
    code = (
        '<ofd:TextObject ID="1" Boundary="20 20 60 30" Size="1" CTM="5 0 0 5 0 0">'
        '<ofd:TextCode X="0" Y="1" DeltaX="g 3 1">甲乙丙丁</ofd:TextCode></ofd:TextObject>'
    )
    assert lines(code + ofd_text(40, 20, "戊", size=5)) == ["甲乙丙丁戊"]


def test_templates_are_read_once() -> None:
    template = ofd_text(60, 20, "某市人民政府文件", size=9)
    use = '<ofd:Template TemplateID="t1" ZOrder="Background"/>'
    got = lines(ofd_text(20, 60, "第一页。"), ofd_text(20, 60, "第二页。"), templates={"t1": template}, page_templates=use)
    assert got == ["某市人民政府文件", "第一页。", "第二页。"]


def test_blocks_inside_layers() -> None:
    assert lines(f"<ofd:PageBlock>{ofd_text(20, 40, '块内')}</ofd:PageBlock>") == ["块内"]


def test_refused_with_the_mend() -> None:
    with pytest.raises(ReadingError, match="没有文字（可能是扫描图片）"):
        lines('<ofd:ImageObject ID="1"/>')
    with pytest.raises(ReadingError, match="已加密"):
        lines(ofd_text(1, 1, "x"), extra={"Encryptions.xml": "<x/>"})
    with pytest.raises(ReadingError, match="缺少页面"):
        extract(make.zipped({"OFD.xml": "<OFD><DocBody><DocRoot>../../etc/passwd</DocRoot></DocBody></OFD>"}), "a.ofd")
    with pytest.raises(ReadingError, match="XML 无法解析"):
        extract(make.zipped({"OFD.xml": "<OFD>"}), "a.ofd")
    with pytest.raises(ReadingError, match="实体炸弹"):
        extract(make.zipped({"OFD.xml": '<!DOCTYPE x [<!ENTITY a "b">]><OFD>&a;</OFD>'}), "a.ofd")
    with pytest.raises(ReadingError, match="没有页面"):
        lines()

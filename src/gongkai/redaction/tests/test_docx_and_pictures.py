"""Removed words stand in no part of a docx; painted pictures keep neither pixels nor metadata."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from PIL import Image

from gongkai.redaction import Area, Plan, RedactionError, Span, Words, redact, verify, verify_docx
from gongkai.redaction.tests import made

GROUND = "第十五条 个人隐私"
BOTH = Plan(words=(Words(made.SECRET, GROUND), Words(made.NUMBER, GROUND)))


def paragraphs(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]


def test_words_are_in_no_part_of_the_package():
    done = redact(made.word(), "a.docx", BOTH)
    assert paragraphs(done.data)[:3] == [f"申请人███，证件号码{'█' * 18}。", f"全角{'█' * 18}也要盖住，其余可以公开。", "看得见"]
    with zipfile.ZipFile(io.BytesIO(done.data)) as package:
        for name in package.namelist():
            content = package.read(name)
            for word in (made.SECRET, made.NUMBER):
                assert word.encode() not in content and word.encode("utf-16-le") not in content, name
        assert not [name for name in package.namelist() if "embeddings" in name or "customXml/item" in name]
        assert "███" in package.read("word/charts/chart1.xml").decode().replace("</a:t></a:r><a:r><a:t>", "")
    again = docx.Document(io.BytesIO(done.data))
    assert again.sections[0].header.paragraphs[0].text == "███的材料" and again.tables[0].cell(0, 1).text == "███"
    assert all(one.ground == GROUND and one.page == 0 for one in done.covered)


def test_a_span_goes_and_the_same_words_elsewhere_stay():
    data = made.word()
    done = redact(data, "a.docx", Plan(spans=(Span(1, 3, 6, GROUND), Span(1, 4, 7, GROUND))))
    assert paragraphs(done.data)[0].startswith("申请人████证件号码")
    assert docx.Document(io.BytesIO(done.data)).tables[0].cell(0, 1).text == made.SECRET


def test_the_verification_of_docx_is_its_own_judge():
    with pytest.raises(RedactionError, match="检查没有通过"):
        verify_docx.docx(made.word(), "a.docx", [made.NUMBER])


def test_strange_docx_get_one_sentence():
    data = made.word()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out := io.BytesIO(), "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<broken" if name == "word/_rels/document.xml.rels" else source.read(name))
    cases = [
        (out.getvalue(), BOTH),
        (data[:500], BOTH),
        (data, Plan(spans=(Span(1, 100, 105, GROUND),))),
        (data, Plan(areas=(Area(1, (0, 0, 5, 5), GROUND),))),
    ]
    for content, plan in cases:
        with pytest.raises(RedactionError, match="。$"):
            redact(content, "a.docx", plan)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_pictures_lose_what_is_covered_and_all_metadata(form):
    data = made.photo(form)
    done = redact(data, f"a.{form.lower()}", Plan(areas=(Area(1, (10, 20, 40, 60), GROUND), Area(1, (-50, -50, -10, -10), GROUND))))
    with Image.open(io.BytesIO(done.data)) as picture:
        turned = form in ("JPEG", "PNG", "WEBP")  # by its Exif orientation
        assert picture.format == form and picture.size == ((80, 120) if turned else (120, 80))
        grey = picture.convert("L")
        assert grey.crop((13, 23, 37, 57)).getextrema()[1] < 60 and grey.crop((50, 20, 75, 70)).getextrema()[0] > 200
        assert getattr(picture, "n_frames", 1) == (2 if form == "TIFF" else 1)
    assert b"Sanfeng" not in done.data and made.SECRET.encode() not in done.data


def test_pixels_behind_transparency_are_not_kept():
    picture = Image.new("RGBA", (20, 20), (200, 10, 10, 0))
    picture.save(out := io.BytesIO(), "PNG")
    done = redact(out.getvalue(), "a.png", Plan(areas=(Area(1, (0, 0, 5, 5), GROUND),)))
    assert Image.open(io.BytesIO(done.data)).getpixel((15, 15)) == (255, 255, 255)


def test_strange_pictures_get_one_sentence():
    data = made.photo()
    Image.new("L", (5, 5)).save(gif := io.BytesIO(), "GIF")
    for content, plan in (
        (data[:60], Plan(areas=(Area(1, (0, 0, 5, 5), GROUND),))),
        (gif.getvalue(), Plan(areas=(Area(1, (0, 0, 5, 5), GROUND),))),
        (data, Plan(areas=(Area(2, (0, 0, 5, 5), GROUND),))),
        (data, BOTH),
    ):
        with pytest.raises(RedactionError, match="。$"):
            redact(content, "a.jpg", plan)
    done = redact(data, "a.jpg", Plan(areas=(Area(1, (0, 0, 5, 5), GROUND),)))
    with pytest.raises(RedactionError, match="没有盖住"):
        verify.image(done.data, "a.jpg", [Area(1, (20, 20, 60, 60), GROUND)], [(80, 120)])

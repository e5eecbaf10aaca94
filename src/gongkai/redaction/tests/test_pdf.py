"""What is covered in a PDF cannot be got out of it again, and what is not covered can."""

from __future__ import annotations

import io
import random
import zlib

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.redaction import Area, Plan, RedactionError, Words, pdf, redact, verify
from gongkai.redaction.glyphs import centre_in, glyphs
from gongkai.redaction.plan import overlap
from gongkai.redaction.tests import made

GROUND = "第十五条 个人隐私"


def text(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def placed(data: bytes, number: int = 1):
    return glyphs(pypdfium2.PdfDocument(data)[number - 1], "a.pdf")


def pixels(data: bytes, number: int = 1):
    return pypdfium2.PdfDocument(data)[number - 1].render(scale=2).to_pil().convert("L")


def everything(data: bytes) -> bytes:
    """All bytes of the file, streams decoded."""
    parts = [data]
    with pikepdf.open(io.BytesIO(data)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                try:
                    parts.append(item.read_bytes())
                except pikepdf.PdfError:
                    parts.append(item.read_raw_bytes())
            else:
                parts.append(str(item).encode("utf-8", "replace"))
    return b"\n".join(parts)


def test_words_are_gone_from_every_corner_of_the_file():
    done = redact(made.loaded_pdf(), "a.pdf", Plan(words=(Words(made.SECRET, GROUND), Words(made.NUMBER, GROUND))))
    first, second = text(done.data)
    assert first == "申请人，证件号码。第二行可以公开。" and second.startswith("第二页没有什么。") and "SHOWN-VALUE" in second
    whole = everything(done.data)
    for word in (made.SECRET, made.NUMBER):
        for coding in ("utf-8", "utf-16-be", "utf-16-le", "gb18030"):
            assert word.encode(coding) not in whole and word.encode(coding).hex().encode() not in whole.lower()
    assert done.drawn == (1,) and sorted(one.characters for one in done.covered) == [3, 18]
    with pikepdf.open(io.BytesIO(done.data)) as document:
        assert set(document.Root.keys()) == {"/Type", "/Pages"} and "/Info" not in document.trailer
        assert all("/Annots" not in page for page in document.pages)


def test_a_box_takes_what_lies_under_it_and_paints_it():
    data = made.pdf([[(72, 100, "前面可见"), (300, 100, "后面遮住")]])
    done = redact(data, "a.pdf", Plan(areas=(Area(1, (295, 80, 420, 110), GROUND),)))
    assert text(done.data) == ["前面可见"] and done.covered[0].characters == 4
    picture = pixels(done.data)
    assert picture.crop((600, 170, 820, 210)).getextrema()[1] < 60
    assert picture.crop((144, 170, 260, 210)).getextrema()[0] < 128  # what is left can still be seen


def test_words_that_an_area_took_are_pointed_out_elsewhere():
    data = made.pdf([[(72, 100, "张三丰")], [(72, 200, "又是张三丰")]])
    done = redact(data, "a.pdf", Plan(areas=(Area(1, (60, 80, 200, 110), GROUND),)))
    assert done.elsewhere == ((2, GROUND),) and text(done.data) == ["", "又是张三丰"]


def test_words_are_found_across_lines_and_widths():
    data = made.pdf([[(72, 100, "号码1101011990"), (72, 120, "03077758完"), (72, 160, "１１０１０１１９９００３０７７７５８")]])
    done = redact(data, "a.pdf", Plan(words=(Words(made.NUMBER, GROUND),)))
    assert text(done.data) == ["号码完"] and len(done.covered) == 2


def test_a_page_that_speaks_what_it_does_not_show_becomes_a_picture():
    done = redact(made.spoken_pdf(), "a.pdf", Plan(words=(Words(made.SECRET, GROUND),)))
    assert done.drawn == (1, 2) and text(done.data) == ["harmless", "这里有。"]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_turned_and_cropped_pages_are_measured_as_they_are_shown(turned):
    data = made.pdf([[(200, 300, "AAAA"), (400, 300, "BBBB")]], font="Helvetica")
    with pikepdf.open(io.BytesIO(data)) as document:
        document.pages[0].obj["/Rotate"] = turned
        document.pages[0].obj["/CropBox"] = [100, 100, 550, 700]
        out = io.BytesIO()
        document.save(out)
    boxes = [glyph.loose for glyph in placed(out.getvalue()) if glyph.text == "B"]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    done = redact(out.getvalue(), "a.pdf", Plan(areas=(Area(1, box, GROUND),)))
    assert text(done.data) == ["AAAA"]
    scaled = tuple(int(value * 2) + shift for value, shift in zip(box, (3, 3, -3, -3), strict=True))
    assert pixels(done.data).crop(scaled).getextrema()[1] < 60


LINES = st.lists(
    st.tuples(st.floats(20, 400), st.floats(40, 800), st.text("公开政府信息ABCxyz0189", min_size=1, max_size=12)), min_size=1, max_size=6
)
BOXES = st.lists(st.tuples(st.floats(-50, 600), st.floats(-50, 850), st.floats(1, 250), st.floats(1, 120)), min_size=1, max_size=4)


@settings(max_examples=30, deadline=None)
@given(LINES, BOXES)
def test_covered_characters_go_and_untouched_ones_stay(lines, boxes):
    data = made.pdf([lines])
    areas = [(x, y, x + width, y + height) for x, y, width, height in boxes]
    before = [glyph for glyph in placed(data) if glyph.text.strip()]
    done = redact(data, "a.pdf", Plan(areas=tuple(Area(1, box, GROUND) for box in areas)))
    after = [glyph for glyph in placed(done.data) if glyph.text.strip()]
    left = sorted(glyph.text for glyph in after)
    untouched = [g.text for g in before if not any(overlap(b, box) for box in areas for b in (g.tight, g.loose) if b)]
    seen = [g.text for g in before if not any(centre_in(g.tight, box) or centre_in(g.loose, box) for box in areas)]
    assert not any(centre_in(glyph.loose, box) for glyph in after for box in areas)
    for character in set(untouched) | set(left):
        assert untouched.count(character) <= left.count(character) <= seen.count(character)


def test_the_verification_is_its_own_judge():
    data = made.pdf([[(72, 100, made.SECRET)]])
    for words, areas in (([made.SECRET], []), ([], [Area(1, (60, 80, 200, 110), GROUND)])):
        with pytest.raises(RedactionError, match="检查没有通过"):
            verify.pdf(data, "a.pdf", words, areas, 1)
    with pikepdf.open(io.BytesIO(redact(data, "a.pdf", Plan(words=(Words(made.SECRET, GROUND),))).data)) as document:
        out = io.BytesIO()
        document.save(out)
        verify.pdf(out.getvalue(), "a.pdf", [made.SECRET], [], 1)
        with pytest.raises(RedactionError, match="页数"):
            verify.pdf(out.getvalue(), "a.pdf", [], [], 2)
        document.make_indirect(pikepdf.Array([pikepdf.String(made.SECRET)]))
        document.pages[0].Resources["/Hidden"] = document.make_stream(made.SECRET.encode("utf-16-be").hex().encode())
        document.save(out := io.BytesIO())
        with pytest.raises(RedactionError, match="十六进制"):
            verify.pdf(out.getvalue(), "a.pdf", [made.SECRET], [], 1)


def test_earlier_versions_do_not_survive():
    data = made.pdf([[(72, 100, "可以公开")]])
    grown = data + b"\n" + zlib.compress(made.SECRET.encode()) + made.SECRET.encode() + b"\n%%EOF\n"
    done = redact(grown, "a.pdf", Plan(areas=(Area(1, (400, 700, 420, 720), GROUND),)))
    assert made.SECRET.encode() not in done.data and text(done.data) == ["可以公开"]


def test_strange_files_and_wishes_get_one_sentence():
    data = made.pdf([[(72, 100, "甲")]])
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(locked := io.BytesIO(), encryption=pikepdf.Encryption(owner="a", user="b"))
    area = Plan(areas=(Area(1, (0, 0, 10, 10), GROUND),))
    cases = [
        (locked.getvalue(), area),
        (data[:200], area),
        (b"%PDF-1.7\n" + random.Random(1).randbytes(3000), area),
        (b"", area),
        (b"plain text", area),
        (data, Plan()),
        (data, Plan(areas=(Area(2, (0, 0, 10, 10), GROUND),))),
        (data, Plan(areas=(Area(1, (10, 10, 10, 30), GROUND),))),
        (data, Plan(areas=(Area(1, (0, 0, float("inf"), 30), GROUND),))),
        (data, Plan(words=(Words(" \n", GROUND),))),
    ]
    for content, plan in cases:
        with pytest.raises(RedactionError, match="。$") as error:
            redact(content, "a.pdf", plan)
        assert "\n" not in str(error.value)


def test_a_broken_table_of_objects_is_mended_and_a_box_outside_does_no_harm():
    data = made.pdf([[(72, 100, "甲乙")]]).replace(b"startxref", b"startxxxx")
    done = redact(data, "a.pdf", Plan(areas=(Area(1, (-500, -500, -10, -10), GROUND),)))
    assert text(done.data) == ["甲乙"]


def test_the_caller_hears_of_every_page():
    heard = []
    redact(made.pdf([[(72, 100, "甲")]] * 3), "a.pdf", Plan(words=(Words("乙", GROUND),)), lambda done, all_: heard.append((done, all_)))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_pages_that_nobody_could_read_are_named():
    data = made.pdf([[(72, 100, f"{made.SECRET}的一页很长的文字")], [(72, 100, "甲")]])
    scan = redact(data, "a.pdf", Plan(areas=(Area(2, (0, 0, 5, 5), GROUND),))).data
    done = redact(scan, "a.pdf", Plan(words=(Words(made.SECRET, GROUND),)))
    assert (done.drawn, done.unread) == ((1,), (2,))


def test_a_file_that_the_redaction_made_can_be_redacted_again():
    once = redact(made.pdf([[(72, 100, f"甲{made.SECRET}乙丙")]]), "a.pdf", Plan(words=(Words("甲", GROUND),)))
    twice = redact(once.data, "a.pdf", Plan(words=(Words(made.SECRET, GROUND),)))
    assert text(twice.data) == ["乙丙"]


def test_a_result_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_DRAWN", 1000)
    with pytest.raises(RedactionError, match="拆成几份"):
        redact(made.pdf([[(72, 100, made.SECRET)]]), "a.pdf", Plan(words=(Words(made.SECRET, GROUND),)))


def test_many_pages_are_refused_in_one_sentence():
    with pikepdf.Pdf.new() as document:
        for _ in range(5000):
            document.add_blank_page()
        document.save(out := io.BytesIO())
    with pytest.raises(RedactionError, match="5000 页"):
        redact(out.getvalue(), "a.pdf", Plan(words=(Words("甲", GROUND),)))


@pytest.mark.parametrize("form", ["JBIG2Decode", "JPXDecode", "CCITTFaxDecode", "DCTDecode", "FlateDecode", "NoDecode"])
def test_pictures_that_cannot_be_decoded_do_no_harm(form):
    with pikepdf.open(io.BytesIO(made.pdf([[(72, 100, made.SECRET)], [(72, 100, "乙")]]))) as document:
        for page in document.pages:
            image = document.make_stream(b"x", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=9, Height=9)
            image["/ColorSpace"], image["/BitsPerComponent"] = pikepdf.Name.DeviceGray, 8
            image.write(b"\xff\xd8\xff\xe0 broken", filter=pikepdf.Name("/" + form))
            page.obj["/Resources"]["/XObject"] = pikepdf.Dictionary(X=image)
            page.contents_add(b"q 100 0 0 100 50 50 cm /X Do Q")
        document.save(out := io.BytesIO())
    done = redact(out.getvalue(), "a.pdf", Plan(words=(Words(made.SECRET, GROUND),)))
    assert text(done.data) == ["", "乙"]

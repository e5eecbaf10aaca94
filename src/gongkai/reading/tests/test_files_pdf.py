"""PDF: printed lines back into paragraphs."""

from __future__ import annotations

import io
import sys
import types

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import extract
from gongkai.reading.tests import files_samples as make

PARAGRAPHS = [
    "为进一步做好全市政务公开工作，根据国家和自治区年度要点部署任务，结合实际，特制定本工作要点，请各单位认真抓好落实并按时报送情况。",
    "一、总体要求。坚持以人民为中心，推进决策、执行、管理、服务、结果公开，加强政策解读回应，完善制度机制，提高标准化规范化水平。",
    "（一）优化营商环境。",
    "全面推进行政执法公示，定期更新权力清单和责任清单，2020年12月底前完成全部清单的动态调整工作。（责任单位：市司法局、市委编办）",
    "1.加强公开平台建设。",
    "统一规范政府网站栏目，办好政府公报，建设好政务新媒体矩阵。" * 6,
    "二、保障措施。各县区要加强组织领导。",
]


def test_paragraphs_come_back_whole_over_lines_and_pages() -> None:
    data = make.pdf(make.typeset(PARAGRAPHS * 4))
    assert extract(data, "要点.pdf").text.splitlines() == PARAGRAPHS * 4


def test_kind_and_title_lines() -> None:
    title = [(160, 100, 22, "某市政务公开工作要点"), (200, 140, 22, "的通知")]
    body = [(x, y + 120, size, text) for x, y, size, text in make.typeset(PARAGRAPHS)[0]]
    got = extract(make.pdf([title + body]), "a.pdf")
    assert got.kind == "pdf"
    assert got.text.splitlines() == ["某市政务公开工作要点", "的通知", *PARAGRAPHS]


def test_full_width_indents_and_words_of_latin_script() -> None:
    full = "全市政务公开工作全市政务公开工作全市政务公开"
    lines = ["　　" + full + "工作", full + "工 Open", "Government" + full[:20], "结束", "　　另起" + full, full + "甲乙丙丁", "结束"]
    got = extract(make.pdf([[(80, 100 + 30 * n, 16, text) for n, text in enumerate(lines)]]), "a.pdf").text.splitlines()
    assert got == ["　　" + full + "工作" + full + "工 Open Government" + full[:20] + "结束", "　　另起" + full + full + "甲乙丙丁结束"]


def test_page_numbers_and_running_heads_are_dropped() -> None:
    pages = make.typeset(PARAGRAPHS * 6)
    for number, page in enumerate(pages):
        page.insert(0, (200, 50, 10, "某市人民政府公报"))
        page[-1] = (280, 810, 10, [f"- {number + 1} -", f"{number + 1}", f"第 {number + 1} 页 共 9 页"][number % 3])
    assert len(pages) >= 3
    assert extract(make.pdf(pages), "a.pdf").text.splitlines() == PARAGRAPHS * 6


def test_a_number_alone_in_the_text_stays() -> None:
    assert extract(make.pdf([[(80, 100, 16, "序号"), (80, 140, 16, "12"), (80, 180, 16, "任务")]]), "a.pdf").text == "序号\n12\n任务\n"


def test_cells_of_a_row_stay_apart_and_wrapped_cells_come_together() -> None:
    size = 10.5
    body = make.typeset(PARAGRAPHS[:2])[0][:-1]
    head = [(80, 400, size, "任务"), (240, 400, size, "牵头单位"), (420, 400, size, "时限")]
    left = [
        (80, 430, size, "公开目录"),
        (240, 430, size, "市人民政府办公室、"),
        (240, 446, size, "市发展和改革委员"),
        (240, 462, size, "会"),
        (420, 430, size, "6月底前"),
    ]
    got = extract(make.pdf([body + head + left]), "a.pdf").text.splitlines()
    assert got[:2] == PARAGRAPHS[:2]
    assert got[2:] == ["任务", "牵头单位", "时限", "公开目录", "市人民政府办公室、市发展和改革委员会", "6月底前"]


def test_spaced_letters_are_one_line() -> None:
    assert extract(make.pdf([[(200, 100, 22, "通"), (280, 100, 22, "知"), (80, 160, 16, "正文内容")]]), "a.pdf").text == "通 知\n正文内容\n"


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_text_set_sideways(angle: int) -> None:
    make.pdf([[]])  # registers the font
    out = io.BytesIO()
    drawing = canvas.Canvas(out, pagesize=(595, 842))
    drawing.translate(300, 400)
    drawing.rotate(angle)
    drawing.setFont("STSong-Light", 16)
    for row, text in enumerate(["一、标题", "　　正文第一段", "　　正文第二段"]):
        drawing.drawString(0, -30 * row, text)
    drawing.save()
    assert extract(out.getvalue(), "a.pdf").text == "一、标题\n　　正文第一段\n　　正文第二段\n"


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_rotated_pages(angle: int) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(make.pdf([[(80, 100 + 30 * n, 16, text) for n, text in enumerate(["甲甲甲甲", "乙乙乙", "丙丙"])]]))
    document[0].set_rotation(angle)
    out = io.BytesIO()
    document.save(out)
    assert extract(out.getvalue(), "a.pdf").text == "甲甲甲甲\n乙乙乙\n丙丙\n"


def _scan(pages: int = 2) -> bytes:
    out = io.BytesIO()
    drawing = canvas.Canvas(out, pagesize=(595, 842))
    picture = ImageReader(Image.new("RGB", (60, 80), "white"))
    for _ in range(pages):
        drawing.drawImage(picture, 0, 0, 595, 842)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def test_scans_say_how_to_enable_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_OCR", raising=False)
    with pytest.raises(ReadingError, match=r"没有文字层.*pip install gongkai\[ocr\].*GONGKAI_OCR=1"):
        extract(_scan(), "扫描.pdf")


def test_recognition_is_used_when_installed_and_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.reading.files import ocr

    class Engine:
        def __call__(self, image: object) -> object:
            assert image == "picture"
            boxes = [[[300, 600], [800, 600], [800, 640], [300, 640]], [[300, 300], [800, 300], [800, 340], [300, 340]]]
            return types.SimpleNamespace(boxes=boxes, txts=("第二行", "第一行"))

    fake = types.ModuleType("rapidocr")
    fake.RapidOCR = Engine  # type: ignore[attr-defined]
    fake.__spec__ = types.SimpleNamespace(name="rapidocr")  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, "rapidocr", fake)
    monkeypatch.setattr(ocr, "_picture", lambda page: "picture")
    ocr._engine.cache_clear()
    assert not ocr.is_enabled()
    monkeypatch.setenv("GONGKAI_OCR", "1")
    assert extract(_scan(1), "扫描.pdf").text == "第一行\n第二行\n"
    ocr._engine.cache_clear()


def test_encrypted_damaged_and_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_OCR", raising=False)
    pages = [[(80.0, 100.0, 16.0, "机密内容")]]
    with pytest.raises(ReadingError, match="已加密（需要打开密码）。请去掉打开密码"):
        extract(make.pdf(pages, encrypt=StandardEncryption("open", canPrint=1)), "a.pdf")
    for bad in (b"%PDF-1.7\n" + b"junk" * 99, b"%PDF-1.4"):
        with pytest.raises(ReadingError, match="已损坏"):
            extract(bad, "a.pdf")
    with pytest.raises(ReadingError, match="没有文字"):
        extract(make.pdf([[]]), "a.pdf")


def test_owner_password_alone_does_not_hide_the_text() -> None:
    data = make.pdf([[(80.0, 100.0, 16.0, "可以打开")]], encrypt=StandardEncryption("", ownerPassword="x"))
    assert extract(data, "a.pdf").text == "可以打开\n"

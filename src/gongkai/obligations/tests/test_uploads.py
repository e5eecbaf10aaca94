"""Files are judged by their bytes; their names are kept, never trusted."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from gongkai.obligations import uploads


def _docx():
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def _xlsx():
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def _zip(*names, encrypt=False):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    data = out.getvalue()
    if encrypt:  # the flag in the central directory is what readers look at
        at = data.index(b"PK\x01\x02") + 8
        data = data[:at] + b"\x01\x00" + data[at + 2 :]
    return data


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def file(name, data):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("佐证.pdf", PDF),
        ("佐证.PDF", PDF),
        ("说明.docx", _docx()),
        ("表.xlsx", _xlsx()),
        ("公文.ofd", _zip("OFD.xml", "Doc_0/Document.xml")),
        ("说明.txt", "办结说明\r\n第二行".encode()),
        ("说明.txt", "办结说明".encode("gb18030")),
        ("说明.txt", "办结说明".encode("utf-16")),
        ("截图.png", PNG),
        ("照片.jpg", JPG),
        ("照片.jpeg", JPG),
        ("打包.zip", _zip("一.txt", "二.pdf")),
    ],
)
def test_taken(name, data):
    one = file(name, data)
    assert uploads.upload_reasons([one]) == []
    said = uploads.described(one)
    assert said["name"] == name
    assert said["size"] == len(data)
    assert one.read() == data  # back at the start for storing


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("病毒.exe", b"MZ\x90\x00", "类型不能上传"),
        ("页面.html", b"<script>alert(1)</script>", "类型不能上传"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "类型不能上传"),
        ("没有扩展名", PDF, "类型不能上传"),
        ("改名.pdf", b"MZ\x90\x00", "内容不是"),
        ("改名.pdf", b"<html><script>", "内容不是"),
        ("改名.png", JPG, "内容不是"),
        ("改名.docx", _xlsx(), "内容不是"),
        ("改名.docx", _zip("一.txt"), "内容不是"),
        ("改名.zip", _docx(), "内容不是"),
        ("坏了.zip", b"PK\x03\x04" + b"\0" * 100, "内容不是"),
        ("有密码.zip", _zip("一.txt", encrypt=True), "内容不是"),
        ("宏.docx", _zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "内容不是"),
        ("二进制.txt", b"\x00\x01\x02", "内容不是"),
        ("空.pdf", b"", "空文件"),
    ],
)
def test_refused(name, data, sentence):
    (reason,) = uploads.upload_reasons([file(name, data)])
    assert sentence in reason
    assert name in reason


def test_size_and_number(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_SIZE", 10)
    assert "20 MB" in uploads.upload_reasons([file("大.pdf", PDF)])[0]
    monkeypatch.undo()
    assert "最多" in uploads.upload_reasons([file(f"{n}.pdf", PDF) for n in range(11)])[0]


def test_a_large_upload_lies_in_a_temporary_file():
    data = _zip("一.txt")
    large = TemporaryUploadedFile("打包.zip", "application/zip", len(data), None)
    large.write(data)
    large.seek(0)
    assert uploads.upload_reasons([large]) == []


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\用户\\桌面\\佐证.pdf", "佐证.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("gpj.\u202eexe.pdf", "gpj.exe.pdf"),
        ("", "附件"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names(given_name, kept):
    assert uploads.kept_name(given_name) == kept


@given(st.binary(max_size=300), st.sampled_from([*uploads.CONTENT_TYPES, "exe"]))
def test_no_bytes_break_the_check(data, extension):
    reasons = uploads.upload_reasons([file(f"x.{extension}", data)])
    assert isinstance(reasons, list)

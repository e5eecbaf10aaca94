"""Whatever is handed in: one sentence that says what is wrong and how to mend it, and the other files unharmed."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.reading import files
from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import extract, extract_all, limits
from gongkai.reading.tests import files_samples as make

GOOD = "一、加强政务公开工作。（责任单位：市司法局）".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def only(data: bytes, name: str = "坏.docx") -> ReadingError:
    """The single error a bad file gives, checked to be one sentence of the agreed shape."""
    items = list(extract_all(data, name))
    assert len(items) == 1
    error = items[0]
    assert isinstance(error, ReadingError)
    assert str(error) == f"{error.name}：{error.problem}。{error.mend}。"
    assert "\n" not in str(error)
    assert "Traceback" not in str(error)
    return error


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "空的"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "已加密（需要打开密码）。请用 WPS 或 Word 打开，去掉打开密码后另存为 .docx"),
        (OLE + "WordDocument".encode("utf-16-le"), "旧版 Word/WPS 二进制文档.*另存为 .docx"),
        (OLE + "Workbook".encode("utf-16-le"), "Excel"),
        (OLE, "旧版 Office"),
        (b"{\\rtf1 abc}", "RTF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "图片"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 99, "图片"),
        (b"Rar!\x1a\x07\0" + b"\0" * 99, "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, "7z"),
        (b"\x1f\x8b\x08" + b"\0" * 99, "gzip"),
        (b"a" * 257 + b"ustar" + b"\0" * 99, "tar"),
        (b"MZ\x90\0" + b"\0" * 99, "可执行"),
        (b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>", "Word XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x", "mht"),
        (make.zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "Excel"),
        (make.zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "演示文稿"),
        (make.zipped({"content.xml": "", "META-INF/manifest.xml": ""}), "OpenDocument"),
        (make.docx(make.p("x"))[:-60], "压缩结构已损坏"),
        (b"PK\x03\x04" + bytes(range(256)) * 9, "压缩结构已损坏"),
        (random.Random(7).randbytes(4000), "不是可识别的文本"),
        (make.zipped({}), "没有文件"),
        (make.zipped({"__MACOSX/._a": "x", "d/": "", "~$a.docx": "x"}), "没有文件"),
    ],
)
def test_each_bad_file_gives_one_sentence(data: bytes, why: str) -> None:
    import re

    assert re.search(why, str(only(data)))
    with pytest.raises(ReadingError):
        extract(data, "坏.docx")


def test_a_file_beyond_the_limit_is_refused_before_it_is_looked_at() -> None:
    assert "超过上限 100 MB" in str(only(bytes(limits.FILE_BYTES + 1)))


def test_a_zip_gives_each_document_and_each_failure_in_order() -> None:
    inner = make.zipped({"内.txt": GOOD, "坏.docx": OLE})
    deeper = make.zipped({"更内.zip": inner})
    docx = make.docx(make.p("文档"))
    data = make.zipped({"一.txt": GOOD, "坏.pdf": b"%PDF-1.4 x", "三/文.docx": docx, "包.zip": inner, "深.zip": deeper, ".DS_Store": b"x"})
    got = list(extract_all(data, "外.zip"))
    names = [
        "外.zip!一.txt",
        "外.zip!坏.pdf",
        "外.zip!三/文.docx",
        "外.zip!包.zip!内.txt",
        "外.zip!包.zip!坏.docx",
        "外.zip!深.zip!更内.zip",
    ]
    assert [item.name for item in got] == names
    assert [isinstance(item, Extracted) for item in got] == [True, False, True, True, False, False]
    assert "嵌套超过 1 层" in str(got[-1])
    with pytest.raises(ReadingError, match="不是单个文档"):
        extract(data, "外.zip")


def test_names_written_by_chinese_windows() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("x")
        info.filename = "政务公开要点.txt".encode("gbk").decode("cp437")
        package.writestr(info, GOOD)
    data = out.getvalue()
    # zipfile sets the UTF-8 flag for such a name; the programs that write GBK do not.
    raw, gbk = info.filename.encode(), "政务公开要点.txt".encode("gbk")
    data = data.replace(raw, gbk).replace(struct.pack("<H", len(raw)), struct.pack("<H", len(gbk))).replace(b"\0\x08\0\0", b"\0\0\0\0")
    shift = len(raw) - len(gbk)
    at = data.rindex(b"PK\x05\x06")
    size, offset = struct.unpack("<II", data[at + 12 : at + 20])
    data = data[: at + 12] + struct.pack("<II", size - shift, offset - shift) + data[at + 20 :]
    assert [item.name for item in extract_all(data, "a.zip")] == ["a.zip!政务公开要点.txt"]


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "C:/x.txt", "a/../../b.txt", "..\\x.txt"])
def test_paths_that_lead_out_of_the_archive(path: str) -> None:
    good, bad = extract_all(make.zipped({"好.txt": GOOD, path: GOOD}), "a.zip")
    assert isinstance(good, Extracted)
    assert isinstance(bad, ReadingError)
    assert "指向包外" in str(bad)


def test_encrypted_and_oddly_packed_members() -> None:
    data = bytearray(make.zipped({"a.txt": GOOD, "b.txt": GOOD}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    encrypted, good = extract_all(bytes(data), "a.zip")
    assert "已加密" in str(encrypted)
    assert isinstance(good, Extracted)
    assert "不支持的压缩方法" in str(only(make.zipped({"a.txt": GOOD}, zipfile.ZIP_LZMA)))


def test_a_member_with_a_wrong_checksum() -> None:
    data = bytearray(make.zipped({"a.txt": GOOD, "b.txt": GOOD}, zipfile.ZIP_STORED))
    data[data.index(GOOD)] ^= 1
    bad, good = extract_all(bytes(data), "a.zip")
    assert "已损坏" in str(bad)
    assert isinstance(good, Extracted)


def test_too_many_members() -> None:
    members: dict[str, bytes | str] = {f"{n}.txt": "字" for n in range(limits.ZIP_MEMBERS + 1)}
    assert "超过上限 1000 个" in str(only(make.zipped(members)))
    assert "条目超过" in str(only(make.zipped({"a.txt": b"PK\x01\x02" * (limits.ZIP_ENTRIES + 1)}, zipfile.ZIP_STORED)))


def _peak(data: bytes, name: str) -> tuple[list[Extracted | ReadingError], float]:
    tracemalloc.start()
    items = list(extract_all(data, name))
    peak = tracemalloc.get_traced_memory()[1] / limits.MB
    tracemalloc.stop()
    return items, peak


def test_bombs_are_stopped_while_they_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBER_BYTES", 8 * limits.MB)
    monkeypatch.setattr(limits, "UNPACK_RATIO_FROM", 4 * limits.MB)
    monkeypatch.setattr(files.Budget.__init__, "__defaults__", (32 * limits.MB,))
    zeros = bytes(limits.MEMBER_BYTES + limits.MB)
    items, peak = _peak(make.zipped({"a.txt": zeros, "b.txt": GOOD}), "弹.zip")
    assert isinstance(items[0], ReadingError)
    assert "可能是压缩炸弹" in str(items[0])
    assert isinstance(items[1], Extracted)
    assert peak < 20
    # Headers that lie about the size change nothing.
    lying = bytearray(make.zipped({"a.txt": zeros}))
    at = lying.index(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 10)
    assert isinstance(next(iter(extract_all(bytes(lying), "弹.zip"))), ReadingError)
    part = bytes(3 * limits.MB) + random.Random(1).randbytes(limits.MB // 4)
    many = make.zipped({f"{n}.txt": part for n in range(20)})
    items, peak = _peak(many, "弹.zip")
    assert "总量超过 256 MB" in str(items[-1])
    assert len(items) < 20
    assert peak < 30


def test_a_document_that_unpacks_without_end() -> None:
    body = make.p("x" * 1000) * (limits.UNPACK_RATIO_FROM // 1000)
    items, peak = _peak(make.docx(body), "弹.docx")
    assert isinstance(items[0], ReadingError)
    assert peak < 200


def test_a_long_document_is_refused_by_its_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT_CHARS", 100_000)
    paragraph = make.p("".join(random.Random(3).choices("政务公开工作要点落实责任单位年度", k=5000)))
    bodies = paragraph * (limits.TEXT_CHARS // 5000 + 1)
    assert "文字超过 10 万字" in str(only(make.docx(bodies)))


def test_what_would_take_too_much_memory_as_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "XML_WHOLE_BYTES", limits.MB)
    monkeypatch.setattr(limits, "TABLE_PLACES", 10_000)
    whole = "<w:sdt><w:sdtContent>" + "<w:p/>" * (limits.XML_WHOLE_BYTES // 6) + "</w:sdtContent></w:sdt>"
    assert "段落或表格行超过 1 MB" in str(only(make.docx(whole)))
    cells = "<w:tbl>" + ("<w:tr>" + "<w:tc/>" * 60 + "</w:tr>") * (limits.TABLE_PLACES // 60 + 1) + "</w:tbl>"
    assert "单元格超过 1 万个" in str(only(make.docx(cells)))
    levels = "<w:abstractNum/>" * (limits.XML_WHOLE_BYTES // 16 + 1)
    assert "超过 1 MB" in str(only(make.docx(make.p("x"), numbering=levels)))


def test_short_lines_count_for_more_than_their_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT_CHARS", 200_000)
    lines = "".join(make.ofd_text(1, at * 10, "x") for at in range(4000))
    pages = limits.TEXT_CHARS // limits.LINE_CHARS // 4000 + 1
    members = {"Doc_0/shared.xml": f"<ofd:Page xmlns:ofd='{make.OFD}'><ofd:Content><ofd:Layer>{lines}</ofd:Layer></ofd:Content></ofd:Page>"}
    listed = "<ofd:Page BaseLoc='shared.xml'/>" * pages
    members["Doc_0/Document.xml"] = f"<ofd:Document xmlns:ofd='{make.OFD}'><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    assert "万字" in str(only(make.ofd([], extra=dict(members)), "a.ofd"))


texts, rules = make.ruled_table([["任务", "单位"], ["公开", "办公室"]], left=80, top=100, widths=[100.0, 100.0])
samples = {
    "b.pdf": make.pdf([texts], rules=[rules]),
    "b.ofd": make.ofd([make.ofd_rules(rules) + make.ofd_text(30, 38, "任务") + make.ofd_text(70, 38, "单位")]),
    "a.docx": make.docx(
        make.numbered("甲")
        + make.tbl([make.tc("乙", "<w:vMerge w:val='restart'/>"), make.tc("丙")], [make.tc("", "<w:vMerge/>"), make.tc("丁")]),
        numbering=make.abstract([make.level(0, "%1、", "chineseCounting")]) + make.num(),
        footnotes="<w:footnote w:id='1'><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote>",
    ),
    "a.pdf": make.pdf(make.typeset(["为进一步做好全市政务公开工作，现提出以下实施意见。" * 3] * 3)),
    "a.ofd": make.ofd(make.ofd_pages(["为进一步做好全市政务公开工作，现提出以下实施意见。" * 3])),
    "a.html": f"<html><meta charset=gbk><body><table><tr><td rowspan=2>{'甲' * 30}</td><td>乙</td></tr><tr><td>丙</td></tr></table>".encode(
        "gbk"
    ),
    "a.zip": make.zipped({"一.txt": GOOD, "二.docx": make.docx(make.p("x"))}),
    "a.txt": GOOD,
}


@given(st.sampled_from(sorted(samples)), st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_damage_anywhere_never_escapes_as_another_error(name: str, data: st.DataObject) -> None:
    content = bytearray(samples[name])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    content = content[:cut] if data.draw(st.booleans()) else content[cut:] if data.draw(st.booleans()) else content
    for item in extract_all(bytes(content), name):
        assert isinstance(item, Extracted | ReadingError)
        if isinstance(item, Extracted):
            for grid in item.grids:
                assert 0 <= grid.start <= grid.end <= len(item.text)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_bytes_of_any_kind(content: bytes) -> None:
    items = list(extract_all(content, "x"))
    assert items
    assert all(isinstance(item, Extracted | ReadingError) for item in items)

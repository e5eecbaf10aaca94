"""A public document as OFD, where the installation names a program that writes it; nothing promises it where there is none."""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gongkai.conftest import Cast
from gongkai.publications.tests.making import live
from gongkai.publications.topics import booklets_pdf

WRITES = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[2], 'w') as out:\n    out.write(sys.argv[1], 'OFD.xml')\n"


@pytest.fixture
def document(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    cache.clear()
    monkeypatch.setattr(booklets_pdf, "write_single", lambda chapter, stream: stream.write(b"%PDF-1.7 " + chapter.title.encode()))
    return live(cast.reform, cast.drafter, title="供热办法", kind="normative").document_id


def converter(settings: Any, folder: Path, code: str) -> None:
    (folder / "convert.py").write_text(code)
    settings.OFD_CONVERTER = f"{sys.executable} {folder / 'convert.py'}"


def download(document: int) -> Any:
    return Client().get(reverse("documents:download", args=[document, "ofd"]))


def test_without_a_program_it_is_not_offered(document: int) -> None:
    assert download(document).status_code == 404
    page = Client().get(reverse("documents:document", args=[document])).content.decode()
    assert ">PDF</a>" in page and "OFD" not in page


def test_the_program_is_given_the_pdf(document: int, settings: Any, tmp_path: Path) -> None:
    converter(settings, tmp_path, WRITES)
    assert ">OFD</a>" in Client().get(reverse("documents:document", args=[document])).content.decode()
    answer = download(document)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/ofd" and ".ofd" in answer["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(answer.content)) as made:
        assert made.read("OFD.xml").startswith(b"%PDF-1.7")


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import sys; open(sys.argv[2], 'w').write('no')", "pass"])
def test_a_program_that_fails_is_a_sentence(document: int, settings: Any, tmp_path: Path, code: str) -> None:
    converter(settings, tmp_path, code)
    answer = download(document)
    assert answer.status_code == 503 and "请下载 PDF 或者 Word 版" in answer.content.decode()


def test_a_program_that_is_not_there_is_a_sentence(document: int, settings: Any) -> None:
    settings.OFD_CONVERTER = "/no/such/program"
    assert download(document).status_code == 503

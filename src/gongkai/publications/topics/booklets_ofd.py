"""A public document as OFD (GB/T 33190), by a program of the installation: no kept library writes it (GONGKAI_OFD_CONVERTER)."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from gongkai.publications.topics import booklets_pdf
from gongkai.publications.topics.booklets_content import Chapter

TIMEOUT = 60
FAILED = "OFD 暂时不能生成，请下载 PDF 或者 Word 版"


def is_configured() -> bool:
    return bool(settings.OFD_CONVERTER.strip())


def write_single(chapter: Chapter, stream: BinaryIO) -> None:
    """Raises NoBooklet where the program fails, takes too long or writes what is no OFD."""
    with tempfile.TemporaryDirectory() as folder:
        pdf, ofd = Path(folder) / "document.pdf", Path(folder) / "document.ofd"
        with pdf.open("wb") as file:
            booklets_pdf.write_single(chapter, file)
        command = [*shlex.split(settings.OFD_CONVERTER), str(pdf), str(ofd)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT)  # noqa: S603 — named by the system's operator
        except (OSError, subprocess.SubprocessError) as error:
            raise booklets_pdf.NoBooklet(FAILED) from error
        if not zipfile.is_zipfile(ofd):
            raise booklets_pdf.NoBooklet(FAILED)
        stream.write(ofd.read_bytes())

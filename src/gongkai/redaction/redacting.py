"""The one door: by kind, verified, or one sentence."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from math import isfinite

from PIL import Image, ImageOps, ImageSequence

from gongkai.reading.errors import ReadingError
from gongkai.redaction import docx, image, pdf, verify, verify_docx
from gongkai.redaction.errors import RedactionError
from gongkai.redaction.plan import Plan, Redacted, squeezed
from gongkai.screening.places import kind_of
from gongkai.screening.places.pdf import opened

_log = logging.getLogger(__name__)


def redact(data: bytes, name: str, plan: Plan, progress: Callable[[int, int], None] | None = None) -> Redacted:
    """A verified copy of a pdf, docx or picture without what the plan covers. Raises RedactionError, and hands out nothing, otherwise.

    `progress(done, all)` counts pages of a PDF.
    """
    if plan.is_empty:
        raise RedactionError(name, "没有选择要遮盖的内容", "请先框选或写明要遮盖的文字")
    if any(not squeezed(one.text) for one in plan.words):
        raise RedactionError(name, "要遮盖的文字是空的", "请写明文字")
    if any(not (all(map(isfinite, one.box)) and one.box[0] < one.box[2] and one.box[1] < one.box[3]) for one in plan.areas):
        raise RedactionError(name, "框选的范围是空的", "请重新框选")
    try:
        kind = kind_of(data, name)
        if kind == "pdf":
            return _pdf(data, name, plan, progress)
        if kind == "docx":
            made = docx.redact(data, name, plan)
            verify_docx.docx(made.redacted.data, name, [one.text for one in plan.words], made.unseen, made.texts)
            return made.redacted
        if kind == "picture":
            done = image.redact(data, name, plan)
            verify.image(done.data, name, plan.areas, _sizes(data))
            return done
    except RedactionError:
        raise
    except ReadingError as error:
        raise RedactionError(error.name, error.problem, error.mend) from error
    except Exception as error:
        # A malformed file can surprise a parser in ways nobody listed. Whoever handed it in still gets a sentence; we get the trace.
        _log.exception("unexpected failure while redacting a file")
        raise RedactionError(name, "文件不合规范，不能遮盖", "请用原程序重新导出，或打印后扫描成 PDF 再试") from error
    raise RedactionError(name, f"不能遮盖 {kind} 文件", "可用 pdf、docx 和 jpg、png、tiff、webp、bmp 图片")


def cleaned(data: bytes, name: str) -> bytes:
    """A verified copy of a docx with nothing covered and nothing that its reader does not see. Raises RedactionError."""
    try:
        made = docx.redact(data, name, Plan())
        verify_docx.docx(made.redacted.data, name, (), (), made.texts)
    except RedactionError:
        raise
    except ReadingError as error:
        raise RedactionError(error.name, error.problem, error.mend) from error
    except Exception as error:
        _log.exception("unexpected failure while cleaning a file")
        raise RedactionError(name, "文件不合规范，不能去掉看不见的内容", "请用原程序重新导出再试") from error
    return made.redacted.data


def _pdf(data: bytes, name: str, plan: Plan, progress: Callable[[int, int], None] | None) -> Redacted:
    words = [one.text for one in plan.words]
    if plan.spans or plan.pictures:
        raise RedactionError(name, "PDF 不能按段落和图片遮盖", "请框选，或写明要遮盖的文字")
    with opened(data, name) as document:
        pages = len(document.pages)
    done = pdf.redact(data, name, plan, progress)
    try:
        verify.pdf(done.data, name, words, plan.areas, pages)
    except RedactionError:
        # Words may stand where no text layer shows them (ActualText, a font of its own). As pictures pages keep nothing of that kind.
        done = pdf.redact(data, name, plan, progress, draw_all=True)
        verify.pdf(done.data, name, words, plan.areas, pages)
    return done


def _sizes(data: bytes) -> list[tuple[int, int]]:
    with Image.open(io.BytesIO(data)) as opened_:
        frames = [opened_] if opened_.format == "MPO" else ImageSequence.Iterator(opened_)
        return [ImageOps.exif_transpose(frame).size for frame in frames]

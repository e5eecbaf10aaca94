"""The guide as a Word document, set as an official one."""

from __future__ import annotations

import io

from gongkai.agencies.models import GuideVersion
from gongkai.formats.docx_official import OfficialDocument, Paragraph, write
from gongkai.formats.ledger import chinese_date

_NUMBERS = "一二三四五六七八九十"


def docx(version: GuideVersion) -> bytes:
    paragraphs: list[Paragraph] = []
    for n, part in enumerate(version.content):
        paragraphs.append(Paragraph(f"{_NUMBERS[n] if n < len(_NUMBERS) else n + 1}、{part['title']}", "heading"))
        paragraphs += [Paragraph(line) for line in part["paragraphs"]]
        paragraphs += [Paragraph(f"{name}：{value}") for name, value in part["rows"]]
        paragraphs += [Paragraph(f"{step_number}. {step}。") for step_number, step in enumerate(part["steps"], 1)]
    content = OfficialDocument(
        f"{version.agency.name}政府信息公开指南", paragraphs, signature=version.agency.name, date_words=chinese_date(version.on)
    )
    buffer = io.BytesIO()
    write(content, buffer)
    return buffer.getvalue()

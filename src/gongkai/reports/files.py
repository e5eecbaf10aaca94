"""A report to take away: docx in the page of GB/T 9704, PDF, html and JSON. What is not published says 草稿 on every page."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from gongkai.formats.annual_report import writing_docx
from gongkai.formats.annual_report.checking import Checked
from gongkai.formats.annual_report.model import Report
from gongkai.formats.annual_report.writing_html import body, page, title
from gongkai.formats.ledger import chinese_date
from gongkai.obligations.exports import attachment
from gongkai.publications.topics.booklets_pdf import print_html
from gongkai.reading.output import json_pretty
from gongkai.reports.models import AnnualReport

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
DRAFT = "草稿"


def date_words(report: AnnualReport) -> str:
    """The day of publication as an official document writes it; "" before."""
    return chinese_date(timezone.localdate(report.published_at)) if report.published_at else ""


def is_draft(report: AnnualReport) -> bool:
    return report.printed is None


def content(report: AnnualReport, made: Report, checked: Checked, fmt: str) -> bytes:
    """The bytes of one format. Raises NoBooklet where PDF cannot be made on this machine."""
    if fmt == "json":
        return (json_pretty(as_object(report, made, checked)) + "\n").encode()
    draft = DRAFT if is_draft(report) else ""
    if fmt == "html":
        return page(made, draft).encode()
    stream = io.BytesIO()
    if fmt == "docx":
        writing_docx.write(made, stream, report.agency.name, date_words(report), draft)
    else:
        context = {"title": title(made), "body": body(made), "draft": draft, "agency": report.agency.name, "date": date_words(report)}
        print_html(render_to_string("reports/print.html", context), stream)
    return stream.getvalue()


def as_object(report: AnnualReport, made: Report, checked: Checked) -> dict[str, Any]:
    """The report with its checks; the keys of `gongkai report check`, so that one program reads both."""
    return {
        **made.to_dict(),
        "published_at": report.published_at.isoformat() if report.published_at else None,
        "failures": [one.to_dict() for one in checked.failures],
        "warnings": [one.to_dict() for one in checked.warnings],
    }


def download(report: AnnualReport, made: Report, checked: Checked, fmt: str) -> HttpResponse:
    """404 for a format there is not."""
    if fmt not in TYPES:
        raise Http404("没有这种格式；有 docx、pdf、html、json")
    mark = f"（{DRAFT}）" if is_draft(report) else ""
    return attachment(content(report, made, checked, fmt), f"{title(made)[:80]}{mark}.{fmt}", TYPES[fmt])

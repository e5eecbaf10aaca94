"""The four-point report (S3-25), and the label read off the issued document itself."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.formats.docx_official import OfficialDocument, Paragraph, write
from gongkai.publications import labels
from gongkai.publications.actions.labelling import note, read_printed
from gongkai.publications.models import LabelRecord
from gongkai.publications.printed_labels import label_in
from gongkai.publications.tests import making
from gongkai.publications.tests.marking import key, normative
from gongkai.publications.validity import label_report

OPEN, ASKED = "此件公开发布", "此件依申请公开"


def issued(*lines: str, name: str = "通知.docx") -> SimpleUploadedFile:
    """A document as an agency prints it."""
    buffer = io.BytesIO()
    write(OfficialDocument("关于示例的通知", [Paragraph("正文。"), *map(Paragraph, lines)], "各单位", "市发改委", "2026年3月2日"), buffer)
    return SimpleUploadedFile(name, buffer.getvalue())


def test_the_report_is_empty_where_all_points_agree_and_names_where_they_differ(cast: Any) -> None:
    """S3-25: the mismatch report."""
    fine, wrong = normative(cast, label=OPEN), normative(cast, label=OPEN, title="不一致的文件")
    for point in LabelRecord.Point.values:
        labels.note(fine, point, OPEN, cast.drafter)
    labels.note(wrong, "slip", OPEN, cast.drafter)
    labels.note(wrong, "register", ASKED, cast.reviewer)
    normative(cast, label=OPEN)
    report = label_report.mismatches(cast.openness_officer)
    assert report.checked == 2 and [row.document.pk for row in report.rows] == [wrong.pk]
    assert report.rows[0].where == "审查登记"
    cells = label_report.table(report).rows[0].cells
    assert (cells["slip"], cells["register"], cells["issue"], cells["where"]) == (OPEN, ASKED, "", "审查登记")
    labels.note(wrong, "register", OPEN, cast.reviewer)
    assert label_report.mismatches(cast.openness_officer).rows == []


def test_the_report_is_of_what_one_reads(cast: Any) -> None:
    wrong = normative(cast, label=OPEN)
    labels.note(wrong, "slip", ASKED, cast.drafter)
    assert label_report.mismatches(cast.drafter).rows and not label_report.mismatches(cast.other_officer).rows
    assert not label_report.mismatches(cast.county_officer).rows and not label_report.mismatches(cast.citizen).rows


PRINTED = [
    (("（此件公开发布）",), OPEN),
    (("(此件依申请公开)",), ASKED),
    (("（ 此件 公开发布 ）",), OPEN),
    (("附件：名单", "（此件公开发布）", "抄送：市委各部门。"), OPEN),
]


@pytest.mark.parametrize(("lines", "label"), PRINTED)
def test_the_label_is_read_off_the_issued_document(cast: Any, lines: tuple[str, ...], label: str) -> None:
    document = normative(cast)
    made = read_printed(document, cast.reviewer, key=key(), file=issued(*lines))
    assert (made.point, made.label, made.source) == ("issue", label, "从“通知.docx”读出")


def test_a_label_quoted_in_a_sentence_is_none(cast: Any) -> None:
    assert label_in("各单位印发公文，要标注（此件公开发布）字样。\n（此件公开发布）等标识不得另行创新。\n（联系人：张三）") is None
    with pytest.raises(ActionRefused, match="没有读到"):
        read_printed(normative(cast), cast.reviewer, key=key(), file=issued("要标注“此件公开发布”。"))


def test_a_printed_label_of_ones_own_is_refused_and_a_bad_file_too(cast: Any) -> None:
    document = normative(cast)
    with pytest.raises(ActionRefused, match="“此件内部公开”不是本地区的标识"):
        read_printed(document, cast.reviewer, key=key(), file=issued("（此件内部公开）"))
    broken = SimpleUploadedFile("坏.docx", b"PK\x03\x04 nothing")
    for file in (broken, SimpleUploadedFile("说明.txt", "（此件公开发布）".encode()), SimpleUploadedFile("空.docx", b"")):
        with pytest.raises(ActionRefused):
            read_printed(document, cast.reviewer, key=key(), file=file)
    assert not LabelRecord.objects.exists()


def test_typing_a_label_in_and_who_may(cast: Any, client: Client) -> None:
    document = making.draft(cast.reform, cast.drafter, kind="normative", label=OPEN).document
    with pytest.raises(NotAllowed):
        note(document, cast.drafter, key=key(), point="slip", label=OPEN)
    client.force_login(cast.reviewer)
    address = reverse("validity:label_note", args=[document.pk])
    assert client.post(address, {"key": key(), "point": "slip", "label": "此件保密"}).status_code == 422
    assert client.post(address, {"key": key(), "point": "slip", "label": ASKED, "source": "扫描件"}).status_code == 302
    shown = client.get(reverse("validity:document", args=[document.pk])).content.decode()
    assert "四个环节应当一致" in shown and "扫描件" in shown
    read = reverse("validity:label_import", args=[document.pk])
    assert client.post(read, {"key": key(), "file": issued("（此件公开发布）")}).status_code == 302
    assert client.post(read, {"key": key(), "file": issued("没有标识")}).status_code == 409
    assert set(labels.seen(document)) == {"slip", "issue"}


def test_the_report_page_and_its_sheet(cast: Any, client: Client) -> None:
    wrong = normative(cast, label=OPEN, title="不一致的文件")
    labels.note(wrong, "slip", ASKED, cast.drafter)
    client.force_login(cast.openness_officer)
    assert "不一致的文件" in client.get(reverse("validity:labels")).content.decode()
    assert client.get(reverse("validity:label_export", args=["xlsx"])).content[:2] == b"PK"
    assert docx.Document(io.BytesIO(client.get(reverse("validity:label_export", args=["docx"])).content)).tables

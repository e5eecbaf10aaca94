"""The public gets the copy: stripped, masked as decided, looked through again; the original never."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from docx import Document as Word
from PIL import Image

from gongkai.publications.models import PublicCopy, ScreeningFinding, ScreeningPolicy
from gongkai.publications.screening import gate as screening_gate
from gongkai.publications.screening import public_copies
from gongkai.publications.tests.making import revise
from gongkai.publications.tests.screened import ID, MASKED, MOBILE, OTHER_ID, again_with, bytes_of, looked, paper, with_files, workbook


def only_link(edition):
    return edition.revision.attachment_links.select_related("version").get()


def decide(edition, to, **where):
    rows = ScreeningFinding.objects.filter(screening__revision=edition.revision, **where)
    assert rows.update(decision=to, decided_at=timezone.now(), reason="经核对" if to == "overruled" else "")
    public_copies.make_for(edition.revision)


def served(edition, **headers):
    response = public_copies.public_file_response(RequestFactory().get("/", headers=headers), only_link(edition))
    return response, b"".join(response.streaming_content) if response.streaming else response.content


def test_metadata_is_gone_and_the_original_stays(cast):
    original = workbook("一切正常")
    edition = with_files(cast, {"清单 2026年.xlsx": original})
    looked(edition)
    response, data = served(edition)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not any("林小舟".encode() in package.read(member) for member in package.namelist())
    assert openpyxl.load_workbook(io.BytesIO(data)).active["A1"].value == "一切正常"
    link = only_link(edition)
    assert link.version.original.read() == original != data
    assert response["Content-Type"] == link.version.content_type and response["Content-Length"] == str(len(data))
    assert "filename*=utf-8''%E6%B8%85%E5%8D%95" in response["Content-Disposition"]
    again, nothing = served(edition, if_none_match=response["ETag"])
    assert again.status_code == 304 and nothing == b"" and response["X-Content-Type-Options"] == "nosniff"


def test_nothing_is_served_while_something_blocking_is_open(cast):
    edition = with_files(cast, {"名单.xlsx": workbook(f"身份证号{ID}", hidden="不给人看")})
    looked(edition)
    assert PublicCopy.objects.count() == 0
    with pytest.raises(Http404):
        served(edition)
    decide(edition, "masked", rule="hidden.sheet")
    with pytest.raises(Http404):
        served(edition)
    decide(edition, "masked", rule="id_number.18")
    assert screening_gate.reasons(edition) == []
    _, data = served(edition)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Sheet"] and book.active["A1"].value == f"身份证号{MASKED}"


def test_only_what_was_decided_is_masked(cast):
    edition = with_files(cast, {"a.docx": paper(f"身份证号{ID}，热线{MOBILE}，住址：清河路8号3幢201室")})
    looked(edition)
    decide(edition, "overruled", rule="mobile")
    decide(edition, "masked", decision="")
    _, data = served(edition)
    words = "".join(paragraph.text for paragraph in Word(io.BytesIO(data)).paragraphs)
    assert MOBILE in words and ID not in words and "201室" not in words


def test_a_table_of_names_is_masked_by_its_numbers(cast):
    text = f"姓名,身份证号\n甲某,{ID}\n乙某,{OTHER_ID}\n".encode()
    edition = with_files(cast, {"名单.csv": text})
    looked(edition)
    assert ScreeningFinding.objects.filter(rule="name_table").exists()
    decide(edition, "masked", decision="")
    _, data = served(edition)
    assert data.decode() == f"姓名,身份证号\n甲某,{MASKED}\n乙某,{OTHER_ID[:2]}{'*' * 13}{OTHER_ID[-3:]}\n"


def test_what_a_draft_decides_changes_nothing_of_what_is_public(cast):
    edition = with_files(cast, {"a.docx": paper(f"身份证号{ID}")})
    looked(edition)
    decide(edition, "masked", decision="")
    link = only_link(edition)
    _, before = served(edition)
    again_with(edition, cast.drafter, [link.version], revise, body="<p>新版</p>")
    rows = ScreeningFinding.objects.filter(screening__revision=edition.revision, rule="id_number.18")
    rows.update(decision="overruled", reason="本人同意")
    public_copies.make_for(edition.revision)
    copy = public_copies.public_of(link)
    assert copy is not None and copy.file.read() == before and PublicCopy.objects.count() == 2


def test_a_format_that_cannot_be_stripped_is_refused_or_kept_as_the_place_wants(cast):
    data = bytes_of(lambda out: Image.new("RGB", (4, 4)).save(out, "GIF"))
    edition = with_files(cast, {"图.gif": data})
    looked(edition)
    (reason,) = screening_gate.reasons(edition)
    assert "没有做成公开件" in reason and "不能去除属性" in reason
    ScreeningPolicy.objects.create(jurisdiction=cast.city, unstripped="keep")
    public_copies.make_for(edition.revision)
    assert screening_gate.reasons(edition) == [] and served(edition)[1] == data
    ScreeningPolicy.objects.update(unstripped="refuse")
    assert "按原件公开" in screening_gate.reasons(edition)[0]


def test_what_was_to_be_masked_and_is_still_there_makes_no_copy(cast):
    """Text on a page of a PDF cannot be masked: a decision that says so by mistake is found out before anything goes out."""
    from gongkai.screening.tests import made

    edition = with_files(cast, {"a.pdf": made.pdf_file()})
    looked(edition)
    decide(edition, "masked", decision="")
    (reason,) = screening_gate.reasons(edition)
    assert "公开件里还有居民身份证号码" in reason and ID not in reason
    with pytest.raises(Http404):
        served(edition)
    decide(edition, "overruled", rule="id_number.18")
    assert screening_gate.reasons(edition) == []


def test_a_missing_copy_is_told_and_a_lost_file_is_404(cast):
    edition = with_files(cast, {"a.docx": paper("正文")})
    looked(edition)
    copy = PublicCopy.objects.get()
    copy.file.storage.delete(copy.file.name)
    with pytest.raises(Http404):
        served(edition)
    copy.delete()
    assert "还在制作" in screening_gate.reasons(edition)[0]


def test_copies_of_many_attachments_take_no_more_queries(cast, django_assert_max_num_queries):
    edition = with_files(cast, {f"{n}.txt": f"第 {n} 份".encode() for n in range(20)})
    looked(edition)
    with django_assert_max_num_queries(14):
        assert screening_gate.reasons(edition) == []
    with django_assert_max_num_queries(3):
        assert len(public_copies.public_sizes(edition.revision)) == 20

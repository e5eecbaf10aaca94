"""Pages of an old site: taken with their files, resumed after a kill, refused with the reason, public only by a decision."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue.models import Column
from gongkai.journal.models import Entry
from gongkai.publications.legacy import importing
from gongkai.publications.legacy.importing import Decision, run
from gongkai.publications.legacy.manifest import local_name, open_source, pages
from gongkai.publications.models import AttachmentVersion, Deed, Document, Review, Revision, Screening, ScreeningPart
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.visible import live_editions

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
HTML = """<html><head><meta charset="gb2312"><title>x</title></head><body><div class="TRS_Editor"><p style="text-indent:2em">正文{n}。
<a href="files/{n}.pdf">附件</a><img src="pic.png" alt="图"><script>alert(1)</script></p></div></body></html>"""


@pytest.fixture
def site(tmp_path):
    """A folder of `count` pages with one attachment and one picture each."""

    def make(count: int = 3, **changes):
        root = tmp_path / "old"
        (root / "html" / "files").mkdir(parents=True, exist_ok=True)
        rows = []
        for n in range(count):
            (root / "html" / f"{n}.html").write_bytes(HTML.format(n=n).encode("gb18030"))
            (root / "html" / "files" / f"{n}.pdf").write_bytes(PDF + str(n).encode())
            row = {
                "标题": f"旧页面{n}",
                "网址": f"http://old.gov.cn/{n}.html",
                "日期": f"2019年3月{n % 28 + 1}日",
                "正文": f"html/{n}.html",
            }
            rows.append(row | {"附件": f"html/files/{n}.pdf", "文号": f"清发改〔2019〕{n + 1}号"} | changes.get(str(n), {}))
        (root / "html" / "pic.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 50)
        (root / "manifest.jsonl").write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
        return root

    return make


def take(root, cast, **options):
    return list(run(open_source(root), cast.reform, cast.drafter, **options))


def test_pages_become_drafts_with_their_files(site, cast):
    Column.objects.create(jurisdiction=cast.city, agency=cast.office, slug="zc", name="政策")
    outcomes = take(site(3, **{"0": {"栏目": "政策"}, "1": {"栏目": "没有的"}}), cast)
    assert [one.what for one in outcomes] == ["导入"] * 3
    assert "没有的" in outcomes[1].reasons[0]
    document = Document.objects.get(origin_url="http://old.gov.cn/0.html")
    edition = document.editions.get()
    revision = edition.revision
    assert (edition.state, document.column.name, revision.doc_number, str(revision.issued_on)) == (
        "draft",
        "政策",
        "清发改〔2019〕1号",
        "2019-03-01",
    )
    pdf, picture = AttachmentVersion.objects.filter(attachment__document=document).order_by("attachment")
    assert (pdf.name, picture.name) == ("0.pdf", "pic.png")
    assert f'href="/documents/{document.pk}/files/{pdf.attachment_id}/"' in revision.body
    assert f'src="/documents/{document.pk}/files/{picture.attachment_id}/"' in revision.body
    assert "script" not in revision.body and "正文0。" in revision.abstract
    assert pdf.original.read() == PDF + b"0" and revision.attachment_links.count() == 2
    assert not live_editions().exists()
    assert Deed.objects.filter(kind="imported").count() == 3
    assert Entry.objects.filter(action="publications.imported").count() == 4  # the batch, and each document


def test_a_second_run_takes_nothing_twice(site, cast):
    root = site(3)
    take(root, cast)
    outcomes = take(root, cast)
    assert [one.what for one in outcomes] == ["已有"] * 3 and all(one.document_id for one in outcomes)
    assert Document.objects.count() == 3


def test_a_killed_run_goes_on_where_it_was(site, cast, monkeypatch):
    root = site(5)
    journal = importing._journal
    calls = []

    def dies(*args):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        journal(*args)

    monkeypatch.setattr(importing, "_journal", dies)
    with pytest.raises(KeyboardInterrupt):
        take(root, cast, batch=2)
    assert Document.objects.count() == Revision.objects.count() == 2
    monkeypatch.setattr(importing, "_journal", journal)
    assert [one.what for one in take(root, cast, batch=2)] == ["已有", "已有", "导入", "导入", "导入"]
    assert len({d.index_number for d in Document.objects.all()}) == 5


def test_half_a_file_is_written_anew(cast, settings):
    name = importing.stored(b"whole", "ab" * 32, "pdf")
    path = settings.MEDIA_ROOT / name
    path.write_bytes(b"ha")
    assert importing.stored(b"whole", "ab" * 32, "pdf") == name and path.read_bytes() == b"whole"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"标题": ""}, "没有标题"),
        ({"网址": ""}, "没有网址"),
        ({"日期": "很久以前"}, "日期读不出来"),
        ({"日期": "2098-01-01"}, "在今天之后"),
        ({"正文": "../../secret.html"}, "没有正文文件"),
        ({"附件": "html/none.pdf"}, "没有附件"),
        ({"附件": "html/0.html"}, "类型不能上传"),
        ({"正文": "", "附件": ""}, "没有正文也没有附件"),
        ({"网址": "http://old.gov.cn/0.html"}, "出现两次"),
    ],
)
def test_a_page_with_a_fault_is_refused_alone(site, cast, change, words):
    outcomes = take(site(3, **{"1": change}), cast)
    assert [one.what for one in outcomes] == ["导入", "拒绝", "导入"]
    assert any(words in reason for reason in outcomes[1].reasons), outcomes[1].reasons
    assert Document.objects.count() == 2


def test_what_an_old_site_left_undone_is_noted(site, cast):
    rows = {"0": {"索引号": "11370300MB28646707/2021-None"}, "1": {"索引号": "000014349/2022-00039"}, "2": {"文号": "无号"}}
    outcomes = take(site(3, **rows), cast)
    assert "另编新号" in outcomes[0].reasons[0] and "不合格式" in outcomes[2].reasons[0]
    assert Document.objects.get(pk=outcomes[0].document_id).index_number == f"{cast.reform.code}/2019-00001"
    assert Document.objects.get(pk=outcomes[1].document_id).index_number == "000014349/2022-00039"


def test_public_at_once_only_by_a_decision_and_another_person(site, cast):
    root = site(2)
    with pytest.raises(ActionRefused, match="另一个人"):
        take(root, cast, decision=Decision("清政办发〔2026〕2号", cast.drafter))
    with pytest.raises(ActionRefused, match="保密审查人员或负责人"):
        take(root, cast, decision=Decision("清政办发〔2026〕2号", cast.other_head))
    with pytest.raises(ActionRefused, match="哪个决定"):
        take(root, cast, decision=Decision(" ", cast.secrecy_reviewer))
    assert Document.objects.count() == 0
    take(root, cast, decision=Decision("清政办发〔2026〕2号", cast.secrecy_reviewer))
    editions = list(live_editions())
    assert len(editions) == 2
    for edition in editions:
        reviews = Review.objects.filter(revision=edition.revision)
        assert {r.kind for r in reviews} == {"content", "secrecy"}
        assert all(r.reviewer == cast.secrecy_reviewer and "清政办发〔2026〕2号" in r.basis for r in reviews)
        assert edition.document.first_published_at == edition.published_at and edition.published_at.year == 2019


def test_only_people_of_the_agency(site, cast):
    with pytest.raises(NotAllowed):
        list(run(open_source(site(1)), cast.reform, cast.other_officer))


def test_a_zip_and_the_three_kinds_of_manifest(site, cast, tmp_path):
    root = site(2)
    listed = list(pages(open_source(root)))
    rows = [{"标题": p.title, "网址": p.url, "日期": str(p.on), "正文": p.html, "附件": ";".join(p.attachments)} for p in listed]
    (root / "manifest.jsonl").unlink()
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    (root / "manifest.csv").write_bytes(text.getvalue().encode("gb18030"))
    from_csv = list(pages(open_source(root)))
    (root / "manifest.csv").unlink()
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(root / "manifest.xlsx")
    assert list(pages(open_source(root))) == from_csv
    archive = tmp_path / "site.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in root.rglob("*"):
            if path.is_file():
                packed.write(path, f"export/{path.relative_to(root)}")
    assert [one.what for one in take(archive, cast)] == ["导入", "导入"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04x"])
def test_a_folder_without_a_manifest_is_one_sentence(tmp_path, cast, content):
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(ActionRefused, match="标题"):
        list(pages(open_source(tmp_path)))
    with pytest.raises(ActionRefused, match="没有"):
        open_source(tmp_path / "none")
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(ActionRefused, match="zip"):
        open_source(tmp_path / "x.zip")


def test_links_mean_files_beside_the_page():
    assert local_name("files/a%20b.pdf?x=1", "html/1.html") == "html/files/a b.pdf"
    assert local_name("/up/a.pdf", "html/1.html") == "up/a.pdf"
    for elsewhere in ("http://x.cn/a.pdf", "//x.cn/a", "../../etc/passwd", "javascript:x", "#top", "mailto:a@b"):
        assert local_name(elsewhere, "html/1.html") == ""


def test_a_batch_costs_the_same_queries_for_many_pages(site, cast):
    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            take(site(count), cast)
        return len(seen)

    few, many = queries(3), queries(30)
    assert many <= few + 2  # a period more of index numbers


def test_every_page_is_asked_to_be_screened(site, cast):
    take(site(2), cast)
    assert Screening.objects.count() == 2
    assert sorted(Screening.objects.first().parts.values_list("version", flat=True), key=bool)[0] is None
    assert ScreeningPart.objects.count() == 6  # text, attachment and picture of each
    for found in Screening.objects.all():
        assert screening_runs.run(found.pk)

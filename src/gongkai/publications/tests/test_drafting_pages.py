"""The desk over HTTP: list, start, edit, conflict, history, files, slip, export; and who is turned away."""

from __future__ import annotations

import io
import re
import uuid

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from gongkai.publications.models import Attachment, AttachmentVersion, Document, Edition, IndexPattern, PlaceLabels, Revision
from gongkai.publications.tests import making
from gongkai.publications.tests.test_docx_import import official

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def login(client, cast):
    def as_(name):
        client.force_login(cast.user(name))
        return client

    return as_


def key() -> dict[str, str]:
    return {"key": str(uuid.uuid4())}


def fields(edition: Edition, **changed) -> dict[str, object]:
    revision = edition.revision
    return {
        **key(),
        "base": revision.pk,
        "title": revision.title,
        "body": revision.body,
        "issuer": edition.document.agency_id,
        "attribute": "proactive",
        "term": "none",
        **changed,
    }


def words(response) -> str:
    return response.content.decode()


def test_a_document_from_nothing_to_a_saved_text(login, cast):
    client = login("drafter")
    response = client.post(
        reverse("drafting:start"), {**key(), "agency": cast.reform.pk, "kind": "other", "title": "价格监测点"}, follow=True
    )
    document = Document.objects.get()
    edition = document.editions.get()
    assert response.redirect_chain[-1][0] == reverse("drafting:edit", args=[edition.pk])
    assert "data-editor" in words(response) and "<script>" not in words(response)
    nasty = "<h1>题</h1><p style='color:red'>文<script>x</script></p>"
    response = client.post(reverse("drafting:edit", args=[edition.pk]), fields(edition, body=nasty))
    assert response.status_code == 302
    edition.refresh_from_db()
    assert (edition.revision.number, edition.revision.body) == (2, "<h2>题</h2><p>文</p>")
    page = words(client.get(reverse("drafting:document", args=[document.pk])))
    assert "没有选主题分类" in page and "价格监测点" in page


def test_a_document_from_a_word_file(login, cast):
    client = login("drafter")
    file = SimpleUploadedFile("通知.docx", official())
    client.post(reverse("drafting:start"), {**key(), "agency": cast.reform.pk, "kind": "policy", "file": file})
    revision = Revision.objects.get()
    assert (revision.doc_number, revision.label, revision.attribute) == ("清发改〔2026〕12号", "此件公开发布", "proactive")
    assert "<h2>一、总体要求</h2>" in revision.body
    broken = SimpleUploadedFile("坏.docx", b"PK\x03\x04oops")
    response = client.post(reverse("drafting:start"), {**key(), "agency": cast.reform.pk, "kind": "policy", "file": broken})
    assert response.status_code == 422 and "损坏" in words(response)
    assert Document.objects.count() == 1


def test_importing_into_a_draft_saves_nothing_by_itself(login, cast):
    edition = making.draft(cast.reform, cast.drafter)
    client = login("drafter")
    response = client.post(reverse("drafting:import", args=[edition.pk]), {**key(), "file": SimpleUploadedFile("通知.docx", official())})
    assert response.status_code == 200 and "还没有保存" in words(response) and "清发改〔2026〕12号" in words(response)
    assert Revision.objects.count() == 1
    old = SimpleUploadedFile("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99)
    response = client.post(reverse("drafting:import", args=[edition.pk]), {**key(), "file": old})
    assert response.status_code == 422 and "旧格式" in words(response)


def test_two_savers_the_second_sees_the_difference_and_keeps_everything(login, cast):
    edition = making.draft(cast.reform, cast.drafter, body="<p>第一段。</p><p>第二段。</p>", keywords="甲")
    opened = fields(edition, keywords="甲")
    address = reverse("drafting:edit", args=[edition.pk])
    login("reviewer").post(address, {**opened, **key(), "body": "<p>第一段改。</p><p>第二段。</p>", "keywords": "甲 乙"})
    client = login("drafter")
    response = client.post(address, {**opened, "body": "<p>第一段。</p><p>第二段由我改。</p>"})
    page = words(response)
    assert response.status_code == 409
    assert "孙审核在您编辑时保存了第 2 稿" in page and "<del>" in page and "<ins>" in page
    assert "第二段由我改。" in page  # still in the form
    assert 'value="甲 乙"' in page  # only the other one had touched it
    current = Edition.objects.get(pk=edition.pk).revision
    assert f'name="base" value="{current.pk}"' in page
    merged = {**opened, **key(), "base": current.pk, "body": "<p>第一段改。</p><p>第二段由我改。</p>", "keywords": "甲 乙"}
    assert client.post(address, merged).status_code == 302
    assert [r.number for r in Revision.objects.order_by("number")] == [1, 2, 3]
    assert "第二段由我改" in Edition.objects.get(pk=edition.pk).revision.body


def test_a_file_attached_meanwhile_is_no_conflict(login, cast):
    edition = making.draft(cast.reform, cast.drafter)
    opened = fields(edition)
    client = login("drafter")
    client.post(reverse("drafting:attach", args=[edition.pk]), {**key(), "files": SimpleUploadedFile("表.pdf", PDF)})
    assert client.post(reverse("drafting:edit", args=[edition.pk]), {**opened, "body": "<p>改。</p>"}).status_code == 302
    revision = Edition.objects.get(pk=edition.pk).revision
    assert (revision.number, revision.body, revision.attachment_links.count()) == (3, "<p>改。</p>", 1)


def test_what_was_typed_wrong_comes_back_with_everything(login, cast):
    edition = making.draft(cast.reform, cast.drafter)
    data = fields(edition, title="", issued_on="昨天", body="<p>写了很久。</p>", references="？？")
    response = login("drafter").post(reverse("drafting:edit", args=[edition.pk]), data)
    assert response.status_code == 422
    assert "写了很久。" in words(response) and "看不出是哪份文件" in words(response)
    assert Revision.objects.count() == 1


def test_the_text_proposes_without_saving(login, cast):
    edition = making.draft(cast.reform, cast.drafter)
    data = fields(edition, propose="1", body="<p>为规范价格监测工作，现公布全市价格监测点名单，供社会监督。</p>")
    response = login("drafter").post(reverse("drafting:edit", args=[edition.pk]), data)
    assert response.status_code == 200 and Revision.objects.count() == 1
    assert response.context["form"]["abstract"].value().startswith("为规范价格监测工作")


def test_files_by_their_bytes(login, cast):
    edition = making.draft(cast.reform, cast.drafter)
    client = login("drafter")
    address = reverse("drafting:attach", args=[edition.pk])
    files = [SimpleUploadedFile("一.pdf", PDF), SimpleUploadedFile("二.txt", "文字".encode())]
    client.post(address, {**key(), "files": files})
    assert [v.name for v in AttachmentVersion.objects.order_by("pk")] == ["一.pdf", "二.txt"]
    response = client.post(address, {**key(), "files": SimpleUploadedFile("三.pdf", b"MZ not a pdf")})
    assert response.status_code == 409 and "内容不是 pdf" in words(response)
    assert Attachment.objects.count() == 2


def test_a_refused_upload_leaves_no_file(login, cast, settings):
    edition = making.draft(cast.reform, cast.drafter)
    Edition.objects.filter(pk=edition.pk).update(state="review")
    response = login("drafter").post(reverse("drafting:attach", args=[edition.pk]), {**key(), "files": SimpleUploadedFile("一.pdf", PDF)})
    assert response.status_code == 409
    assert [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()] == []


def test_a_file_over_the_limit_is_dropped_while_it_arrives(login, cast, settings, monkeypatch):
    settings.UPLOAD_MB = 1
    kept = []
    from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

    for handler in (MemoryFileUploadHandler, TemporaryFileUploadHandler):
        receive = handler.receive_data_chunk
        monkeypatch.setattr(
            handler,
            "receive_data_chunk",
            lambda self, data, start, receive=receive: (kept.append(len(data)), receive(self, data, start))[1],
        )
    edition = making.draft(cast.reform, cast.drafter)
    big = SimpleUploadedFile("大.pdf", PDF + b"x" * 5 * 2**20)
    response = login("drafter").post(reverse("drafting:attach", args=[edition.pk]), {**key(), "files": big, "contact": "打的字还在"})
    assert response.status_code == 422 and "“大.pdf”超过 1 MB" in words(response) and "打的字还在" in words(response)
    assert sum(kept) <= 2**20 * 2 and Attachment.objects.count() == 0  # twice: memory hands on to the temporary file


def test_replacing_keeps_the_address_and_the_old_version(login, cast):
    edition = making.draft(cast.reform, cast.drafter)
    client = login("drafter")
    client.post(
        reverse("drafting:attach", args=[edition.pk]),
        {**key(), "files": [SimpleUploadedFile("一.pdf", PDF), SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)]},
    )
    one, picture = Attachment.objects.order_by("pk")
    client.post(reverse("drafting:replace", args=[edition.pk, one.pk]), {**key(), "file": SimpleUploadedFile("新.pdf", PDF + b"2")})
    assert [v.number for v in one.versions.order_by("number")] == [1, 2]
    page = words(client.get(reverse("drafting:document", args=[edition.document_id])))
    assert "附件“图”读屏软件读不了" in page
    told = {
        f"t{one.pk}": "表一",
        f"n{one.pk}": "2",
        f"a{one.pk}": "on",
        f"t{picture.pk}": "示意图",
        f"n{picture.pk}": "1",
        f"c{picture.pk}": "办公室 0000-1234567",
    }
    client.post(reverse("drafting:describe", args=[edition.pk]), {**key(), **told})
    revision = Edition.objects.get(pk=edition.pk).revision
    links = list(revision.attachment_links.order_by("position"))
    assert [(k.title, k.accessible, k.contact) for k in links] == [("示意图", False, "办公室 0000-1234567"), ("表一", True, "")]
    assert "读屏软件读不了，请写明" not in words(client.get(reverse("drafting:document", args=[edition.document_id])))
    client.post(reverse("drafting:detach", args=[edition.pk, picture.pk]), key())
    assert Edition.objects.get(pk=edition.pk).revision.attachment_links.count() == 1
    assert picture.versions.count() == 1
    version = one.versions.first()
    response = client.get(reverse("drafting:original", args=[version.pk]))
    assert b"".join(response.streaming_content) == PDF + b"2" and "attachment" in response["Content-Disposition"]


def test_any_two_texts_are_compared_and_one_is_restored(login, cast):
    edition = making.draft(cast.reform, cast.drafter, body="<p>甲乙。</p>")
    first = edition.revision
    second = making.revise(edition, cast.drafter, body="<p>甲丙。</p>")
    client = login("drafter")
    page = words(client.get(reverse("drafting:history", args=[edition.document_id]), {"a": second.pk, "b": first.pk}))
    assert "<del>乙</del>" in page and "<ins>丙</ins>" in page
    assert client.get(reverse("drafting:history", args=[edition.document_id]), {"a": 99999}).status_code == 404
    assert "恢复这一稿" in words(client.get(reverse("drafting:revision", args=[first.pk])))
    client.post(reverse("drafting:restore", args=[edition.pk, first.pk]), {**key(), "base": second.pk})
    assert Edition.objects.get(pk=edition.pk).revision.body == "<p>甲乙。</p>"


def test_the_slip_carries_attribute_reason_and_reviewers(login, cast):
    edition = making.draft(cast.reform, cast.drafter, attribute="withheld", ground="16.draft", ground_words="讨论稿", label="此件不予公开")
    making.passed(edition, cast.reviewer)
    client = login("drafter")
    page = words(client.get(reverse("drafting:slip", args=[edition.pk])))
    assert "☑不予公开" in page and "讨论稿" in page and "孙审核" in page
    data = client.get(reverse("drafting:slip_docx", args=[edition.pk])).content
    table = docx.Document(io.BytesIO(data)).tables[0]
    cells = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert cells["公开属性"] == "□主动公开　□依申请公开　☑不予公开　□删减后公开"
    assert cells["印制标识"] == "此件不予公开" and "讨论稿" in cells["不公开的理由"]
    assert any("保密审查" in name for name in cells) and any("孙审核" in value for value in cells.values())


def test_the_list_filters_exports_and_costs_the_same_for_many(login, cast, django_assert_max_num_queries):
    for n in range(3):
        making.draft(cast.reform, cast.drafter, title=f"草稿{n}")
    making.live(cast.reform, cast.drafter, title="已公开的", doc_number="清发改〔2026〕7号")
    client = login("drafter")
    address = reverse("drafting:list")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for n in range(20):
        making.draft(cast.finance if n % 2 else cast.reform, cast.drafter, title=f"更多{n}")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)
    page = words(client.get(address, {"state": "live"}))
    assert "已公开的" in page and "草稿1" not in page
    assert "已公开的" in words(client.get(address, {"q": "〔2026〕7号"})) and "草稿1" not in words(
        client.get(address, {"q": "〔2026〕7号"})
    )
    assert client.get(address, {"state": "nonsense", "agency": "x"}).status_code == 200
    csv = client.get(reverse("drafting:export", args=["csv"]), {"state": "live"}).content.decode("utf-8-sig")
    assert "清发改〔2026〕7号" in csv and "草稿1" not in csv
    assert client.get(reverse("drafting:export", args=["xlsx"])).status_code == 200
    assert client.get(reverse("drafting:export", args=["exe"])).status_code == 404


def test_numbers_and_labels_of_a_place(login, cast):
    client = login("openness_officer")
    data = {"place": cast.city.pk, "pattern": "{code}/{year}{month}-{n:05d}", "labels": "four"}
    client.post(reverse("drafting:settings"), {**key(), **data})
    assert IndexPattern.objects.get().pattern == "{code}/{year}{month}-{n:05d}" and PlaceLabels.objects.get().labels == "four"
    response = client.post(reverse("drafting:settings"), {**key(), **data, "pattern": "{code}/{year}"})
    assert response.status_code == 409 and "流水号" in words(response)
    assert login("drafter").get(reverse("drafting:settings")).status_code == 403


READERS = {"drafter", "reviewer", "secrecy_reviewer", "head", "openness_officer"}
WRITERS = {"drafter", "reviewer", "head"}
OTHERS = {"other_officer", "county_officer", "county_drafter", "stranger", "office_drafter"}


def roads(edition, attachment, version) -> dict[str, tuple[str, list[int], set[str]]]:
    """Address name → (method, arguments, who may)."""
    document, revision = edition.document_id, edition.revision_id
    return {
        "document": ("get", [document], READERS),
        "history": ("get", [document], READERS),
        "revision": ("get", [revision], READERS),
        "slip": ("get", [edition.pk], READERS),
        "slip_docx": ("get", [edition.pk], READERS),
        "original": ("get", [version.pk], READERS),
        "edit": ("get", [edition.pk], WRITERS),
        "arrange": ("post", [document], WRITERS),
        "begin": ("post", [document], WRITERS),
        "import": ("post", [edition.pk], WRITERS),
        "discard": ("post", [edition.pk], WRITERS),
        "restore": ("post", [edition.pk, revision], WRITERS),
        "attach": ("post", [edition.pk], WRITERS),
        "describe": ("post", [edition.pk], WRITERS),
        "replace": ("post", [edition.pk, attachment.pk], WRITERS),
        "detach": ("post", [edition.pk, attachment.pk], WRITERS),
    }


OPEN = {"list", "export", "start", "settings"}
"""Addresses that name no document: what they show is asked of access.py, tested above."""


def test_every_road_to_a_draft_is_closed_to_others(login, cast):
    edition = making.draft(cast.reform, cast.drafter)
    client = login("drafter")
    client.post(reverse("drafting:attach", args=[edition.pk]), {**key(), "files": SimpleUploadedFile("一.pdf", PDF)})
    edition.refresh_from_db()
    attachment, version = Attachment.objects.get(), AttachmentVersion.objects.get()
    table = roads(edition, attachment, version)
    names = {p.name for p in get_resolver("gongkai.publications.drafting.urls").url_patterns}
    assert names == set(table) | OPEN
    before = Revision.objects.count(), Edition.objects.get(pk=edition.pk).state
    for name, (method, args, allowed) in table.items():
        address = reverse(f"drafting:{name}", args=args)
        for person in sorted(OTHERS):
            status = getattr(login(person), method)(address, key()).status_code
            assert status == 404, (name, person, status)
        for person in sorted(READERS - allowed):
            response = getattr(login(person), method)(address, key())
            assert response.status_code in (302, 403, 409, 422), (name, person, response.status_code)
        client.logout()
        assert "login" in getattr(client, method)(address, key())["Location"]
    assert (Revision.objects.count(), Edition.objects.get(pk=edition.pk).state) == before
    for name, (method, args, allowed) in table.items():
        if method == "get":
            for person in sorted(allowed):
                assert login(person).get(reverse(f"drafting:{name}", args=args)).status_code == 200, (name, person)
    assert re.search("没有您能看到的信息|还没有拟过稿", words(login("other_officer").get(reverse("drafting:list"))))

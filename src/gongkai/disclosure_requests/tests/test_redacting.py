"""The redaction tool from the page to the file that goes out: what was covered is nowhere in it; what screening finds stops the reply."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import docx
import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import replying
from gongkai.disclosure_requests.actions.filing import new_key
from gongkai.disclosure_requests.casefiles import content_of
from gongkai.disclosure_requests.models import CaseFile, Reply, ReplyFile
from gongkai.disclosure_requests.replying import gate, making, pictures
from gongkai.disclosure_requests.tests.cases import ID_CARD, accepted
from gongkai.redaction.tests.made import NUMBER, SECRET, loaded_pdf, pdf

REASON = "第十五条 第三方合法权益"


@pytest.fixture
def reply(cast: Cast) -> Reply:
    case = accepted(cast)
    return replying.draft(
        case,
        cast.drafter,
        key="d",
        outcome="partly_open",
        text="部分公开，条例第三十七条。",
        answers={"route": "网上领取", "withheld": "个人信息", "ground": "隐私"},
        grounds=["15.third_party"],
    )


def found(cast: Cast, reply: Reply, data: bytes, name: str) -> CaseFile:
    replying.attach(reply.request, cast.drafter, key=new_key(), files=[ContentFile(data, name=name)])
    return CaseFile.objects.filter(request=reply.request, kind="found").latest("pk")


def given(cast: Cast, reply: Reply, data: bytes, name: str, areas: Any = ()) -> ReplyFile:
    source = found(cast, reply, data, name)
    made = replying.give(Reply.objects.get(pk=reply.pk), cast.drafter, key=new_key(), source=source, areas=areas)
    making.make(made.pk)
    return ReplyFile.objects.select_related("source", "reply").get(pk=made.pk)


def bytes_of(file: ReplyFile) -> bytes:
    return content_of(file.given)


def everything_in(data: bytes) -> str:
    """The text layer, and every string and stream of the file."""
    document = pypdfium2.PdfDocument(data)
    text = "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    with pikepdf.open(io.BytesIO(data)) as opened:
        for item in opened.objects:
            text += str(item)
            if isinstance(item, pikepdf.Stream):
                try:
                    text += item.read_bytes().decode("latin-1")
                except pikepdf.PdfError:
                    text += item.read_raw_bytes().decode("latin-1")
    return "".join(text.split())


def form_of(client: Client, address: str, **more: str) -> dict[str, str]:
    """The form of the tool as a browser without a script would send it."""
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()
    marks = page.context["marks"]
    data = {"key": str(uuid4())}
    for formset in (marks.boxes, marks.words):
        data |= {field.html_name: str(field.value()) for field in formset.management_form}
        for form in formset.forms:
            data |= {field.html_name: str(field.value() if field.value() is not None else "") for field in form if field.name != "DELETE"}
    return data | more


def test_boxes_and_words_of_the_page_are_gone_from_the_file(cast: Cast, reply: Reply, client: Client) -> None:
    file = given(cast, reply, loaded_pdf(), "材料.pdf")
    client.force_login(cast.user("drafter"))
    address = reverse("request_cases:redact", args=[file.pk])
    page = client.get(address).content.decode()
    assert "第 1 页，共 2 页" in page and reverse("request_cases:page_picture", args=[file.pk, 1]) in page
    boxes = {"box-0-page": "1", "box-0-left": "70", "box-0-top": "80", "box-0-right": "520", "box-0-bottom": "108", "box-0-reason": REASON}
    sent = client.post(address, form_of(client, address, **boxes, **{"word-0-match": SECRET, "word-0-reason": REASON}))
    assert sent.status_code == 302
    making.make(file.pk)
    file.refresh_from_db()
    assert (file.failed, len(file.areas), file.given_name) == ("", 2, "材料（部分公开）.pdf")
    words = everything_in(bytes_of(file))
    assert SECRET not in words and NUMBER not in words
    assert "第二行可以公开。" in words
    handed_out = client.get(reverse("request_cases:given_file", args=[file.pk])).content
    assert handed_out == bytes_of(file)
    assert SECRET in everything_in(content_of(file.source.file)), "the original is as it was"
    for query in ("", "?made=1"):
        picture = client.get(reverse("request_cases:page_picture", args=[file.pk, 1]) + query)
        assert picture["Cache-Control"] == "private, no-store" and picture.content.startswith(b"\x89PNG")


def test_what_screening_proposes_can_be_ticked(cast: Cast, reply: Reply, client: Client) -> None:
    data = pdf([[(72, 100, f"证件号码 {NUMBER}，电话 13912345678。"), (72, 140, "可以公开。")]])
    file = given(cast, reply, data, "名单.pdf")
    client.force_login(cast.user("drafter"))
    address = reverse("request_cases:redact", args=[file.pk])
    found_ = client.get(f"{address}?propose=1").context["marks"].proposed
    assert {NUMBER, "13912345678"} <= set(found_.values.values())
    sent = form_of(client, f"{address}?propose=1", proposed="1", take_reason=REASON)
    assert client.post(address, {**sent, "take": list(found_.values)}).status_code == 302
    making.make(file.pk)
    file.refresh_from_db()
    words = everything_in(bytes_of(file))
    assert NUMBER not in words and "13912345678" not in words and "可以公开" in words
    assert gate.reasons(Reply.objects.get(pk=reply.pk)) == []


def test_words_of_a_docx_are_gone(cast: Cast, reply: Reply) -> None:
    document = docx.Document()
    document.add_paragraph("王某某的家庭情况，其余可以公开。")
    out = io.BytesIO()
    document.save(out)
    file = given(cast, reply, out.getvalue(), "报告.docx", [{"page": 0, "box": None, "match": "王某某", "reason": REASON}])
    text = "".join(p.text for p in docx.Document(io.BytesIO(bytes_of(file))).paragraphs)
    assert "王某某" not in text and "其余可以公开" in text


def test_words_that_are_nowhere_are_a_failure_that_says_so(cast: Cast, reply: Reply) -> None:
    file = given(cast, reply, pdf([[(72, 100, "正文")]]), "a.pdf", [{"page": 0, "box": None, "match": "没有的字", "reason": REASON}])
    assert "没有找到要遮盖的文字" in file.failed and not file.given
    assert any("不能制作" in reason for reason in replying.propose_reasons(Reply.objects.get(pk=reply.pk)))


def test_marks_that_changed_meanwhile_are_not_overwritten(cast: Cast, reply: Reply) -> None:
    file = given(cast, reply, pdf([[(72, 100, "张三 李四")]]), "a.pdf", [{"page": 0, "box": None, "match": "张三", "reason": REASON}])
    old = bytes_of(file)
    new = [{"page": 0, "box": None, "match": "李四", "reason": REASON}]
    replying.give(Reply.objects.get(pk=reply.pk), cast.drafter, key=new_key(), source=file.source, areas=new)
    making._keep(file.pk, [{"page": 0, "box": None, "match": "张三", "reason": REASON}], old, "a.pdf", [])
    file.refresh_from_db()
    assert file.made_at is None and not file.given


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf([[(72, 100, "正文")]]))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.parametrize(("data", "words"), [(encrypted(), "打开密码"), (b"%PDF-1.7 broken", "损坏")])
def test_a_file_that_cannot_be_opened_is_one_sentence(cast: Cast, reply: Reply, client: Client, data: bytes, words: str) -> None:
    source = CaseFile(
        request=reply.request, kind="found", name="a.pdf", sha256=f"{len(data):064d}", size=len(data), media_type="application/pdf"
    )
    source.file.save("a.pdf", ContentFile(data), save=False)
    source.save()
    made = ReplyFile.objects.create(reply=reply, source=source, areas=[])
    client.force_login(cast.user("drafter"))
    page = client.get(reverse("request_cases:redact", args=[made.pk]))
    assert page.status_code == 409 and words in page.content.decode()
    making.make(made.pk)
    made.refresh_from_db()
    assert any(words in row["why"] for row in made.findings) or words in made.failed


def test_five_hundred_pages_are_looked_at_one_at_a_time(cast: Cast, reply: Reply, client: Client) -> None:
    file = given(cast, reply, pdf([[(72, 100, f"第{n}页")] for n in range(500)]), "长.pdf")
    client.force_login(cast.user("drafter"))
    page = client.get(reverse("request_cases:redact", args=[file.pk]) + "?page=500").content.decode()
    assert "第 500 页，共 500 页" in page and page.count("<img") <= 2
    assert client.get(reverse("request_cases:page_picture", args=[file.pk, 501])).status_code == 404


def test_wrong_numbers_come_back_with_everything_typed(cast: Cast, reply: Reply, client: Client) -> None:
    file = given(cast, reply, pdf([[(72, 100, "正文")]]), "a.pdf")
    client.force_login(cast.user("drafter"))
    address = reverse("request_cases:redact", args=[file.pk])
    boxes = {"box-0-page": "1", "box-0-left": "300", "box-0-top": "80", "box-0-right": "200", "box-0-bottom": "108", "box-0-reason": REASON}
    page = client.post(address, form_of(client, address, **boxes))
    assert page.status_code == 422 and "右要大于左" in page.content.decode() and 'value="300"' in page.content.decode()
    file.refresh_from_db()
    assert file.areas == []


def test_other_peoples_data_stop_the_proposal_until_decided(cast: Cast, reply: Reply) -> None:
    own = f"申请人本人的证件 {ID_CARD}。"
    file = given(cast, reply, pdf([[(72, 100, own), (72, 130, f"他人 {NUMBER}")]]), "名单.pdf", [
        {"page": 0, "box": None, "match": "他人", "reason": REASON}
    ])  # fmt: skip
    assert file.findings and NUMBER not in str(file.findings)
    now = Reply.objects.get(pk=reply.pk)
    with pytest.raises(ActionRefused, match="身份证号码 1 处"):
        replying.propose(now, cast.drafter, key="p")
    blocking = [one.digest for one in gate.found(now) if one.blocks]
    with pytest.raises(NotAllowed, match="保密审查员"):
        replying.clear(now, cast.reviewer, key="c0", findings=blocking, reason="可以")
    with pytest.raises(ActionRefused, match="理由"):
        replying.clear(now, cast.secrecy_reviewer, key="c1", findings=blocking, reason="")
    replying.clear(now, cast.secrecy_reviewer, key="c2", findings=blocking, reason="本人书面同意")
    replying.propose(Reply.objects.get(pk=reply.pk), cast.drafter, key="p2")


def test_the_words_of_the_letter_are_screened_too(cast: Cast, reply: Reply) -> None:
    text = f"申请人 {ID_CARD}，另一人 {NUMBER}。"
    now = replying.draft(reply.request, cast.drafter, key="d2", outcome="petition", text=text, version=reply.version,
                         answers={"channel": "信访局", "ground": "投诉"})  # fmt: skip
    with pytest.raises(ActionRefused, match="正文里有居民身份证号码 1 处"):
        replying.propose(now, cast.drafter, key="p")


def test_only_what_was_found_is_given(cast: Cast, reply: Reply) -> None:
    proof = CaseFile(request=reply.request, kind="identity", name="a.png", sha256="1" * 64, size=1, media_type="image/png")
    proof.file.save("a.png", ContentFile(b"x"), save=False)
    proof.save()
    with pytest.raises(ActionRefused, match="检索到的政府信息"):
        replying.give(reply, cast.drafter, key="g", source=proof)


def test_the_tool_is_for_the_agency_alone(cast: Cast, reply: Reply, client: Client) -> None:
    file = given(cast, reply, pdf([[(72, 100, "正文")]]), "a.pdf")
    names = ("redact", "given_file", "take_away_file")
    roads = [reverse(f"request_cases:{name}", args=[file.pk]) for name in names]
    roads += [reverse("request_cases:page_picture", args=[file.pk, 1]), reverse("request_cases:found_file", args=[file.source_id])]
    for person in ("other_officer", "openness_officer", "county_officer", "stranger"):
        client.force_login(cast.user(person))
        for road in roads:
            posted = client.post(road) if "take-away" in road else client.get(road)
            assert posted.status_code == 404, (person, road)
    client.force_login(cast.user("secrecy_reviewer"))
    assert client.get(roads[0]).status_code == 200
    refused = client.post(roads[0], form_of(client, roads[0], **{"word-0-match": "正文", "word-0-reason": REASON}))
    assert refused.status_code == 403
    client.logout()
    assert all(client.get(road).status_code in (302, 405) for road in roads)


def test_pages_are_kept_in_memory_only() -> None:
    data = pdf([[(72, 100, "正文")]])
    reads: list[int] = []

    def read() -> bytes:
        reads.append(1)
        return data

    for _ in range(3):
        assert pictures.page("sha-of-a-test", read, "a.pdf", 1).width == pytest.approx(595, abs=1)
    assert len(reads) == 1

"""The redaction tool for a docx without a script: mark by paragraph and by words, preview, save; the copy holds nothing more."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import docx
import pytest
from django.test import Client
from django.urls import reverse

from gongkai.conftest import Cast
from gongkai.disclosure_requests.casefiles import content_of
from gongkai.disclosure_requests.models import Reply, ReplyFile
from gongkai.disclosure_requests.replying import docx_tool, making
from gongkai.disclosure_requests.tests.test_redacting import REASON, bytes_of, given
from gongkai.disclosure_requests.tests.test_redacting import reply as reply  # the fixture
from gongkai.redaction.docx_text import blocks
from gongkai.redaction.tests.made import NUMBER, SECRET
from gongkai.redaction.tests.made_docx import AUTHOR, everything, hostile

OTHER = "第十六条第一款 内部事务：人事管理"


def form_of(client: Client, address: str, **more: Any) -> dict[str, Any]:
    """The form as a browser without a script would send it."""
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()
    marks = page.context["marks"]
    data: dict[str, Any] = {"key": str(uuid4()), "do": "save"}
    for formset in (marks.spans, marks.words):
        data |= {field.html_name: str(field.value()) for field in formset.management_form}
        for form in formset.forms:
            data |= {field.html_name: str(field.value() if field.value() is not None else "") for field in form if field.name != "DELETE"}
    if marks.pictures:
        data |= {"black": marks.pictures["black"].value() or [], "black_reason": marks.pictures["black_reason"].value()}
    return data | more


def numbered(file: ReplyFile) -> dict[str, int]:
    return {block.text: block.number for block in blocks(content_of(file.source.file), file.source.name)}


def texts(data: bytes) -> list[str]:
    return [block.text for block in blocks(data, "a.docx")]


@pytest.fixture
def file(cast: Cast, reply: Reply, client: Client) -> ReplyFile:
    client.force_login(cast.user("drafter"))
    return given(cast, reply, hostile(), "材料.docx")


def address_of(file: ReplyFile) -> str:
    return reverse("request_cases:redact", args=[file.pk])


def test_the_page_shows_every_part_and_what_nobody_sees(file: ReplyFile, client: Client) -> None:
    page = client.get(address_of(file)).content.decode()
    for words in (f"申请人{SECRET}，证件号码", "赵六的材料", "脚注里的李四", "13912345678", "文本框里的王五六"):
        assert words in page
    hidden = page.partition('id="unseen"')[2]
    assert f"批注：{SECRET}要不要公开" in hidden and "修订 " in hidden and "隐藏文字 " in hidden
    assert page.count("<td>") >= 4 and reverse("request_cases:page_picture", args=[file.pk, 1]) in page
    assert client.get(reverse("request_cases:page_picture", args=[file.pk, 1])).content.startswith(b"\x89PNG")
    assert client.get(reverse("request_cases:page_picture", args=[file.pk, 2])).status_code == 404


def test_a_file_given_as_it_is_keeps_nothing_unseen_either(file: ReplyFile) -> None:
    assert file.areas == [] and file.given_name == "材料.docx" and file.failed == ""
    whole = everything(bytes_of(file))
    assert AUTHOR.encode() not in whole and "要不要公开".encode() not in whole and b"rsid" not in whole
    assert texts(bytes_of(file)) == texts(content_of(file.source.file))


def test_marks_by_paragraph_by_words_and_of_a_picture(file: ReplyFile, client: Client) -> None:
    address, numbers = address_of(file), numbered(file)
    before = texts(content_of(file.source.file))
    sent = form_of(
        client,
        address,
        **{
            "span-0-block": str(numbers["王五六负责。"]),
            "span-0-words": "王五六",
            "span-0-reason": REASON,
            "span-1-block": str(numbers["脚注里的李四"]),
            "span-1-words": "",
            "span-1-reason": OTHER,
            "word-0-match": SECRET,
            "word-0-reason": REASON,
        },
        black=["1"],
        black_reason=OTHER,
    )
    assert client.post(address, sent).status_code == 302
    making.make(file.pk)
    file.refresh_from_db()
    assert file.failed == "" and file.given_name == "材料（部分公开）.docx"
    kept = [{name: value for name, value in area.items() if name not in ("page", "box")} for area in file.areas]
    assert kept == [
        {"match": "", "span": [numbers["王五六负责。"], 0, 3], "reason": REASON},
        {"match": "", "span": [numbers["脚注里的李四"], 0, 6], "reason": OTHER},
        {"match": SECRET, "reason": REASON},
        {"match": "", "picture": 1, "reason": OTHER},
    ]
    wanted = [{"王五六负责。": "███负责。", "脚注里的李四": "█" * 6}.get(text, text.replace(SECRET, "███")) for text in before]
    assert texts(bytes_of(file)) == wanted
    whole = everything(bytes_of(file))
    assert SECRET.encode() not in whole and AUTHOR.encode() not in whole and b"mailto" not in whole
    assert SECRET in "".join(texts(content_of(file.source.file))), "the original is as it was"
    page = client.get(address)
    assert "副本已制作并核对" in page.content.decode() and "4 处遮盖" in page.content.decode()
    assert [block.text for block in page.context["preview"]] == wanted
    assert page.context["again"] == [("王五六", [numbers["王五六再次出现。"], numbers["文本框里的王五六"]])]
    again = client.post(address, form_of(client, address))
    file.refresh_from_db()
    assert again.status_code == 302 and len(file.areas) == 4, "saved again unchanged, the marks are the same"


def test_a_preview_shows_the_real_copy_and_keeps_nothing(file: ReplyFile, client: Client) -> None:
    address = address_of(file)
    version = Reply.objects.get(pk=file.reply_id).version
    sent = form_of(client, address, do="preview", **{"word-0-match": "孙七", "word-0-reason": REASON})
    page = client.post(address, sent)
    words = page.content.decode()
    assert page.status_code == 200 and "预览，还没有保存" in words and "<mark>孙七</mark>" in words
    assert "██" in [block.text for block in page.context["preview"]]
    assert 'value="孙七"' in words, "what was typed is still there"
    file.refresh_from_db()
    assert file.areas == [] and Reply.objects.get(pk=file.reply_id).version == version


def test_what_screening_found_is_ticked(file: ReplyFile, client: Client) -> None:
    address = address_of(file)
    found = client.get(f"{address}?propose=1").context["marks"].proposed
    assert {NUMBER, "13912345678"} <= set(found.values.values())
    sent = form_of(client, f"{address}?propose=1", proposed="1", take_reason=OTHER)
    assert client.post(address, {**sent, "take": list(found.values)}).status_code == 302
    making.make(file.pk)
    file.refresh_from_db()
    assert {area["reason"] for area in file.areas} == {OTHER}
    whole = everything(bytes_of(file))
    assert NUMBER.encode() not in whole and b"13912345678" not in whole.replace(b"</w:t></w:r><w:r><w:t>", b"")


def test_offsets_count_where_words_stand_twice(cast: Cast, reply: Reply, client: Client) -> None:
    document = docx.Document()
    document.add_paragraph("甲方张三，乙方张三，𠮷田张三。")
    document.save(out := io.BytesIO())
    file = given(cast, reply, out.getvalue(), "合同.docx")
    client.force_login(cast.user("drafter"))
    row = {"span-0-block": "1", "span-0-words": "张三", "span-0-start": "12", "span-0-end": "14", "span-0-reason": REASON}
    assert client.post(address_of(file), form_of(client, address_of(file), **row)).status_code == 302
    making.make(file.pk)
    file.refresh_from_db()
    assert texts(bytes_of(file)) == ["甲方张三，乙方张三，𠮷田██。"]
    everywhere = {**row, "span-0-start": "", "span-0-end": ""}
    assert client.post(address_of(file), form_of(client, address_of(file), **everywhere)).status_code == 302
    making.make(file.pk)
    file.refresh_from_db()
    assert texts(bytes_of(file)) == ["甲方██，乙方██，𠮷田██。"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"span-0-block": "999", "span-0-words": "甲"}, "没有第 999 段"),
        ({"span-0-block": "1", "span-0-words": "没有的字"}, "第 1 段里没有“没有的字”"),
        ({"span-0-block": "1", "span-0-words": "没有的字", "span-0-start": "0", "span-0-end": "4"}, "第 1 段里没有"),
        ({"span-0-block": "x", "span-0-words": "甲"}, "整数"),
        ({"span-0-block": "1", "span-0-words": "申请人", "span-0-reason": "随便"}, "依据"),
        ({"word-0-match": "查无此人", "word-0-reason": REASON}, "文件里没有“查无此人”"),
        ({"black": ["7"]}, ""),
    ],
)
def test_wrong_marks_come_back_with_everything_typed(file: ReplyFile, client: Client, row: dict[str, Any], words: str) -> None:
    page = client.post(address_of(file), form_of(client, address_of(file), **{"span-0-reason": REASON, **row}))
    assert page.status_code == 422 and words in page.content.decode()
    if "span-0-words" in row:
        assert f'value="{row["span-0-words"]}"' in page.content.decode()
    file.refresh_from_db()
    assert file.areas == []


def test_the_reviewer_sees_and_cannot_mark(file: ReplyFile, cast: Cast, client: Client) -> None:
    sent = form_of(client, address_of(file), **{"word-0-match": "孙七", "word-0-reason": REASON})
    client.force_login(cast.user("secrecy_reviewer"))
    page = client.get(address_of(file)).content.decode()
    assert "孙七" in page and "保存并制作副本" not in page
    assert client.post(address_of(file), sent).status_code == 403
    for person in ("other_officer", "stranger"):
        client.force_login(cast.user(person))
        assert client.get(address_of(file)).status_code == 404


def test_a_long_file_is_shown_in_pages_and_its_marks_stay(cast: Cast, reply: Reply, client: Client) -> None:
    document = docx.Document()
    for n in range(docx_tool.PER_PAGE + 5):
        document.add_paragraph(f"第{n}号事项")
    document.save(out := io.BytesIO())
    last = docx_tool.PER_PAGE + 5
    mark = {"page": 0, "box": None, "match": "", "span": [last, 1, 3], "reason": REASON}
    file = given(cast, reply, out.getvalue(), "长.docx", [mark])
    client.force_login(cast.user("drafter"))
    first, second = (client.get(f"{address_of(file)}?page={n}") for n in (1, 2))
    assert len(first.context["page_obj"]) == docx_tool.PER_PAGE and len(second.context["preview"]) == 5
    assert client.post(f"{address_of(file)}?page=1", form_of(client, f"{address_of(file)}?page=1", at="1")).status_code == 302
    file.refresh_from_db()
    assert file.areas == [mark]

"""The mailbox is read once whatever breaks, and no letter is so broken that it stops the others."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import AgencyProfile
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import mail
from gongkai.disclosure_requests.intake import letters, mailbox
from gongkai.disclosure_requests.intake.alarms import contacts
from gongkai.disclosure_requests.models import CaseFile, ContactTest, Deed, DisclosureRequest, IncomingMail
from gongkai.disclosure_requests.tests.cases import PNG, told
from gongkai.disclosure_requests.tests.fake_imap import Mailbox, serving
from gongkai.journal.models import Entry
from gongkai.reminders.models import Message

Channel = DisclosureRequest.Channel


def letter(
    subject: str = "申请公开", text: str = "请公开2025年预算执行情况。", message_id: str = "<1@example.cn>", **files: bytes
) -> bytes:
    made = EmailMessage()
    made["From"] = "赵申请 <zhao@example.cn>"
    made["To"] = "gk@example.gov.cn"
    made["Subject"] = subject
    made["Date"] = "Mon, 09 Feb 2026 10:00:00 +0800"
    if message_id:
        made["Message-ID"] = message_id
    made.set_content(text)
    for name, content in files.items():
        made.add_attachment(content, maintype="image", subtype="png", filename=name.replace("_", "."))
    return made.as_bytes()


@pytest.fixture
def box(cast: Cast, settings: Any) -> Iterator[Mailbox]:
    with serving() as made:
        settings.REQUEST_MAIL_URL = made.url(cast.reform.code)
        yield made


def test_a_letter_is_read_once_and_kept_sealed(cast: Cast, box: Mailbox) -> None:
    box.letters = {1: letter(证_png=PNG), 2: letter(message_id="<2@example.cn>")}
    assert mailbox.tick() == 2
    assert box.marked == {1, 2}
    assert mailbox.tick() == 0
    row = IncomingMail.objects.get(message_id="<1@example.cn>")
    assert (row.agency, row.subject, row.sender) == (cast.reform, "申请公开", "赵申请 <zhao@example.cn>")
    assert "请公开2025年预算执行情况" in mail.read(row).text
    assert b"example.cn" not in Path(row.raw.path).read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender, subject FROM disclosure_requests_incomingmail")
        assert "zhao" not in str(cursor.fetchall())
    assert "zhao" not in str(list(Entry.objects.values_list("old", "new", "note")))
    assert Deed.objects.filter(kind="mailed", actor=None).count() == 2


def test_a_server_that_keeps_no_marks_is_asked_again_and_nothing_is_read_twice(cast: Cast, box: Mailbox) -> None:
    box.letters, box.keeps_marks = {1: letter()}, False
    assert (mailbox.tick(), mailbox.tick()) == (1, 0)
    assert box.fetched == [1], "the second time its head was enough"


def test_a_line_that_breaks_in_the_middle_loses_nothing(cast: Cast, box: Mailbox) -> None:
    box.letters = {n: letter(message_id=f"<{n}@example.cn>") for n in (1, 2, 3)}
    box.breaks_at = 2
    mailbox.tick()
    assert IncomingMail.objects.count() == 1
    assert mailbox.tick() == 2
    assert IncomingMail.objects.count() == 3


def test_killed_between_fetch_and_commit_it_is_read_again(cast: Cast, box: Mailbox) -> None:
    box.letters = {1: letter()}
    with (
        patch("gongkai.disclosure_requests.actions.base.performing.perform", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        mailbox.tick()
    assert not IncomingMail.objects.exists()
    assert not box.marked
    assert mailbox.tick() == 1


def test_killed_between_commit_and_mark_it_is_not_read_twice(cast: Cast, box: Mailbox) -> None:
    box.letters = {1: letter()}
    with patch.object(mailbox, "_mark", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        mailbox.tick()
    assert IncomingMail.objects.count() == 1
    assert mailbox.tick() == 0
    assert box.marked == {1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_it_once(cast: Cast, together: Any) -> None:
    done = together(*[lambda: mail.keep(cast.reform, letter())] * 3)
    assert sorted(map(str, done)) == ["False", "False", "True"]
    assert IncomingMail.objects.count() == 1


def html_only() -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@example.cn", "网页"
    made.set_content("<style>p{color:red}</style><p>请公开&nbsp;预算</p><script>alert(1)</script>", subtype="html")
    return made.as_bytes()


STRANGE = {
    "no Message-ID": (letter(message_id=""), "预算执行情况"),
    "a wrong charset": (
        b"From: a@example.cn\r\nContent-Type: text/plain; charset=no-such\r\n\r\n" + "请公开预算".encode("gbk"),
        "请公开预算",
    ),
    "html alone": (html_only(), "请公开 预算"),
    "a header of bytes": ("From: 赵 <z@example.cn>\r\nSubject: 申请\r\n\r\n请公开".encode(), "请公开"),
    "winmail": (
        b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+Ig==\r\n',
        "",
    ),
    "nothing at all": (b"", ""),
    "no end of a part": (b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nwords', "words"),
    "broken base64": (b"From: a@example.cn\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%not base64%%%", ""),
    "zero bytes": (b"From: \x00a@example.cn\r\nSubject: \x00\r\n\r\n\x00words", "words"),
    "an odd date": (b"From: a@example.cn\r\nDate: yesterday, I think\r\n\r\nwords", "words"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_no_letter_is_too_broken_to_keep(cast: Cast, box: Mailbox, name: str) -> None:
    raw, words = STRANGE[name]
    box.letters = {1: raw, 2: letter(message_id="<good@example.cn>")}
    mailbox.tick()
    assert IncomingMail.objects.filter(message_id="<good@example.cn>").exists(), "the others are read"
    kept = IncomingMail.objects.exclude(message_id="<good@example.cn>").first()
    if kept is not None:
        assert words in mail.read(kept).text
        assert "alert" not in mail.read(kept).text
    assert name == "nothing at all" or kept is not None


def test_what_cannot_be_opened_is_said(cast: Cast) -> None:
    assert any("winmail.dat" in problem for problem in letters.read(STRANGE["winmail"][0]).problems)


def test_a_letter_too_large_to_fetch_keeps_its_head(cast: Cast, box: Mailbox, settings: Any) -> None:
    settings.UPLOAD_MB = 0
    box.letters = {1: letter()}
    assert mailbox.tick() == 1
    assert box.fetched == []
    read = mail.read(IncomingMail.objects.get())
    assert (read.subject, read.text) == ("申请公开", "")
    assert any("超过能读入的大小" in problem for problem in read.problems)


@pytest.mark.parametrize(
    "url",
    [
        "http://a:b@host/INBOX?agency=1",
        "imaps://host/INBOX?agency=1",
        "imaps://a:geheim@host/INBOX",
        "imap://a:geheim@mail.example.cn/?agency=1",
    ],
)
def test_a_wrong_setting_is_a_sentence_without_the_password(cast: Cast, settings: Any, url: str, caplog: Any) -> None:
    settings.REQUEST_MAIL_URL = url
    assert mailbox.tick() == 0
    assert "收件邮箱" in caplog.text
    assert "geheim" not in caplog.text


def test_a_wrong_password_and_a_dead_server_wait_for_the_next_time(cast: Cast, box: Mailbox, settings: Any, caplog: Any) -> None:
    good = box.url(cast.reform.code)
    box.letters = {1: letter()}
    settings.REQUEST_MAIL_URL = f"{good.replace('secret', 'wrong')},imap://a:b@127.0.0.1:1/INBOX?agency={cast.reform.code},{good}"
    assert mailbox.tick() == 1, "one that does not answer keeps no other waiting"
    assert "wrong" not in caplog.text


def kept(cast: Cast, raw: bytes | None = None) -> IncomingMail:
    mail.keep(cast.reform, raw or letter(证_png=PNG, 病毒_exe=b"MZ"))
    return IncomingMail.objects.latest("pk")


def test_a_letter_becomes_a_request_with_what_it_brought(cast: Cast) -> None:
    row = kept(cast)
    asked = told(cast, channel=Channel.EMAIL, identity_files=[], identity_number="", identity_kind="other")
    done = mail.take_down(row, cast.drafter, asked, key="one")
    row.refresh_from_db()
    assert row.request == done.request
    assert done.request.received_on is None, "by e-mail the day is that on which both sides confirm"
    assert [file.name for file in CaseFile.objects.filter(request=done.request)] == ["证.png"]
    assert done.request.submitted_at is not None
    assert mail.take_down(row, cast.drafter, asked, key="one").request == done.request
    with pytest.raises(ActionRefused, match="已经登记"):
        mail.take_down(row, cast.drafter, asked, key="two")
    assert DisclosureRequest.objects.count() == 1


def test_a_letter_is_set_aside_with_a_reason(cast: Cast) -> None:
    row = kept(cast)
    with pytest.raises(ActionRefused, match="请写明"):
        mail.set_aside(row, cast.drafter, key="1", reason=" ")
    with pytest.raises(NotAllowed):
        mail.set_aside(row, cast.other_officer, key="2", reason="广告")
    mail.set_aside(row, cast.drafter, key="3", reason="广告")
    with pytest.raises(ActionRefused, match="不作申请处理"):
        mail.take_down(IncomingMail.objects.get(), cast.drafter, told(cast, channel=Channel.EMAIL), key="4")


def at(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def test_the_pages_of_the_mailbox(cast: Cast) -> None:
    row = kept(cast)
    listed = at(cast, "drafter").get("/work/requests/intake/mail/").content.decode()
    assert "z***@example.cn" in listed
    assert "赵申请" not in listed
    opened = at(cast, "drafter").get(f"/work/requests/intake/mail/{row.pk}/").content.decode()
    assert "请公开2025年预算执行情况" in opened
    assert "病毒.exe" in opened
    form = at(cast, "drafter").get(f"/work/requests/intake/new/?mail={row.pk}").content.decode()
    assert 'value="zhao@example.cn"' in form
    answer = at(cast, "drafter").post(
        f"/work/requests/intake/new/?mail={row.pk}",
        {
            "key": str(uuid.uuid4()),
            "agency": cast.reform.pk,
            "channel": "email",
            "kind": "natural",
            "name": "赵申请",
            "identity_kind": "other",
            "description": "请公开2025年预算执行情况。",
            "form": "electronic",
            "route": "online",
        },
    )
    assert "查询码只显示这一次" in answer.content.decode()
    assert DisclosureRequest.objects.get().mail == row
    assert "已登记为" in at(cast, "drafter").get(f"/work/requests/intake/mail/{row.pk}/").content.decode()
    for person in ("other_officer", "openness_officer", "secrecy_reviewer"):
        assert at(cast, person).get(f"/work/requests/intake/mail/{row.pk}/").status_code == 404
        assert at(cast, person).get(f"/work/requests/intake/mail/{row.pk}/raw/").status_code == 404


def guide(cast: Cast) -> None:
    AgencyProfile.objects.create(agency=cast.reform, intake_email="gk@example.gov.cn")


def contact(cast: Cast, on: Any = None) -> Any:
    from django.utils import timezone

    return next(row for row in contacts(cast.user("drafter"), timezone.localdate()) if row.agency == cast.reform)


def test_the_address_of_the_guide_is_tried(cast: Cast, on: Any) -> None:
    on("2026-03-06")
    assert "没有电子邮箱" in contact(cast).problems
    with pytest.raises(ActionRefused, match="指南里没有"):
        mail.send_test(cast.reform, cast.drafter, key="0")
    guide(cast)
    test = mail.send_test(cast.reform, cast.drafter, key="1")
    message = Message.objects.get()
    assert (message.address, test.code in message.subject) == ("gk@example.gov.cn", True)
    assert contact(cast).css == "wait"
    on("2026-03-10")
    assert contact(cast).words == "2026-03-06 发出，一个工作日没有回音"
    mail.keep(cast.reform, letter(subject=f"回复：试信 GK-{test.code}", message_id="<answer@example.cn>"))
    assert contact(cast).css == "warn", "it answers; telephone and address are missing still"
    assert IncomingMail.objects.get().set_aside_reason == "指南邮箱试信的回执"


def test_a_bounce_is_seen(cast: Cast, on: Any) -> None:
    on("2026-03-06")
    guide(cast)
    test = mail.send_test(cast.reform, cast.drafter, key="1")
    bounce = f"From: MAILER-DAEMON@example.cn\r\nSubject: Undelivered: GK-{test.code}\r\n\r\nno such user".encode()
    mail.keep(cast.reform, bounce)
    assert "退回" in contact(cast).words
    assert contact(cast).css == "late"
    ContactTest.objects.all().delete()
    on("2026-03-07")
    test = mail.send_test(cast.reform, cast.drafter, key="2")
    Message.objects.filter(key=f"contact:{test.pk}").update(state="failed", error="邮箱不收：550")
    assert "550" in contact(cast).words


def test_the_code_is_told_by_hand(cast: Cast) -> None:
    guide(cast)
    test = mail.send_test(cast.reform, cast.drafter, key="1")
    with pytest.raises(ActionRefused, match="回执码不对"):
        mail.answered(test, cast.drafter, key="2", code="XXXXXXXX")
    assert mail.answered(test, cast.drafter, key="3", code=f"gk-{test.code.lower()}").answered_at
    with pytest.raises(ActionRefused, match="一小时"):
        mail.send_test(cast.reform, cast.drafter, key="4")
    with pytest.raises(NotAllowed):
        mail.send_test(cast.reform, cast.other_officer, key="5")

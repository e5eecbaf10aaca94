"""What any connector must keep (docs/connectors.md), tried on every one of the registry; and what each of the house does."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

import pytest

from gongkai.channels import connectors as registry
from gongkai.channels.connectors.base import (
    PUBLISH,
    UPDATE,
    WITHDRAW,
    Connector,
    DeliveryError,
    File,
    Package,
    Prepared,
    Receipt,
    SettingsForm,
    Target,
)
from gongkai.channels.tests.making import other_side, says
from gongkai.conftest import Cast
from gongkai.reminders.channels.webhook import signature
from gongkai.reminders.models import Message

GIVEN: dict[str, dict[str, Any]] = {
    "atom": {},
    "email": {"addresses": ["a@media.example", "b@archive.example"]},
    "webhook": {},
    "file_drop": {"folder": "archive"},
    "manual": {"ending": "来源：本网站", "most": None},
}
DATA = b"%PDF-1.4 public copy"


def package(cast: Cast, action: str = PUBLISH, **fields: Any) -> Package:
    copy = File("附件.pdf", "附件", len(DATA), hashlib.sha256(DATA).hexdigest(), "https://gk.example/f/1", lambda: io.BytesIO(DATA))
    values: dict[str, Any] = {
        "key": f"1:2:{action}",
        "action": action,
        "document": 7,
        "edition": 1,
        "title": "关于供水的通知",
        "url": "https://gk.example/documents/7/",
        "agency": cast.reform.name,
        "agency_id": cast.reform.pk,
        "at": datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        "reason": "内容有误" if action == WITHDRAW else "",
        "html": "" if action == WITHDRAW else "<p>正文。</p>",
        "text": "" if action == WITHDRAW else "正文。",
        "data": {} if action == WITHDRAW else {"title": "关于供水的通知", "abstract": "供水安排"},
        "files": () if action == WITHDRAW else (copy,),
    }
    return Package(**{**values, **fields})


@pytest.fixture(params=sorted(registry.connectors()))
def one(request: Any) -> Connector:
    return registry.connectors()[request.param]


def target_for(one: Connector, url: str = "") -> Target:
    return Target({**GIVEN.get(one.name, {}), **({"url": url} if one.name == "webhook" else {})}, "secret", "渠道")


def test_a_connector_says_who_it_is(one: Connector) -> None:
    from gongkai.channels.vocabulary import media

    assert one.name.isidentifier() and one.label and one.help
    assert set(one.media) <= set(media())
    assert issubclass(one.form, SettingsForm)
    assert (Path(registry.__file__).parent / one.name / "README.md").read_text().startswith("# ")


def test_settings_become_json_and_come_back(one: Connector, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = frozenset(["hook.example"])
    typed = {"email": {"addresses": "a@media.example\nb@archive.example"}, "webhook": {"url": "https://hook.example/in"}}
    form = one.form(typed.get(one.name, {name: value for name, value in GIVEN[one.name].items() if value is not None}))
    assert form.is_valid(), form.errors
    kept = json.loads(json.dumps(form.cleaned_data))
    assert isinstance(one.form(initial=kept).as_p(), str)


@pytest.mark.parametrize("action", [PUBLISH, UPDATE, WITHDRAW])
def test_preparing_is_pure(cast: Cast, one: Connector, action: str) -> None:
    target = target_for(one, "https://hook.example/in")
    first, second = (one.prepare(package(cast, action), target) for _ in range(2))
    assert (first.body, first.words) == (second.body, second.words)


def test_twice_with_a_key_is_once(cast: Cast, one: Connector, settings: Any) -> None:
    """A worker that died after the other side had taken it asks again: files, letters and keys are the same as before."""
    with other_side(settings, says(200, b'{"address": "https://other.example/1"}')) as side:
        target = target_for(one, side.url)
        prepared = one.prepare(package(cast), target)
        if one.by_hand:
            with pytest.raises(DeliveryError) as caught:
                one.deliver(prepared, target)
            assert caught.value.permanent
            return
        receipts = [one.deliver(prepared, target) for _ in range(2)]
        assert all(isinstance(receipt, Receipt) and receipt.answer for receipt in receipts)
        down = one.withdraw(one.prepare(package(cast, WITHDRAW, earlier=("1:2:publish",)), target), target)
        assert down.answer
    assert len({headers["Idempotency-Key"] for headers, _body in side.told[:2]}) <= 1
    assert Message.objects.filter(key__startswith="channel:1:2:publish:").count() in (0, 2)
    assert len(list((settings.DROP_DIR).glob("archive/1-2-publish"))) in (0, 1)


def test_trouble_is_told_without_sending(one: Connector, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = frozenset()
    with other_side(settings, says(200)) as side:
        assert isinstance(one.trouble(target_for(one, side.url)), str)
        assert side.told == []


class Extra(Connector):
    name = "extra"
    label = "外来"
    help = "别人的"
    media: ClassVar[tuple[str, ...]] = ()

    def prepare(self, package: Package, target: Target) -> Prepared:
        return Prepared(package)

    def deliver(self, prepared: Prepared, target: Target) -> Receipt:
        return Receipt("好")

    def withdraw(self, prepared: Prepared, target: Target) -> Receipt:
        return Receipt("好")


class Copycat(Extra):
    name = "email"


def test_a_package_of_somebody_else_adds_one_and_a_broken_one_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "gongkai.channels.tests.test_connectors"
    points = [
        EntryPoint("extra", f"{here}:Extra", registry.GROUP),
        EntryPoint("gone", "no.such.module:Thing", registry.GROUP),
        EntryPoint("copycat", f"{here}:Copycat", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    registry.forget()
    try:
        assert registry.connectors()["extra"].label == "外来"
        assert registry.connectors()["email"].label == "电子邮件"
        assert len(registry.broken()) == 2
    finally:
        monkeypatch.undo()
        registry.forget()


# webhook


def test_the_post_is_signed_and_the_answer_may_name_an_address(cast: Cast, settings: Any) -> None:
    hook = registry.connectors()["webhook"]
    with other_side(settings, says(201, b'{"address": "https://other.example/1"}')) as side:
        target = target_for(hook, side.url)
        receipt = hook.deliver(hook.prepare(package(cast), target), target)
    headers, body = side.told[0]
    assert receipt.address == "https://other.example/1"
    assert headers["X-Gongkai-Signature"] == signature("secret", body)
    assert json.loads(body)["content"]["abstract"] == "供水安排"


@pytest.mark.parametrize(
    ("status", "permanent", "down"),
    [(500, False, True), (503, False, True), (429, False, True), (404, True, False), (403, True, False)],
)
def test_answers_that_are_no(cast: Cast, settings: Any, status: int, permanent: bool, down: bool) -> None:
    hook = registry.connectors()["webhook"]
    with other_side(settings, says(status)) as side, pytest.raises(DeliveryError) as caught:
        hook.deliver(hook.prepare(package(cast), target_for(hook, side.url)), target_for(hook, side.url))
    assert (caught.value.permanent, caught.value.down) == (permanent, down)


@pytest.mark.parametrize("to", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/", "file:///etc/passwd"])
def test_a_redirect_to_the_inside_is_not_followed(cast: Cast, settings: Any, to: str) -> None:
    hook = registry.connectors()["webhook"]
    with other_side(settings, says(302, Location=to)) as side, pytest.raises(DeliveryError, match="不跟随") as caught:
        hook.deliver(hook.prepare(package(cast), target_for(hook, side.url)), target_for(hook, side.url))
    assert caught.value.permanent and len(side.told) == 1


SENSELESS = [b"", b"[1]", b'{"address": 5}', b'{"address": "javascript:alert(1)"}', b'{"address": "https://a b"}', b"\xff\xfe", b"x" * 9000]


@pytest.mark.parametrize("answer", SENSELESS)
def test_an_answer_that_makes_no_sense_is_no_address(cast: Cast, settings: Any, answer: bytes) -> None:
    hook = registry.connectors()["webhook"]
    with other_side(settings, says(200, answer)) as side:
        assert hook.deliver(hook.prepare(package(cast), target_for(hook, side.url)), target_for(hook, side.url)).address == ""


def test_a_host_that_never_answers_is_left(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from gongkai.reminders.channels import webhook

    monkeypatch.setattr(webhook, "TIMEOUT", 0.3)
    hook = registry.connectors()["webhook"]
    with other_side(settings, lambda handler: time.sleep(2)) as side, pytest.raises(DeliveryError, match="连不上") as caught:
        hook.deliver(hook.prepare(package(cast), target_for(hook, side.url)), target_for(hook, side.url))
    assert caught.value.down


def test_a_host_that_drips_is_left_after_the_whole_time(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from gongkai.reminders.channels import webhook

    def drip(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(40):
            try:
                handler.wfile.write(b".")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    monkeypatch.setattr(webhook, "LONGEST", 0.5)
    hook = registry.connectors()["webhook"]
    began = time.monotonic()
    with other_side(settings, drip) as side, pytest.raises(DeliveryError):
        hook.deliver(hook.prepare(package(cast), target_for(hook, side.url)), target_for(hook, side.url))
    assert time.monotonic() - began < 3


# file_drop


def test_a_folder_appears_whole_with_its_sums(cast: Cast, settings: Any) -> None:
    drop = registry.connectors()["file_drop"]
    target = target_for(drop)
    drop.deliver(drop.prepare(package(cast), target), target)
    folder = settings.DROP_DIR / "archive" / "1-2-publish"
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["01-附件.pdf", "SHA256SUMS", "content.json", "index.html"]
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert [path.name for path in (settings.DROP_DIR / "archive").iterdir()] == ["1-2-publish"]


def test_what_was_withdrawn_is_marked_where_it_lies(cast: Cast, settings: Any) -> None:
    drop = registry.connectors()["file_drop"]
    target = target_for(drop)
    drop.deliver(drop.prepare(package(cast), target), target)
    drop.withdraw(drop.prepare(package(cast, WITHDRAW, earlier=("1:2:publish", "1:2:never")), target), target)
    folder = settings.DROP_DIR / "archive"
    assert (folder / "1-2-publish" / "已撤下.json").exists() and (folder / "1-2-publish" / "01-附件.pdf").exists()
    assert "内容有误" in (folder / "1-2-withdraw" / "index.html").read_text()


def test_a_full_or_closed_folder_is_a_retry_and_leaves_nothing(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    drop = registry.connectors()["file_drop"]
    target = target_for(drop)
    settings.DROP_DIR.write_text("a file where the folder should be")
    with pytest.raises(DeliveryError, match="不能写入") as caught:
        drop.deliver(drop.prepare(package(cast), target), target)
    assert caught.value.down and "不能写入" in drop.trouble(target)
    settings.DROP_DIR.unlink()

    def full(*args: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gongkai.channels.connectors.file_drop.connector._copy", full)
    with pytest.raises(DeliveryError, match="空间不够"):
        drop.deliver(drop.prepare(package(cast), target), target)
    assert list((settings.DROP_DIR / "archive").iterdir()) == []


def test_a_copy_that_is_not_the_public_one_goes_nowhere(cast: Cast, settings: Any) -> None:
    drop = registry.connectors()["file_drop"]
    target = target_for(drop)
    wrong = File("a.pdf", "a", 3, "0" * 64, "https://gk.example/f/1", lambda: io.BytesIO(b"abc"))
    with pytest.raises(DeliveryError, match="校验值"):
        drop.deliver(drop.prepare(package(cast, files=(wrong,)), target), target)
    assert list((settings.DROP_DIR / "archive").iterdir()) == []


@pytest.mark.parametrize("folder", ["../up", "/etc", "a/b", "", ".hidden"])
def test_a_folder_outside_is_refused(cast: Cast, settings: Any, folder: str) -> None:
    drop = registry.connectors()["file_drop"]
    assert not drop.form({"folder": folder}).is_valid()
    with pytest.raises(DeliveryError, match="投递文件夹"):
        drop.deliver(drop.prepare(package(cast), Target({"folder": folder})), Target({"folder": folder}))


# email and manual


def test_letters_are_done_when_all_are_sent(cast: Cast) -> None:
    mail = registry.connectors()["email"]
    target = target_for(mail)
    prepared = mail.prepare(package(cast), target)
    assert not mail.deliver(prepared, target).done
    letters = Message.objects.filter(key__startswith="channel:")
    assert not mail.status(package(cast), target).done
    letters.update(state="sent", sent_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert mail.status(package(cast), target).done
    one = letters.first()
    assert one is not None
    letters.filter(pk=one.pk).update(state="failed", sent_at=None, error="邮箱不收")
    with pytest.raises(DeliveryError, match="邮箱不收"):
        mail.status(package(cast), target)
    mail.deliver(prepared, target)
    assert sorted(letters.values_list("state", flat=True)) == ["queued", "sent"]


@pytest.mark.parametrize("typed", ["不是邮箱", "a@b", "a@media.example，坏的", "\n".join(f"a{n}@media.example" for n in range(201))])
def test_addresses_are_looked_at(typed: str) -> None:
    assert not registry.connectors()["email"].form({"addresses": typed}).is_valid()


def test_the_text_to_copy_keeps_to_the_length(cast: Cast) -> None:
    hand = registry.connectors()["manual"]
    long = package(cast, text="很长的正文。" * 500)
    words = hand.prepare(long, Target({"most": 200, "ending": ""})).words
    assert len(words) <= 200 and words.endswith("https://gk.example/documents/7/") and "…" in words
    assert "删除" in hand.prepare(package(cast, WITHDRAW), Target({})).words

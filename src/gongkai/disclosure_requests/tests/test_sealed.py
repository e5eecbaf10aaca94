"""What is sealed cannot be read without the key, neither in the database nor on disk, and is read again with it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.files.base import ContentFile
from django.db import connection

from gongkai.disclosure_requests.models import FrequentAnswer, IncomingMail
from gongkai.sealing import keys
from gongkai.sealing.fields import sealed_fields
from gongkai.sealing.files import SealedStorage


@pytest.fixture
def one_key(settings: Any) -> str:
    settings.SEAL_KEYS = Fernet.generate_key().decode()
    return settings.SEAL_KEYS


def test_another_key_opens_nothing(settings: Any, one_key: str) -> None:
    token = keys.seal("张三 110101199003070000".encode())
    assert "张三".encode() not in token
    assert keys.unseal(token).decode().startswith("张三")
    settings.SEAL_KEYS = Fernet.generate_key().decode()
    with pytest.raises(keys.SealError, match="GONGKAI_SEAL_KEYS"):
        keys.unseal(token)


def test_an_older_key_still_opens(settings: Any, one_key: str) -> None:
    token = keys.seal(b"words")
    told = keys.digest("张三", "110101")
    settings.SEAL_KEYS = f"{Fernet.generate_key().decode()},{one_key}"
    assert keys.unseal(token) == b"words"
    assert keys.digest("张三", "110101") == told, "a new first key changes no digest"


def test_a_digest_does_not_mind_spaces_and_case(one_key: str) -> None:
    assert keys.digest("张 三", "1x") == keys.digest("张三", "1X") != keys.digest("张三1", "X")


def test_a_key_that_is_none_is_refused_in_a_sentence(settings: Any) -> None:
    settings.SEAL_KEYS = "secret"
    with pytest.raises(keys.SealError, match="格式不对"):
        keys.seal(b"x")


def test_a_key_is_made_once_and_only_its_owner_reads_it(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_KEYS, settings.DATA_DIR = "", tmp_path / "data"
    first = keys.key_list()
    keys._kept.cache_clear()
    assert keys.key_list() == first
    assert stat.S_IMODE((tmp_path / "data" / keys.FILE).stat().st_mode) == 0o600


def test_a_column_is_sealed_in_the_database(cast: Any) -> None:
    mail = IncomingMail.objects.create(agency=cast.reform, message_id="1", sender="李四 <a@b.cn>", arrived_at="2026-01-05T08:00+08:00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender FROM disclosure_requests_incomingmail WHERE id = %s", [mail.pk])
        kept = cursor.fetchone()[0]
    assert "李四" not in kept
    assert "a@b" not in kept
    assert IncomingMail.objects.get(pk=mail.pk).sender == "李四 <a@b.cn>"
    assert sealed_fields(IncomingMail) == ("sender", "subject")
    assert sealed_fields(FrequentAnswer) == ()
    with pytest.raises(FieldError):
        list(IncomingMail.objects.filter(sender__contains="李"))


def test_a_file_is_sealed_on_disk(tmp_path: Path) -> None:
    storage = SealedStorage(location=tmp_path)
    name = storage.save("letter.txt", ContentFile("申请人王五".encode()))
    assert "王五".encode() not in (tmp_path / name).read_bytes()
    with storage.open(name) as file:
        assert file.read().decode() == "申请人王五"
    with pytest.raises(ValueError, match="no address"):
        storage.url(name)

"""Keys are changed while the service runs: nothing is lost when it is killed in the middle, and then the old key opens nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from gongkai.conftest import Cast
from gongkai.disclosure_requests import likeness
from gongkai.disclosure_requests.actions.filing import applicant_digest
from gongkai.disclosure_requests.models import Applicant, CaseFile, DisclosureRequest
from gongkai.disclosure_requests.tests.cases import ID_CARD, filed
from gongkai.sealing import keys, rotation


@pytest.fixture
def first(settings: Any, tmp_path: Path) -> str:
    settings.DATA_DIR = tmp_path
    settings.SEAL_KEYS = Fernet.generate_key().decode()
    return str(settings.SEAL_KEYS)


def test_every_value_file_and_digest_goes_over_to_the_new_key(cast: Cast, first: str, settings: Any) -> None:
    row = filed(cast).request
    old_digest, old_likeness = row.applicant.digest, row.likeness
    new = Fernet.generate_key().decode()
    settings.SEAL_KEYS = f"{new},{first}"
    assert applicant_digest("赵申请", ID_CARD) == old_digest, "until everything is sealed anew, digests are as they were"
    found = rotation.rotate()
    assert found.sealed >= 6
    assert not found.lost
    assert rotation.check().old == 0
    settings.SEAL_KEYS = new
    applicant = Applicant.objects.get()
    assert (applicant.name, applicant.identity_number) == ("赵申请", ID_CARD)
    with CaseFile.objects.get().file.open("rb") as file:
        assert file.read().startswith(b"\x89PNG")
    assert applicant.digest == applicant_digest("赵申请", ID_CARD) != old_digest
    row = DisclosureRequest.objects.get()
    assert row.likeness == likeness.signature(row.description) != old_likeness
    settings.SEAL_KEYS = first
    with pytest.raises(keys.SealError):
        Applicant.objects.get().name  # noqa: B018


def test_killed_in_the_middle_it_goes_on_where_it_stopped(cast: Cast, first: str, settings: Any, monkeypatch: Any) -> None:
    for n in range(4):
        filed(cast, name=f"申请人{n}")
    settings.SEAL_KEYS = f"{Fernet.generate_key().decode()},{first}"
    seen: list[str] = []

    def killed(words: str) -> None:
        seen.append(words)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(killed, batch=2)
    assert [row.name for row in Applicant.objects.order_by("pk")] == [f"申请人{n}" for n in range(4)], "old and new open side by side"
    left = rotation.check().old
    assert left > 0
    assert rotation.rotate(batch=2).sealed == left
    assert rotation.rotate(batch=2).sealed == 0, "run once more, there is nothing to do"
    assert rotation.check().old == 0


def test_a_value_changed_meanwhile_is_not_written_over(cast: Cast, first: str, settings: Any, monkeypatch: Any) -> None:
    filed(cast)
    settings.SEAL_KEYS = f"{Fernet.generate_key().decode()},{first}"
    real = keys.unseal

    def slow(token: bytes) -> bytes:
        data = real(token)
        if data.decode("utf-8", "replace") == "13800138000":
            monkeypatch.setattr(keys, "unseal", real)
            Applicant.objects.update(phone="13900139000")
        return data

    monkeypatch.setattr(keys, "unseal", slow)
    rotation.rotate()
    assert Applicant.objects.get().phone == "13900139000"


def test_what_no_key_opens_is_named_and_the_rest_is_done(cast: Cast, first: str, settings: Any) -> None:
    filed(cast)
    lost = filed(cast, name="钱二").request
    settings.SEAL_KEYS = Fernet.generate_key().decode()
    Applicant.objects.filter(request=lost).update(phone="13700137000")
    settings.SEAL_KEYS = f"{Fernet.generate_key().decode()},{first}"
    with pytest.raises(keys.SealError, match="有 1 处打不开.*申请人 #.* 联系电话"):
        rotation.rotate()
    assert (rotation.check().old, len(rotation.check().lost)) == (0, 1)


def test_every_model_and_file_that_is_sealed_is_known_by_itself() -> None:
    names = {model.__name__ for model in rotation.sealed_models()}
    assert names >= {"Applicant", "DisclosureRequest", "Clarification", "Consultation", "Correction", "Reply", "IncomingMail"}
    assert {(model.__name__, name) for model, name in rotation.sealed_file_fields()} >= {
        ("CaseFile", "file"),
        ("ReplyFile", "given"),
        ("ArchivePackage", "file"),
        ("IncomingMail", "raw"),
    }

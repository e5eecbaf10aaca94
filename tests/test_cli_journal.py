"""`gongkai journal verify | export` and the independent checker, as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.journal.models import Seal
from gongkai.journal.tests.conftest import _deeds  # noqa: F401 — the deeds of the chain have names
from gongkai.journal.tests.tampering import chain, sql, unguarded
from tests.cli_runner import call, complaint

pytestmark = pytest.mark.django_db
CHECKER = Path(__file__).resolve().parent.parent / "docs" / "journal_verify.py"


def checker(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Isolated (-I): nothing of this project can be imported."""
    command = [sys.executable, "-I", str(CHECKER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_both_say_yes_to_a_sound_journal(tmp_path):
    chain(7)
    file, heads = tmp_path / "journal.jsonl", tmp_path / "heads.json"
    exported = call("journal", "export", file)
    assert (exported.returncode, file.read_text("utf-8").count("\n")) == (0, 7)
    heads.write_text(json.dumps({"heads": [{"day": "2026-11-22", "seq": 5, "hash": Seal.objects.get(seq=5).hash}]}))
    result = call("journal", "verify", "--head", heads)
    assert result.returncode == 0, result.stdout.decode()
    assert "核对了 7 条" in result.stdout.decode()
    independent = checker(file, heads)
    assert (independent.returncode, "up to number 7" in independent.stdout) == (0, True), independent
    assert call("journal", "export", "-").stdout == file.read_bytes()


def test_both_name_the_place_where_it_is_not(tmp_path):
    chain(7)
    file = tmp_path / "journal.jsonl"
    with unguarded():
        sql("UPDATE journal_entry SET note = '改' WHERE object_id = '4'")
        result = call("journal", "verify", "--format", "json")
        text = call("journal", "verify").stdout.decode()
        call("journal", "export", file)
    found = json.loads(result.stdout)
    assert (result.returncode, found["ok"], found["checked"]) == (1, False, 3)
    assert (found["findings"][0]["kind"], found["findings"][0]["seq"], found["findings"][0]["what"]) == (
        "altered",
        4,
        "test.change test.thing 4",
    )
    assert "第 4 条的内容与封存时不同（记录" in text
    independent = checker(file)
    assert (independent.returncode, "number 4 was altered" in independent.stdout) == (1, True), independent


def test_a_journal_written_anew_contradicts_the_kept_head(tmp_path):
    chain(3)
    heads = tmp_path / "heads.txt"
    heads.write_text(f"2026-11-22 2 2 sha256 {'a' * 64}\n")
    result = call("journal", "verify", "--head", heads)
    assert result.returncode == 1
    assert "与 2026-11-22 公布的校验值不符" in result.stdout.decode()


def test_what_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "x.json").write_text("<html>")
    assert "不是本系统公布的" in complaint(call("journal", "verify", "--head", tmp_path / "x.json"))
    assert "打不开" in complaint(call("journal", "verify", "--head", tmp_path / "none.json"))
    assert "没有第 9 条" in complaint(call("journal", "verify", "--from", "10"))
    assert "不能写入" in complaint(call("journal", "export", tmp_path / "no" / "x.jsonl"))
    assert checker(tmp_path / "none").returncode == 2

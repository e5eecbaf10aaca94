"""`gongkai search rebuild | find`, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gongkai.conftest import *  # noqa: F403
from gongkai.publications.tests.making import live
from gongkai.search import keeping
from tests.cli_runner import call, complaint


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(keeping, "_opened", None)


def test_rebuilt_and_asked(cast: Any) -> None:
    live(cast.reform, cast.drafter, title="清河市城市供热管理办法")
    assert "没有建立索引" in complaint(call("search", "find", "供热"))
    assert "索引里有" in call("search", "rebuild").stdout.decode()
    found = call("search", "find", "供热", "--format", "json")
    assert found.returncode == 0
    assert [row["title"] for row in json.loads(found.stdout)["results"]] == ["清河市城市供热管理办法"]
    assert "共 1 条" in call("search", "find", "供热").stdout.decode()
    assert call("search", "find", "没有这样的词").returncode == 1
    assert "最多" in complaint(call("search", "find", "长" * 300))


def test_while_another_process_writes_it_says_so(cast: Any) -> None:
    with keeping._alone():
        assert "另一个进程" in complaint(call("search", "rebuild"))

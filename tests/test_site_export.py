"""`gongkai site export | check | watch`, as a person runs them on the example city: nothing is broken."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli_runner import complaint, run
from tests.templates import prepared_folder


def gongkai(data: Path, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "DJANGO_"))}
    return run(*map(str, arguments), env={**kept, "GONGKAI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared_folder(tmp_path_factory.mktemp("city") / "data", example=True)


def test_the_example_city_is_exported_and_nothing_is_broken(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = gongkai(data, "site", "export", out)
    assert made.returncode == 0, made.stderr.decode()
    assert "每秒" in made.stderr.decode() and made.stdout == b""
    checked = gongkai(data, "site", "check", out, "--format", "json")
    assert checked.returncode == 0, checked.stdout.decode()[:2000]
    told = json.loads(checked.stdout)
    assert told["findings"] == [] and told["pages"] > 300
    (out / "agencies.html").unlink()
    broken = gongkai(data, "site", "check", out)
    assert broken.returncode == 1 and "错断链接" in broken.stdout.decode()


def test_bad_input_is_one_sentence(data: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("甲")
    assert "别的文件" in complaint(gongkai(data, "site", "export", tmp_path))
    assert "2026-11-01" in complaint(gongkai(data, "site", "export", tmp_path / "a", "--since", "昨天"))
    assert "完整地址" in complaint(gongkai(data, "site", "export", tmp_path / "a", "--base-url", "gk.gov.cn"))
    assert "不是本系统的域名" in complaint(gongkai(data, "site", "export", tmp_path / "a", "--host", "evil.example.com"))
    assert "没有" in complaint(gongkai(data, "site", "check", tmp_path / "none"))
    assert "没有网页" in complaint(gongkai(data, "site", "check", tmp_path))
    assert "打不开" in complaint(gongkai(data, "site", "check", "http://127.0.0.1:9/"))


def test_watch_records_today(data: Path) -> None:
    told = json.loads(gongkai(data, "site", "watch", "--most", 40, "--format", "json").stdout)
    assert told["whole"] is False and told["pages"] > 10

"""`gongkai documents import` at the command line: one line of outcome, a report, an exit status."""

from __future__ import annotations

import csv
import json

import pytest

from gongkai.conftest import *  # noqa: F403
from gongkai.publications.models import Document
from tests.cli_runner import call, complaint

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_site(tmp_path):
    (tmp_path / "a.html").write_text("<p>一页旧闻。</p>", "utf-8")
    rows = [
        {"title": "=旧页面", "url": "http://old.cn/1", "date": "2019-01-02", "html": "a.html"},
        {"title": "没有文件的", "url": "http://old.cn/2", "date": "2019-01-02", "html": "none.html"},
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return tmp_path


def test_import_with_a_report(cast, old_site, tmp_path):  # noqa: F811
    report = tmp_path / "report.csv"
    arguments = ("documents", "import", old_site, "--agency", cast.reform.code, "--user", "drafter", "--report", report)
    result = call(*arguments)
    assert result.returncode == 1 and "导入 1 页" in result.stdout.decode() and "拒绝 1 页" in result.stdout.decode()
    with report.open(encoding="utf-8-sig", newline="") as file:
        head, first, second = csv.reader(file)
    assert head == ["行", "结果", "标题", "网址", "原因", "新地址"]
    assert first[1:3] == ["导入", "'=旧页面"] and first[5] == f"/documents/{Document.objects.get().pk}/"
    assert second[1] == "拒绝" and "没有正文文件 none.html" in second[4]
    assert "已有 1 页" in call(*arguments).stdout.decode()


def test_public_at_once_needs_all_three(cast, old_site):  # noqa: F811
    base = ("documents", "import", old_site, "--agency", cast.reform.code, "--user", "drafter")
    assert "三个一起用" in complaint(call(*base, "--published"))
    assert "另一个人" in complaint(call(*base, "--published", "--reason", "决定", "--reviewer", "drafter"))
    assert "没有 nobody-here 这个用户" in complaint(call(*base[:-1], "nobody-here"))
    assert "不是" in complaint(call(*base[:-1], "other_officer"))
    assert Document.objects.count() == 0
    call(*base, "--published", "--reason", "清政办发〔2026〕2号", "--reviewer", "secrecy_reviewer")
    assert Document.objects.get().editions.get().state == "live"

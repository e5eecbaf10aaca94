"""`gongkai screen`: its three exit statuses, its JSON, the wording list, the copies; no value is ever printed."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from gongkai.screening.tests import made
from tests.cli_runner import call, complaint, run
from tests.screening_set import I1

KEYS = {"kind", "severity", "where", "masked", "why", "rule"}


@pytest.fixture
def files(tmp_path):
    (tmp_path / "名单.xlsx").write_bytes(made.xlsx_file())
    (tmp_path / "公告.docx").write_bytes(made.docx_file())
    (tmp_path / "干净.txt").write_text("关于召开会议的通知。\n请准时参加。\n", "utf-8")
    (tmp_path / "坏.docx").write_bytes(made.docx_file()[:2000])
    return tmp_path


def test_json_of_one_file(files):
    result = call("screen", files / "名单.xlsx", "--format", "json")
    data = json.loads(result.stdout)
    assert result.returncode == 1 and data["file"] == "名单.xlsx"
    assert all(set(finding) == KEYS and finding["severity"] in ("block", "warn") for finding in data["findings"])
    assert {"id_number", "hidden_content", "metadata", "mobile"} <= {finding["kind"] for finding in data["findings"]}
    assert any(finding["where"] == "sheet 名单!C17" for finding in data["findings"])


def test_json_of_several_is_one_object_a_line(files):
    result = call("screen", files / "名单.xlsx", files / "干净.txt", "--format", "json")
    first, second = map(json.loads, result.stdout.decode().splitlines())
    assert result.returncode == 1 and first["findings"] and second == {"file": "干净.txt", "findings": []}


def test_clean_is_zero_and_says_so(files):
    result = call("screen", files / "干净.txt")
    assert result.returncode == 0 and "没有必须处理的内容" in result.stdout.decode()


def test_the_table_shows_no_value(files):
    result = call("screen", files / "名单.xlsx", files / "公告.docx")
    text = result.stdout.decode()
    assert result.returncode == 1 and "不得发布" in text and f"{I1[:2]}*************{I1[-3:]}" in text
    assert not [secret for secret in made.SECRETS if secret in text + result.stderr.decode()]


def test_a_bad_file_leaves_the_others(files):
    result = call("screen", files / "坏.docx", files / "干净.txt", "--format", "json")
    assert result.returncode == 2 and json.loads(result.stdout)["file"] == "干净.txt"
    assert complaint(result).startswith("坏.docx")


@pytest.mark.parametrize("arguments", [["没有.docx"], ["-", "-"], ["a.txt", "--format", "csv"], ["a.txt", "--words", "没有.csv"], []])
def test_usage_is_one_line(arguments):
    if arguments:
        complaint(call("screen", *arguments))
    else:
        assert call("screen").returncode == 2


def test_standard_input_in_a_process_of_its_own():
    result = run("screen", "-", "--format", "json", stdin=f"身份证{I1}".encode())
    assert result.returncode == 1 and json.loads(result.stdout)["findings"][0]["rule"] == "id_number.18"


def test_copies_are_screened_again(files):
    target = files / "副本"
    result = call("screen", files / "名单.xlsx", "--masked-copy", target)
    assert result.returncode == 1 and "复查没有发现" in result.stderr.decode()
    assert call("screen", target / "名单.xlsx").returncode == 0
    assert openpyxl.load_workbook(io.BytesIO((target / "名单.xlsx").read_bytes())).sheetnames == ["公告"]
    before = (target / "名单.xlsx").read_bytes()
    again = call("screen", files / "名单.xlsx", "--masked-copy", target)
    assert again.returncode == 2 and "没有覆盖" in again.stderr.decode() and (target / "名单.xlsx").read_bytes() == before


def test_what_a_copy_cannot_mend_is_said(files):
    (files / "公告.pdf").write_bytes(made.pdf_file())
    result = call("screen", files / "公告.pdf", "--masked-copy", files / "副本")
    assert result.returncode == 1 and "还有 1 处需要人工处理" in result.stderr.decode()


def test_a_wording_list(files):
    (files / "用语.csv").write_text("词语,类别,处理,建议用语\n会议,示例,禁用,碰头会\n准时参加,示例,允许,\n准时,示例,,\n", "utf-8")
    result = call("screen", files / "干净.txt", "--words", files / "用语.csv", "--format", "json")
    findings = json.loads(result.stdout)["findings"]
    assert [(finding["masked"], finding["severity"], finding["where"]) for finding in findings] == [("会议", "block", "line 1")]
    assert "碰头会" in findings[0]["why"] and result.returncode == 1
    (files / "坏.csv").write_text("词语,处理\n会议,随便\n", "utf-8")
    assert "第 2 行" in complaint(call("screen", files / "干净.txt", "--words", files / "坏.csv"))

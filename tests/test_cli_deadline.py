"""`gongkai deadline`: due days, the count behind them, and what it refuses."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli_runner import call, complaint, run


def due(*arguments: str) -> dict:
    result = call("deadline", *arguments, "--format", "json")
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)


def test_working_days_of_the_spring_festival():
    data = due("--from", "2026-02-10", "--working-days", "20", "--explain")
    assert (data["from"], data["due"], data["unit"], data["n"], data["provisional"]) == (
        "2026-02-10",
        "2026-03-16",
        "working_days",
        20,
        False,
    )
    assert data["calendar"].startswith("cn-") and sum(day["counted"] for day in data["days"]) == 20
    days = {day["date"]: day for day in data["days"]}
    assert not days["2026-02-10"]["counted"] and not days["2026-02-23"]["counted"] and days["2026-02-14"]["counted"]
    assert days["2026-02-14"]["why"] == "调休上班" and days["2026-02-16"]["why"] == "放假日" and days["2026-03-15"]["why"] == "周末"
    assert "days" not in due("--from", "2026-02-10", "--working-days", "20")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["2026-02-05", "--days", "10"], "2026-02-24"),  # the 15th to the 23rd are off
        (["2026-03-02", "--days", "10"], "2026-03-12"),
        (["2026-02-10", "--working-days", "0"], "2026-02-10"),
        (["2026/2/10", "--working-days", "1"], "2026-02-11"),
        (["2026年2月10日", "--working-days", "1"], "2026-02-11"),
        (["20260210", "--working-days", "1"], "2026-02-11"),
        (["2026-02-10T09:30", "--hours", "24"], "2026-02-11T09:30:00"),
        (["2026-02-10 23:00", "--hours", "5"], "2026-02-11T04:00:00"),
        (["2026-02-10", "--hours", "5"], "2026-02-10T05:00:00"),
    ],
)
def test_due(arguments, expected):
    assert due("--from", *arguments)["due"] == expected


def test_days_roll_forward_with_reasons():
    days = due("--from", "2026-02-05", "--days", "10", "--explain")["days"]
    assert sum(day["counted"] for day in days) == 10 and days[10]["why"] == "期限最后一日是放假日，顺延"
    assert days[-1] == {"date": "2026-02-24", "counted": False, "why": "顺延到的工作日"}


def test_an_unannounced_year_is_provisional():
    data = due("--from", "2099-12-01", "--working-days", "5", "--explain")
    assert data["provisional"] and data["notices"] == [] and "暂定" in data["days"][1]["why"]
    assert due("--from", "2099-12-01", "--days", "5")["provisional"]
    assert "暂定" in run("deadline", "--from", "2099-12-01", "--days", "5").stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "缺少 --from"),
        (["--from", "2026-02-10"], "要写一个"),
        (["--from", "2026-02-10", "--days", "1", "--hours", "1"], "只写一个"),
        (["--from", "2026-02-30", "--days", "1"], "没有这一天"),
        (["--from", "昨天", "--days", "1"], "看不懂的日期"),
        (["--from", "2026-02-10", "--days", "-1"], "数目要在"),
        (["--from", "2026-02-10", "--days", "99999999"], "数目要在"),
        (["--from", "9999-12-30", "--working-days", "5"], "超出了日历"),
        (["--from", "2026-02-10", "--working-days", "x"], "要写整数"),
        (["--from", "2026-02-10", "--days", "1", "--format", "xlsx"], "没有这种格式"),
    ],
)
def test_deadline_refuses(arguments, words):
    assert words in complaint(call("deadline", *arguments))


def test_deadline_batch(tmp_path):
    path = tmp_path / "b.csv"
    path.write_text("id,from,n,unit\n甲,2026-02-10,20,working_days\n乙,2026-02-05,10,days\n丙,2026-02-10T08:00,2,hours\n", "utf-8")
    rows = list(csv.DictReader(io.StringIO(run("deadline", "--batch", path).stdout.decode("utf-8-sig"))))
    assert [(r["id"], r["due"], r["provisional"]) for r in rows] == [
        ("甲", "2026-03-16", "false"),
        ("乙", "2026-02-24", "false"),
        ("丙", "2026-02-10T10:00:00", "false"),
    ]
    path.write_text("from,n,unit\n2026-02-10,1,days\n2026-02-31,1,days\n", "utf-8")
    assert "第 3 行" in complaint(run("deadline", "--batch", path))
    path.write_text("a,b\n1,2\n", "utf-8")
    assert "from,n,unit" in complaint(run("deadline", "--batch", path))

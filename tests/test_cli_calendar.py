"""`gongkai calendar`: the table, its versions, a new year imported and what is refused; and deadlines by the limits of the law."""

from __future__ import annotations

import json
import tomllib
from datetime import date

import pytest

from gongkai.clocks import calendar as clocks
from gongkai.clocks.limits import Limit
from gongkai.clocks.tests.test_calendar import GOLDEN
from gongkai.clocks.tests.test_versions import FILE_2027
from gongkai.conftest import *  # noqa: F403
from gongkai.conftest import Cast
from gongkai.obligations.models import Obligation
from gongkai.obligations.opening import NewObligation, open_obligation
from gongkai.obligations.recomputing import tick
from tests.cli_runner import call, complaint, run


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATA", str(tmp_path / "data"))
    clocks.reload()
    yield tmp_path / "data"
    monkeypatch.undo()
    clocks.reload()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "2027.toml"
    path.write_text(FILE_2027, "utf-8")
    return path


def answer(*arguments: object) -> dict:
    result = call(*arguments, "--format", "json")
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)


def imported(data) -> list[str]:
    return sorted(path.name for path in (data / "calendar").iterdir()) if (data / "calendar").exists() else []


@pytest.mark.parametrize(("received", "n", "due", "provisional"), GOLDEN)
def test_golden_cases(data, received, n, due, provisional):
    found = answer("deadline", "--from", received, "--working-days", n, "--explain")
    assert (found["due"], found["provisional"]) == (due.isoformat(), provisional)
    assert sum(day["counted"] for day in found["days"]) == n and found["sentence"].startswith(f"自 {received} 起 {n} 个工作日")


def test_list_names_every_notice(data):
    found = answer("calendar", "list")
    national = [row for row in found["notices"] if not row["scope"]]
    assert {row["year"] for row in national} == set(range(2004, 2027)) and len(national) == 26
    assert all(row["certainty"] in ("read", "memory", "unknown") for row in national)
    assert [row["number"] for row in national if row["year"] == 2026] == ["国办发明电〔2025〕7号"]
    text = call("calendar", "list").stdout.decode()
    assert "国办发明电〔2006〕49号" in text and "2019-03-22" in text
    for form in ("csv", "xlsx", "docx"):
        assert len(call("calendar", "list", "--format", form).stdout) > 1000


def test_versions_from_old_to_new(data):
    versions = answer("calendar", "list", "--versions")["versions"]
    assert len(versions) == 26 and versions[-1]["calendar"] == answer("calendar", "list")["calendar"]
    old = next(row for row in versions if row["dated"] == "2018-12-04")
    days = {row["date"]: row["kind"] for row in answer("calendar", "show", 2019, "--version", old["calendar"])["days"]}
    assert "2019-05-02" not in days and days["2019-05-01"] == "off"
    assert "没有这个日历版本" in complaint(call("calendar", "show", 2019, "--version", "cn-x"))


def test_show_a_year(data):
    found = answer("calendar", "show", 2026)
    assert found["working_days"] == 248 and found["working_days_by_month"] == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert [row["date"] for row in found["days"] if row["kind"] == "work"] == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ]  # fmt: skip
    assert len(answer("calendar", "show", 2026, "--all")["days"]) == 365
    text = call("calendar", "show", 2026).stdout.decode()
    assert "全年 248 个工作日" in text and "依据：国务院办公厅关于2026年部分节假日安排的通知" in text


def test_show_a_year_not_announced(data):
    found = answer("calendar", "show", 2027)
    assert found["provisional"] and found["notices"] == []
    assert {"2027-02-05": "春节", "2027-06-09": "端午节"}.items() <= {row["date"]: row["festival"] for row in found["days"]}.items()
    assert "暂定" in call("calendar", "show", 2027).stdout.decode()


def test_show_as_it_was_known_and_with_local_days(data):
    assert not any(row["date"] == "2019-05-02" for row in answer("calendar", "show", 2019, "--as-of", "2019-03-21")["days"])
    local = answer("calendar", "show", 2024, "--scope", "450100")
    assert local["working_days"] == answer("calendar", "show", 2024)["working_days"] - 2
    assert "看不懂的日期" in complaint(call("calendar", "show", 2019, "--as-of", "三月"))


def test_import_a_year_then_deadlines_are_firm(data, file):
    before = answer("deadline", "--from", "2026-11-23", "--working-days", 40)
    assert (before["due"], before["provisional"]) == ("2027-01-19", True)
    result = call("calendar", "import", file, "--dry-run")
    assert result.returncode == 0 and "检查通过，没有写入" in result.stdout.decode() and imported(data) == []
    result = call("calendar", "import", file)
    assert result.returncode == 0 and "2027 年" in result.stdout.decode() and imported(data) == ["0001-2027.toml"]
    assert tomllib.loads((data / "calendar" / "0001-2027.toml").read_text("utf-8"))["number"] == "国办发明电〔2026〕0号"
    after = answer("deadline", "--from", "2026-11-23", "--working-days", 40)
    assert (after["due"], after["provisional"]) == ("2027-01-18", False) and after["calendar"] != before["calendar"]
    assert before["calendar"] in {row["calendar"] for row in answer("calendar", "list", "--versions")["versions"]}
    assert answer("calendar", "show", 2027, "--version", before["calendar"])["provisional"]
    again = call("calendar", "import", file)
    assert again.returncode == 0 and "没有改动" in again.stderr.decode() and imported(data) == ["0001-2027.toml"]


def test_import_by_standard_input_and_folder(tmp_path):
    result = run("calendar", "import", "-", "--data", tmp_path / "d", stdin=FILE_2027.encode())
    assert result.returncode == 0 and (tmp_path / "d" / "calendar" / "0001-2027.toml").exists()
    env = {"GONGKAI_DATA": str(tmp_path / "d")}
    text = run("deadline", "--from", "2026-11-23", "--working-days", "40", env=env).stdout.decode()
    assert text.startswith("2027-01-18") and "暂定" not in text


def test_a_make_up_day_on_a_tuesday_changes_nothing(data, file):
    file.write_text(FILE_2027.replace("2027-01-09", "2027-01-05"), "utf-8")
    before = answer("calendar", "list")["calendar"]
    assert "2027-01-05 是星期二" in complaint(call("calendar", "import", file))
    assert imported(data) == [] and answer("calendar", "list")["calendar"] == before


@pytest.mark.parametrize(("text", "words"), [
    (FILE_2027.replace("2027-06-09", "2027-06-16"), "缺少法定节假日 2027-06-09"),
    (FILE_2027.replace("year = 2027", "year = 2026"), "2026 年"),
    ("year = 2026\ndated = 2026-12-01\nchange = true\nwork = [2026-12-01]", "是星期二"),
    ("year = 2026\nchange = true\nwork = [2026-12-05]", "写明不早于它的通知日期"),
    ("year = 2027\nchange = true\nwork = [2027-12-04]", "先导入当年的通知"),
    ("year = 2027", "没有一个放假日"),
    ("{", "不是 toml"),
])  # fmt: skip
def test_import_refuses(data, file, text, words):
    file.write_text(text, "utf-8")
    assert words in complaint(call("calendar", "import", file))
    assert imported(data) == []


def test_import_refuses_what_is_no_file(data, tmp_path):
    assert "打不开文件" in complaint(call("calendar", "import", tmp_path / "none.toml"))
    assert "看不懂的日期" in complaint(call("calendar", "import", tmp_path / "none.toml", "--dated", "昨天"))


def test_a_local_day_off_from_csv(data, tmp_path):
    path = tmp_path / "local.csv"
    path.write_text("date,kind\n2026-08-12,放假\n2026-08-15,上班\n", "utf-8")
    result = call("calendar", "import", path, "--scope", "15", "--title", "某地假日", "--dated", "2026-07-01")
    assert result.returncode == 0 and imported(data) == ["0001-2026-15.toml"]
    assert answer("deadline", "--from", "2026-08-11", "--working-days", 1)["due"] == "2026-08-12"
    assert answer("deadline", "--from", "2026-08-11", "--working-days", 1, "--scope", "150100")["due"] == "2026-08-13"
    assert answer("deadline", "--from", "2026-08-14", "--working-days", 1, "--scope", "150100")["due"] == "2026-08-15"


def test_deadlines_by_the_limit_in_force(data):
    now = answer("deadline", "--from", "2026-02-10", "--limit", "reply")
    assert (now["due"], now["n"]) == ("2026-03-16", 20) and "第三十三条" in now["article"]
    assert answer("deadline", "--from", "2019-05-14", "--limit", "reply")["n"] == 15
    assert answer("deadline", "--from", "2026-02-16T22:30", "--limit", "concern_authoritative")["due"] == "2026-02-17T03:30:00"
    assert answer("deadline", "--from", "2025-08-31", "--months", 6)["due"] == "2026-02-28"
    assert "答复公开申请" in call("deadline", "--from", "2026-02-10", "--limit", "reply").stdout.decode()
    assert "没有编号" in complaint(call("deadline", "--from", "2026-02-10", "--limit", "nothing"))
    assert "只写一个" in complaint(call("deadline", "--from", "2026-02-10", "--limit", "reply", "--days", "3"))


@pytest.fixture
def duty(cast: Cast, data) -> Obligation:
    """Forty working days from 2026-11-23: into a year whose notice is not out."""
    begun = date(2026, 11, 23)
    new = NewObligation(
        cast.city, cast.reform, "statute", 1, "答复", "第三十三条", begun, limit=Limit("x", 40, "working_days"), clock_from=begun
    )
    row = open_obligation(new, None)
    assert (row.due_on, row.provisional) == (date(2027, 1, 19), True)
    return row


def test_a_new_notice_is_counted_into_what_is_open(duty, file):
    imported_now = call("calendar", "import", file)
    assert "运行中的系统会在一分钟内自己重新计算没有办结的期限" in imported_now.stderr.decode()
    first = call("calendar", "recount")
    assert first.stdout.decode() == "重新计算 1 项，期限有变化的 1 项。\n" and "已重新计算 1 / 1" in first.stderr.decode()
    assert answer("calendar", "recount") == {"seen": 0, "moved": 0, "refused": 0}
    duty.refresh_from_db()
    assert (duty.due_on, duty.provisional) == (clocks.current().add(date(2026, 11, 23), 40).on, False)
    assert duty.steps.filter(kind="clock").count() == 1


def test_the_worker_does_the_same_by_itself(duty, file, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        tick()
    call("calendar", "import", file)
    tick()
    duty.refresh_from_db()
    assert not duty.provisional


def test_a_check_alone_promises_nothing(data, file):
    assert "重新计算" not in call("calendar", "import", file, "--dry-run").stderr.decode()

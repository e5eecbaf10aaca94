"""`gongkai agencies leaders`: a table taken whole or not at all."""

from __future__ import annotations

import pytest

from gongkai.agencies.models import Leader
from gongkai.conftest import *  # noqa: F403
from tests.cli_runner import call

pytestmark = pytest.mark.django_db
GOOD = "机构,姓名,职务,主要负责人,任职日期\n市发改委,周主任,主任,是,2025-01-05\n清河市财政局,褚局长,局长,是,\n"


@pytest.fixture
def put(tmp_path):
    def write(text):
        path = tmp_path / "负责人.csv"
        path.write_text(text, "utf-8")
        return path

    return write


def test_leaders_are_taken_and_a_dry_run_writes_nothing(cast, put):
    dry = call("agencies", "leaders", put(GOOD), "--dry-run")
    assert dry.returncode == 0 and "将登记负责人 2 位" in dry.stdout.decode() and not Leader.objects.exists()
    done = call("agencies", "leaders", put(GOOD))
    assert done.returncode == 0 and done.stdout.decode() == "已登记负责人 2 位。\n", done.stderr.decode()
    assert Leader.objects.get(name="周主任").is_chief and str(Leader.objects.get(name="周主任").valid_from) == "2025-01-05"


def test_every_bad_row_is_named_and_nobody_taken(cast, put):
    result = call("agencies", "leaders", put(GOOD + "市没有局,甲,局长,,\n市发改委,,主任,,\n"))
    errors = result.stderr.decode()
    assert result.returncode == 2 and "第 4 行" in errors and "第 5 行" in errors and "没有写入任何内容" in errors
    assert not Leader.objects.exists()

"""The golden cases of the issue, each through the command line, the package and the screen: one table, three roads, one answer."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from gongkai.clocks.calendar import current
from gongkai.clocks.clock import due
from gongkai.clocks.limits import Limit, limit
from gongkai.clocks.tests.test_calendar import GOLDEN
from gongkai.conftest import *  # noqa: F403
from gongkai.conftest import Cast
from tests.cli_runner import call

BY_LAW = [("reply", date(2026, 2, 10), date(2026, 3, 16)), ("clarify", date(2026, 2, 10), date(2026, 2, 26))]
OWN = [(received, {"n": n}, on, provisional) for received, n, on, provisional in GOLDEN]
LAW = [(received, {"limit": id}, on, False) for id, received, on in BY_LAW]


@pytest.mark.parametrize(("received", "asked", "due_on", "provisional"), OWN + LAW)
def test_command_package_and_screen_agree(
    cast: Cast, client: Client, received: date, asked: dict[str, Any], due_on: date, provisional: bool
) -> None:
    rule = limit(asked["limit"], received) if "limit" in asked else Limit("", asked["n"], "working_days")
    answer = due(received, rule, current())
    option = ["--limit", asked["limit"]] if "limit" in asked else ["--working-days", str(asked["n"])]
    command = json.loads(call("deadline", "--from", str(received), *option, "--format", "json").stdout)
    client.force_login(cast.drafter)
    page = client.get("/work/deadline/", {"start": f"{received}", "unit": "working_days", **asked}).content.decode()
    shown = re.search(r'<span class="due-day">([0-9-]+)', page)
    assert shown is not None
    assert {answer.on, date.fromisoformat(command["due"]), date.fromisoformat(shown[1])} == {due_on}
    assert {answer.provisional, command["provisional"], '<span class="state warn">暂定</span>' in page} == {provisional}
    assert answer.sentence == command["sentence"]
    assert f"<p>{answer.sentence}</p>" in page

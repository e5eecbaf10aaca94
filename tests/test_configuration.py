"""docs/configuration.md says exactly what the code reads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from gongkai.site.settings import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "configuration.md"
ROW = re.compile(r"^\| `(GONGKAI_\w+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def test_the_table_is_the_settings():
    rows = {name: (default.strip("`"), meaning) for name, default, meaning in ROW.findall(PAGE.read_text("utf-8"))}
    assert rows == {name: (default or "（空）", meaning) for name, (default, meaning) in SETTINGS.items()}


def test_the_table_can_be_written_again_from_the_code():
    written = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "configuration.py"), "--print"], capture_output=True, text=True, check=True
    )
    assert written.stdout == PAGE.read_text("utf-8")


def test_no_other_variable_of_ours_is_read():
    """Every GONGKAI_ name in the code is a setting, or one of the few that belong to the tests and to our own processes."""
    from gongkai.site.check import NOT_SETTINGS

    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        used |= set(re.findall(r"GONGKAI_[A-Z_]+", path.read_text("utf-8")))
    assert used - set(SETTINGS) - NOT_SETTINGS - {"GONGKAI_"} == set()


def test_every_setting_is_used():
    files = (path for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts)
    text = "".join(path.read_text("utf-8") for path in files)
    assert [name for name in SETTINGS if text.count(f'"{name}"') < 2] == []

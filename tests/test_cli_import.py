"""`gongkai plan import`: into the database as a draft, whole or not at all."""

from __future__ import annotations

import pytest

from gongkai.conftest import *  # noqa: F403
from gongkai.plans.models import Plan
from tests.cli_runner import call, complaint
from tests.test_cli import PLAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, "utf-8")
    return path


def test_import_makes_a_draft(cast, file):
    before = Plan.objects.count()
    result = call("plan", "import", file, "--jurisdiction", cast.city.code)
    assert result.returncode == 0, result.stderr.decode()
    assert result.stdout.decode().startswith("已导入") and result.stderr == b""
    plan = Plan.objects.latest("pk")
    assert Plan.objects.count() == before + 1 and plan.jurisdiction == cast.city and plan.tasks.count() == 3


def test_the_good_file_is_kept_and_the_bad_one_named(cast, file, tmp_path):
    before = Plan.objects.count()
    (tmp_path / "empty.txt").write_bytes(b"")
    result = call("plan", "import", tmp_path / "empty.txt", file, tmp_path / "none.txt", "-j", cast.city.code)
    errors = result.stderr.decode().splitlines()
    assert result.returncode == 2 and len(errors) == 2 and "empty.txt" in errors[0] and "none.txt" in errors[1]
    assert Plan.objects.count() == before + 1


def test_the_same_file_twice_is_refused(cast, file):
    assert call("plan", "import", file, "-j", cast.city.code).returncode == 0
    assert complaint(call("plan", "import", file, "-j", cast.city.code)).startswith("plan.txt：")


def test_unknown_place_person_and_permission(cast, file):
    assert "没有这个行政区划" in complaint(call("plan", "import", file, "-j", "000000"))
    assert "没有这个用户" in complaint(call("plan", "import", file, "-j", cast.city.code, "--user", "nobody-here"))
    before = Plan.objects.count()
    complaint(call("plan", "import", file, "-j", cast.city.code, "--user", cast.stranger.username))
    assert Plan.objects.count() == before
    assert call("plan", "import", file, "-j", cast.city.code, "--user", cast.openness_officer.username).returncode == 0

"""`gongkai catalogue import`: a table into a draft, whole or not at all; a dry run writes nothing."""

from __future__ import annotations

import pytest

from gongkai.catalogue.models import Catalogue, CatalogueVersion, ItemStandard
from gongkai.catalogue.tests import making
from gongkai.catalogue.tests import tables as made
from gongkai.conftest import *  # noqa: F403
from gongkai.journal.models import Entry
from tests.cli_runner import call, complaint

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "目录.xlsx"
    path.write_bytes(made.book([made.row(1, "供水", "停水通知"), made.row(2, "供水", "水质公告")]))
    return path


def test_a_dry_run_writes_nothing_and_the_import_makes_a_draft(cast, file):
    dry = call("catalogue", "import", file, "--agency", cast.finance.code, "--dry-run")
    assert dry.returncode == 0 and dry.stdout.decode() == "检查通过，没有写入：将新增 2 项，修改 0 项，不变 0 项。\n"
    assert not Catalogue.objects.exists() and not Entry.objects.exists()

    done = call("catalogue", "import", file, "--agency", cast.finance.code)
    assert done.returncode == 0 and "新增 2 项" in done.stdout.decode()
    version = CatalogueVersion.objects.get()
    assert version.state == "draft" and version.catalogue.agency == cast.finance and version.standards.count() == 2
    again = call("catalogue", "import", file, "--agency", cast.finance.code)
    assert "新增 0 项，修改 0 项，不变 2 项" in again.stdout.decode() and version.standards.count() == 2
    assert Entry.objects.filter(action="catalogue.added", actor_id__isnull=True).count() == 2


def test_what_is_in_force_is_revised_and_not_touched(cast, file):
    current = making.version(cast.finance, kind="field", field="budget", state="current", rows=1)
    call("catalogue", "import", file, "-a", cast.finance.code, "--field", "budget", "--drop-missing")
    draft = CatalogueVersion.objects.get(state="draft")
    assert draft.catalogue == current.catalogue and draft.number == 2
    assert [row.level2 for row in draft.standards.all()] == ["停水通知", "水质公告"] and current.standards.count() == 1


def test_bad_rows_are_named_and_nothing_is_written(cast, tmp_path):
    path = tmp_path / "目录.xlsx"
    path.write_bytes(made.book([made.row(1, "供水", "停水通知"), made.row(2, "供水", "停水通知")]))
    result = call("catalogue", "import", path, "-a", cast.finance.code)
    said = result.stderr.decode().splitlines()
    assert result.returncode == 2 and said[-1] == "共 1 行要改，没有写入任何内容。"
    assert said[0].startswith("工作表“市政服务”第 5 行：与工作表“市政服务”第 4 行是同一个事项")
    assert not Catalogue.objects.exists()


def test_what_a_person_must_look_at_is_said_and_the_status_is_one(cast, tmp_path):
    path = tmp_path / "目录.docx"
    path.write_bytes(made.document([made.row(1, "供水", "停水通知", limit="另行通知", subject="某公司")]))
    result = call("catalogue", "import", path, "-a", cast.finance.code)
    assert result.returncode == 1 and "读不出天数" in result.stderr.decode() and "机构名录里找不到" in result.stderr.decode()
    assert ItemStandard.objects.get().limit_words == "另行通知"


def test_what_cannot_be_imported_is_one_sentence(cast, file, tmp_path):
    assert "没有这个机构代码" in complaint(call("catalogue", "import", file, "-a", "none"))
    assert "没有“none”这个领域" in complaint(call("catalogue", "import", file, "-a", cast.finance.code, "--field", "none"))
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04rubbish")
    assert "a.xlsx" in complaint(call("catalogue", "import", tmp_path / "a.xlsx", "-a", cast.finance.code))
    assert "打不开" in complaint(call("catalogue", "import", tmp_path / "none.xlsx", "-a", cast.finance.code))

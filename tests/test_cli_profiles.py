"""`gongkai agencies import` takes what agencies tell of themselves: filled cells are kept, empty ones change nothing, all or nothing."""

from __future__ import annotations

from gongkai.agencies.models import Agency, AgencyProfile
from gongkai.conftest import *  # noqa: F403
from tests.cli_runner import call

TABLE = "名称,简称,类别,职能,电话,传真\n"


def test_what_is_filled_in_is_kept(cast, tmp_path):
    file = tmp_path / "机构.csv"
    file.write_text(TABLE + "清河市发展和改革委员会,市发改委,政府部门,1. 管理价格,0000-0000003,\n清河市档案馆,,其他,保管档案,,\n", "utf-8")
    dry = call("agencies", "import", file, "-j", cast.city.code, "--dry-run")
    assert dry.returncode == 0 and not AgencyProfile.objects.exists() and not Agency.objects.filter(name="清河市档案馆").exists()
    done = call("agencies", "import", file, "-j", cast.city.code)
    assert "已导入 1 个机构，跳过已有的 1 个。更新公开信息 2 个。" in done.stdout.decode()
    profile = AgencyProfile.objects.get(agency=cast.reform)
    assert (profile.functions, profile.fax) == ("管理价格", "")
    assert Agency.objects.get(pk=cast.reform.pk).phone == "0000-0000003"


def test_a_bad_cell_refuses_the_whole_table(cast, tmp_path):
    file = tmp_path / "机构.csv"
    file.write_text(TABLE + "清河市档案馆,,其他,保管档案,打总机,\n", "utf-8")
    result = call("agencies", "import", file, "-j", cast.city.code)
    assert result.returncode == 2 and "带区号" in result.stderr.decode()
    assert not Agency.objects.filter(name="清河市档案馆").exists()

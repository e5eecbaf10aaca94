"""`gongkai setup`, `agencies import`, `people import | password`: beginning for real, from an empty data folder."""

from __future__ import annotations

import csv
import re
import stat

import openpyxl
import pytest
from django.contrib.auth import authenticate

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, AgencyAlias, Jurisdiction, Membership, Section, User
from gongkai.agencies.signals import directory_changed
from gongkai.conftest import *  # noqa: F403
from tests.cli_runner import call, complaint, run

SETUP = ["--name", "青石市", "--level", "city", "--office", "青石市人民政府办公室", "--user", "qinming", "--display", "秦明"]
AGENCIES = """名称,简称,类别,代码,别名,内设机构,主管单位
青石市财政局,市财政局,政府部门,,市财局、财政局,预算科、国库科,
青石市国库支付中心,,其他,,,,市财政局
青石市教育局,市教育局,政府部门,370900-101,,,
"""
PEOPLE = """用户名,姓名,机构,科室,角色
zhang,张维,市财政局,预算科,经办人
zhang,张维,青石市教育局,,审核人
liu,刘阳,370900-101,基教科,负责人
qinming,秦明,青石市人民政府办公室,,经办人
"""


@pytest.fixture
def city(db, _prepared):
    result = call("setup", "--code", "370900", *SETUP, "--short", "市政府办公室", "--head")
    assert result.returncode == 0, result.stderr.decode()
    return Jurisdiction.objects.get(code="370900")


@pytest.fixture
def _prepared(monkeypatch):
    """The test database has its tables; setup in a process of its own is tested below."""
    import gongkai.site.prepare

    monkeypatch.setattr(gongkai.site.prepare, "prepare", lambda example: None)


@pytest.fixture
def put(tmp_path):
    def _put(text: str, name: str = "表.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return _put


def refused(result) -> list[str]:
    lines = result.stderr.decode().splitlines()
    assert result.returncode == 2 and result.stdout == b"", (result.returncode, lines)
    assert all(line.endswith("。") for line in lines) and "Traceback" not in "".join(lines)
    return lines


def test_an_empty_folder_becomes_an_installation_with_a_login(tmp_path):
    folder = tmp_path / "data"
    environment = {"GONGKAI_DATA": str(folder), "GONGKAI_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}
    table = tmp_path / "机构.csv"
    table.write_text(AGENCIES, "utf-8")
    early = run("agencies", "import", table, "-j", "370900", env=environment)
    assert "gongkai setup" in complaint(early) and not (folder / "gongkai.sqlite3").exists()
    first = run("setup", "--code", "370900", *SETUP, env=environment)
    assert first.returncode == 0, first.stderr.decode()
    password = re.search(r"密码 (\S+)", first.stdout.decode())[1]
    again = run("setup", "--code", "370900", *SETUP, env=environment)
    assert "已经建立" in complaint(again) and password not in again.stdout.decode()
    assert run("agencies", "import", table, "-j", "370900", env=environment).returncode == 0
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert password.encode() not in written
    fresh = run("people", "password", "qinming", env=environment)
    assert fresh.returncode == 0 and password not in fresh.stdout.decode()


def test_setup_makes_place_government_office_and_first_account(city):
    office = Agency.objects.get(jurisdiction=city, is_competent=True)
    assert (office.name, office.short_name, office.kind) == ("青石市人民政府办公室", "市政府办公室", "office")
    assert Agency.objects.filter(jurisdiction=city, kind="government").get().name == "青石市人民政府"
    scope = scope_of(User.objects.get(username="qinming"))
    assert scope.is_office_of(city.pk) and scope.heads_competent_agency_of(city.pk)


def test_the_password_shown_logs_in(db, _prepared, rf):
    said = call("setup", "--code", "370900", *SETUP).stdout.decode()
    password = re.search(r"密码 (\S+)", said)[1]
    assert authenticate(rf.post("/"), username="qinming", password=password).display_name == "秦明"
    assert not Membership.objects.filter(role="head").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--code": "37"}, "6、9 或 12 位数字"),
        ({"--code": "３７０９００"}, "6、9 或 12 位数字"),
        ({"--level": "市级"}, "province、city、county、township"),
        ({"--parent": "370000"}, "没有上级行政区划 370000"),
        ({"--user": "秦 明"}, "用户名"),
        ({"--display": " "}, "请写姓名"),
        ({"--office": "青" * 121}, "超过 120 个字"),
        ({"--office": ""}, "请填写机构全称"),
        ({"--name": "，"}, "请写行政区划名称"),
    ],
)
def test_setup_refuses_in_one_sentence_and_leaves_nothing(db, _prepared, change, words):
    given = dict(zip(SETUP[::2], SETUP[1::2], strict=True)) | {"--code": "370900"} | change
    assert words in complaint(call("setup", *(part for pair in given.items() for part in pair)))
    assert not Jurisdiction.objects.exists() and not User.objects.exists() and not Agency.objects.exists()


def test_a_county_stands_below_its_city_and_not_beside_it(city):
    county = ["--name", "白石县", "--office", "白石县人民政府办公室", "--display", "白云", "--parent", "370900"]
    assert "不高于" in complaint(call("setup", "--code", "370921", *county, "--user", "baiyun", "--level", "city"))
    assert "已有人使用" in complaint(call("setup", "--code", "370921", *county, "--user", "qinming", "--level", "county"))
    assert call("setup", "--code", "370921", *county, "--user", "baiyun", "--level", "county").returncode == 0
    assert Jurisdiction.objects.get(code="370921").parent == city


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_agencies_come_with_aliases_sections_and_parent(city, put, encoding):
    result = call("agencies", "import", put(AGENCIES, encoding=encoding), "--jurisdiction", "370900")
    assert result.returncode == 0, result.stderr.decode()
    assert "3 个机构" in result.stdout.decode()
    finance = Agency.objects.get(name="青石市财政局")
    assert set(finance.aliases.values_list("text", flat=True)) == {"市财局", "财政局"}
    assert set(finance.sections.values_list("name", flat=True)) == {"预算科", "国库科"}
    assert Agency.objects.get(name="青石市国库支付中心").parent == finance
    assert finance.kind == "department" and finance.code.startswith("370900-")


def test_a_dry_run_writes_nothing_and_a_second_run_skips(city, put):
    file, before = put(AGENCIES), Agency.objects.count()
    result = call("agencies", "import", file, "-j", "370900", "--dry-run")
    assert result.returncode == 0 and "没有写入" in result.stdout.decode() and Agency.objects.count() == before
    assert call("agencies", "import", file, "-j", "370900").returncode == 0
    result = call("agencies", "import", file, "-j", "370900")
    assert "已导入 0 个机构，跳过已有的 3 个" in result.stdout.decode() and Agency.objects.count() == before + 3


def test_drafts_that_wait_for_units_hear_of_an_import_once(city, put):
    heard = []

    def hear(jurisdiction, **more):
        heard.append((jurisdiction.pk, Agency.objects.filter(jurisdiction=city).count()))

    directory_changed.connect(hear)
    try:
        call("agencies", "import", put(AGENCIES), "-j", "370900", "--dry-run")
        assert heard == []
        call("agencies", "import", put(AGENCIES), "-j", "370900")
    finally:
        directory_changed.disconnect(hear)
    assert heard == [(city.pk, 5)]


def test_every_bad_row_is_named_and_nothing_imported(city, put):
    text = """名称,简称,类别,别名,主管单位
青石市财政局,市财政局,政府部门,财政局,
青石市税务局,,税务部门,,
青石市财政局,,政府部门,,
,,政府部门,,
青石市教育局,市财政局,政府部门,,
=1+1,,政府部门,,
青石市水利局,,政府部门,财政局,
"""
    before = Agency.objects.count()
    lines = refused(call("agencies", "import", put(text), "-j", "370900"))
    assert [re.search(r"第 (\d+) 行", line)[1] for line in lines[:-1]] == ["3", "4", "5", "6", "7", "8"]
    for line, words in zip(
        lines, ["政府部门、", "第 2 行重复", "名称是空的", "“市财政局”已指", "公式", "已指青石市财政局", "共 6 处"], strict=True
    ):
        assert words in line
    assert Agency.objects.count() == before and not AgencyAlias.objects.exists()


def test_parents_unknown_or_in_a_ring(city, put):
    text = "名称,简称,类别,主管单位\n青石市甲局,,政府部门,青石市乙局\n青石市乙局,,政府部门,青石市甲局\n青石市丙局,,政府部门,无此局\n"
    lines = refused(call("agencies", "import", put(text), "-j", "370900"))
    assert "转回到自己" in lines[0] and "转回到自己" in lines[1] and "没有主管单位“无此局”" in lines[2]
    assert not Agency.objects.filter(name__startswith="青石市甲").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("名称,类别\n青石市财政局,政府部门\n", "缺少列简称"),
        ("名称,简称,类别,别称\n青石市财政局,,政府部门,财局\n", "不认识的列别称"),
        ("名称,简称,类别,类别\n青石市财政局,,政府部门,\n", "出现了两次"),
        ("名称,简称,类别\n", "列名下面没有内容"),
        ("\n\n", "里面没有内容"),
        ('名称,简称,类别\n"青石市财政局,,政府部门\n', "第 2 行"),
        ("名称,简称\0,类别\n", "不是 csv 或 xlsx"),
    ],
)
def test_a_table_of_another_shape_is_refused_in_one_sentence(city, put, text, words):
    assert words in complaint(call("agencies", "import", put(text), "-j", "370900"))


def test_files_that_are_no_table(city, put, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "不是能读的 xlsx" in complaint(call("agencies", "import", tmp_path / "a.xlsx", "-j", "370900"))
    assert "旧版 Excel" in complaint(call("agencies", "import", tmp_path / "a.xls", "-j", "370900"))
    assert "打不开" in complaint(call("agencies", "import", tmp_path / "none.csv", "-j", "370900"))
    assert "没有这个行政区划" in complaint(call("agencies", "import", put(AGENCIES), "-j", "1"))


def test_a_workbook_with_numbers_and_a_formula(city, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["名称", "简称", "类别", "代码"])
    book.active.append(["青石市财政局", None, "政府部门", 370900123])
    book.save(tmp_path / "good.xlsx")
    assert call("agencies", "import", tmp_path / "good.xlsx", "-j", "370900").returncode == 0
    assert Agency.objects.get(name="青石市财政局").code == "370900123"
    book.active.append(["=A2", None, "政府部门", None])
    book.save(tmp_path / "bad.xlsx")
    lines = refused(call("agencies", "import", tmp_path / "bad.xlsx", "-j", "370900"))
    assert "第 3 行：“名称”是公式" in lines[0]


@pytest.fixture
def agencies(city, put):
    assert call("agencies", "import", put(AGENCIES, "机构.csv"), "-j", "370900").returncode == 0
    return city


def test_people_get_accounts_posts_and_a_file_of_their_own(agencies, put, tmp_path, rf):
    passwords = tmp_path / "密码.csv"
    result = call("people", "import", put(PEOPLE, encoding="gb18030"), "-o", passwords)
    assert result.returncode == 0, result.stderr.decode()
    assert "账号 2 个、任职 4 个" in result.stdout.decode() and "青石市教育局 基教科" in result.stderr.decode()
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    rows = list(csv.DictReader(passwords.read_text("utf-8-sig").splitlines()))
    assert [row["用户名"] for row in rows] == ["zhang", "liu"]
    for row in rows:
        assert authenticate(rf.post("/"), username=row["用户名"], password=row["密码"]) is not None
        assert row["密码"] not in (result.stdout + result.stderr).decode()
    assert Membership.objects.get(user__username="zhang", role="drafter").section.name == "预算科"
    assert Membership.objects.get(user__username="liu").role == "head"
    again = call("people", "import", put(PEOPLE), "-o", tmp_path / "二.csv")
    assert "账号 0 个、任职 0 个，已有的任职 4 个" in again.stdout.decode() and not (tmp_path / "二.csv").exists()


@pytest.mark.parametrize(
    ("rows", "lines", "words"),
    [
        ("a,甲,市财政局,,科员\n", ["2"], "经办人、审核人、保密审查员、负责人、政务公开办"),
        ("a,甲,市财政局,,经办人\na,甲,青石市财政局,,经办人\n", ["3"], "第 2 行重复"),
        ("a,甲,市财政局,,经办人\na,乙,市财政局,,审核人\n", ["3"], "一个用户名只能是一个人"),
        ("qinming,秦朗,市财政局,,经办人\n", ["2"], "已是秦明的"),
        ("a,甲,市水利局,,经办人\n", ["2"], "没有机构“市水利局”"),
        ("a,甲,,,经办人\n", ["2"], "机构是空的"),
        ("a b,甲,市财政局,,经办人\n", ["2"], "用户名“a b”"),
        ("a,,市财政局,,经办人\n", ["2"], "请写姓名"),
        ("a,甲,市财政局,,政务公开办\n", ["2"], "不是政府信息公开工作主管部门"),
        ("a,甲,市财政局,,经办人\n+b,乙,市财政局,,\n", ["3"], "公式"),
        ("a,甲,市财政局,,经办人,多\n", ["2"], "不在任何一列之下"),
    ],
)
def test_bad_people_are_named_and_nobody_is_made(agencies, put, tmp_path, rows, lines, words):
    target = tmp_path / "密码.csv"
    said = refused(call("people", "import", put("用户名,姓名,机构,科室,角色\n" + rows), "-o", target))
    assert [re.search(r"第 (\d+) 行", line)[1] for line in said[:-1]] == lines and words in said[0]
    assert User.objects.count() == 1 and not target.exists() and "没有写入" in said[-1]


def test_an_ambiguous_name_asks_for_the_code(cast, put, tmp_path):
    line = refused(call("people", "import", put("用户名,姓名,机构,角色\na,甲,市政府办公室,经办人\n"), "-o", tmp_path / "x.csv"))[0]
    assert cast.office.code in line and cast.elsewhere_office.code in line


def test_no_account_is_made_whose_password_cannot_be_kept(agencies, put, tmp_path):
    (tmp_path / "old.csv").write_text("kept")
    assert "已有这个文件" in complaint(call("people", "import", put(PEOPLE), "-o", tmp_path / "old.csv"))
    assert "不能写入" in complaint(call("people", "import", put(PEOPLE), "-o", tmp_path / "none" / "x.csv"))
    assert "-o" in complaint(call("people", "import", put(PEOPLE)))
    assert (tmp_path / "old.csv").read_text() == "kept" and User.objects.count() == 1


def test_the_file_goes_when_the_accounts_were_not_made(agencies, put, tmp_path, monkeypatch):
    from gongkai.cli.founding import _SecretFile

    write = _SecretFile.__call__

    def write_and_fail(self, accounts):
        write(self, accounts)
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(_SecretFile, "__call__", write_and_fail)
    assert call("people", "import", put(PEOPLE), "-o", tmp_path / "x.csv").returncode == 2
    assert User.objects.count() == 1 and not (tmp_path / "x.csv").exists()


def test_a_dry_run_of_people_makes_nobody(agencies, put):
    sections = Section.objects.count()
    result = call("people", "import", put(PEOPLE), "--dry-run")
    assert result.returncode == 0 and "没有写入" in result.stdout.decode()
    assert User.objects.count() == 1 and Section.objects.count() == sections


def test_password_is_reset_for_accounts_in_use_only(city, rf):
    said = call("people", "password", "qinming").stdout.decode()
    assert authenticate(rf.post("/"), username="qinming", password=re.search(r"密码 (\S+)", said)[1])
    assert "没有用户 nobody" in complaint(call("people", "password", "nobody"))
    User.objects.update(is_active=False)
    assert "已停用" in complaint(call("people", "password", "qinming"))

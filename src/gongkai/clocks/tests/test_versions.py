"""Versions of the table: as known on a day, by id, imported into a data folder, with local days off; and what an import refuses."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.clocks import calendar as clocks
from gongkai.clocks import layers
from gongkai.clocks.calendar import Calendar
from gongkai.clocks.errors import ClockError
from gongkai.clocks.tables import notice_from, read_file, warnings

# Not the notice for 2027, which is not out: a made-up arrangement of the right form.
FILE_2027 = """
year = 2027
title = "国务院办公厅关于2027年部分节假日安排的通知"
number = "国办发明电〔2026〕0号"
dated = 2026-11-05
off = [
    [2027-01-01, 2027-01-03], [2027-02-05, 2027-02-11], [2027-04-03, 2027-04-05], [2027-05-01, 2027-05-05],
    [2027-06-09, 2027-06-09], [2027-09-15, 2027-09-15], [2027-10-01, 2027-10-07],
]
work = [2027-01-09, 2027-02-13, 2027-05-08, 2027-10-09]
"""


def rows(text: str, name: str = "2027.toml"):
    return read_file(text.encode(), name)


@pytest.fixture
def folder(tmp_path):
    clocks.use(tmp_path)
    yield tmp_path
    clocks.use(None)


def test_a_change_of_2019_is_known_from_its_day_on():
    before, after = Calendar.load().as_of(date(2019, 3, 21)), Calendar.load().as_of(date(2019, 3, 22))
    assert before.is_working_day(date(2019, 5, 2)) and not after.is_working_day(date(2019, 5, 2))
    assert not before.is_working_day(date(2019, 4, 28)) and after.is_working_day(date(2019, 4, 28))
    assert max(before.years) == max(after.years) == 2019
    received = date(2019, 4, 10)
    assert before.add(received, 20).on == date(2019, 5, 9) and after.add(received, 20).on == date(2019, 5, 9)
    assert before.add(received, 14).on != after.add(received, 14).on


def test_the_spring_festival_of_2020_was_lengthened():
    before = Calendar.load().as_of(date(2020, 1, 25))
    assert before.is_working_day(date(2020, 2, 1)) and before.is_working_day(date(2020, 1, 31))
    assert not Calendar.load().is_working_day(date(2020, 2, 1))


def test_december_days_belong_to_the_notice_that_names_them():
    early = Calendar.load().as_of(date(2018, 11, 30))
    assert early.is_working_day(date(2018, 12, 31)) and not early.is_working_day(date(2018, 12, 29))
    late = Calendar.load().as_of(date(2018, 12, 4))
    assert not late.is_working_day(date(2018, 12, 31)) and late.is_working_day(date(2018, 12, 29))


def test_every_version_can_be_had_again_by_its_id():
    calendar = Calendar.load()
    history = calendar.history()
    assert len({version.version for version in history}) == len(history) == len(calendar.notices)
    assert history[-1].version == calendar.version
    for version in history:
        assert calendar.named(version.version).years == version.years
    with pytest.raises(ClockError, match="没有这个日历版本"):
        calendar.named("cn-2004-2026-00000000")


def test_an_import_is_a_layer_and_the_old_version_stays(folder):
    old = clocks.current()
    assert clocks.add_working_days(date(2026, 11, 23), 40) == (date(2027, 1, 19), True)
    (notice,) = rows(FILE_2027)
    assert warnings(notice) == [] and "两数不等" in warnings(rows(FILE_2027.replace("2027-01-09, ", ""))[0])[0]
    layers.write(folder, notice)
    clocks.reload()
    new = clocks.current()
    assert new.version != old.version and max(new.years) == 2027
    assert clocks.add_working_days(date(2026, 11, 23), 40) == (date(2027, 1, 18), False)  # Saturday 9 January is worked
    assert new.named(old.version).add(date(2026, 11, 23), 40) == (date(2027, 1, 19), True)
    assert old.add(date(2026, 11, 23), 40).on == date(2027, 1, 19)  # a calendar never changes under those who hold it


def test_a_year_imported_before_all_others_hides_no_version():
    old = Calendar.load()
    off = "[[2003-01-01, 2003-01-01], [2003-02-01, 2003-02-07], [2003-05-01, 2003-05-07], [2003-10-01, 2003-10-07]]"
    (notice,) = rows(f"year = 2003\ndated = 2002-12-31\noff = {off}\nwork = [2003-02-08, 2003-02-09]")
    new = old.with_notice(notice)
    assert min(new.years) == 2003 and new.named(old.version).years == old.years


def test_an_import_by_another_process_is_seen(folder, monkeypatch):
    assert 2027 not in clocks.announced()
    layers.write(folder, rows(FILE_2027)[0])
    monkeypatch.setattr(clocks._current, "next_look", 0.0)  # a second later
    assert 2027 in clocks.announced()


def test_a_written_row_reads_back_the_same(folder):
    text = FILE_2027.replace("2027年部分", '“2027”\\n年 \\\\ \\"部分')
    (notice,) = rows(text)
    path = layers.write(folder, notice)
    assert read_file(path.read_bytes(), str(path)) == [notice]
    assert layers.write(folder, notice).name == "0002-2027.toml" and len(layers.files(folder)) == 2
    assert [p for p in (folder / "calendar").iterdir() if not p.name.endswith(".toml")] == []


@pytest.mark.parametrize("title", ["删除\x7f键", "半个\ud800字"])
def test_a_row_that_could_not_be_read_again_is_not_written(folder, title):
    notice = replace(rows(FILE_2027)[0], title=title)
    with pytest.raises(ClockError, match="不能保存的字符"):
        layers.write(folder, notice)
    assert layers.files(folder) == []


VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.text(), st.dates(), st.floats(), st.sampled_from([date(2027, 2, 9), date(2027, 2, 13)])),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "off", "work", "dated", "certainty", "change", "scope", "until", "number"]), VALUES))
def test_whatever_stands_in_a_row_is_read_or_refused(fields):
    base = {"year": 2027, "scope": "45", "off": [date(2027, 3, 9)]}
    try:
        notice = notice_from({**base, **fields}, "x")
    except ClockError as error:
        assert str(error).startswith("x：") and str(error).endswith("。")
    else:
        assert all(day.weekday() >= 5 for day in notice.work) and notice.off.isdisjoint(notice.work)


def test_a_later_notice_replaces_an_earlier_and_a_change_adds():
    (first,) = rows(FILE_2027)
    (second,) = rows(FILE_2027.replace("2026-11-05", "2026-11-20").replace("2027-01-09, ", ""))
    (change,) = rows("year = 2027\nchange = true\ndated = 2027-03-01\noff = [[2027-04-02, 2027-04-02]]\nwork = [2027-04-10]")
    calendar = Calendar.load().with_notice(first).with_notice(second)
    assert not calendar.is_working_day(date(2027, 1, 9))
    (early,) = rows("year = 2027\nchange = true\ndated = 2026-11-10\noff = [[2027-04-02, 2027-04-02]]")
    assert Calendar([first, early]).is_working_day(date(2027, 4, 2)) is False
    assert Calendar([first, early, second]).is_working_day(date(2027, 4, 2))  # replaced together with what it changed
    changed = calendar.with_notice(change)
    assert not changed.is_working_day(date(2027, 4, 2)) and changed.is_working_day(date(2027, 4, 10))
    assert changed.is_working_day(date(2027, 2, 13))
    for late, words in [(first, "写明不早于"), (change, "先导入当年的通知")]:
        with pytest.raises(ClockError, match=words):
            (calendar if late is first else Calendar.load()).with_notice(late)


def test_local_days_off_hold_in_their_scope():
    national = Calendar.load()
    guangxi = national.for_scope("450100")
    assert national.is_working_day(date(2024, 4, 11)) and not guangxi.is_working_day(date(2024, 4, 11))
    assert not guangxi.is_working_day(date(2023, 4, 23)) and national.is_working_day(date(2023, 4, 23))  # 调休 undone there
    assert guangxi.is_working_day(date(2017, 4, 8)) and guangxi.why(date(2017, 4, 8)) == "本地调休上班"
    assert guangxi.why(date(2024, 4, 12)) == "本地放假日" and "+450100-" in guangxi.version
    assert national.for_scope("350100").version == national.version
    assert guangxi.as_of(date(2024, 3, 21)).is_working_day(date(2024, 4, 11))  # before the notice


def test_an_agencys_own_days_end_when_the_row_ends():
    (row,) = rows(
        'year = 2026\nscope = "AGENCY-7"\ntitle = "成立纪念日"\ndated = 2026-01-05\nuntil = 2026-06-30\noff = [2026-06-30, 2026-07-01]'
    )
    calendar = Calendar.load().with_notice(row).for_scope("AGENCY-7")
    assert not calendar.is_working_day(date(2026, 6, 30)) and calendar.is_working_day(date(2026, 7, 1))
    assert Calendar.load().with_notice(row).version == Calendar.load().version


@pytest.mark.parametrize("old, new, words", [
    ("work = [2027-01-09", "work = [2027-02-16", "2027-02-16 是星期二"),
    ("work = [2027-01-09", "work = [2027-01-08", "2027-01-08 是星期五"),
    ("[2027-06-09, 2027-06-09], ", "", "缺少法定节假日 2027-06-09（端午节）"),
    ("[2027-02-05, 2027-02-11]", "[2027-02-06, 2027-02-11]", "缺少法定节假日 2027-02-05（春节）"),
    ("work = [2027-01-09", "work = [2027-01-02", "既是放假日又是调休上班日"),
    ("[2027-01-01, 2027-01-03]", "[2027-01-03, 2027-01-01]", "不是一段放假"),
    ("[2027-01-01, 2027-01-03]", "[2027-01-01, 2028-01-03]", "不是一段放假"),
    ("work = [2027-01-09", "work = [2028-01-08", "不在 2027 年"),
    ("year = 2027", "", "year 要写年份"),
    ("year = 2027", "year = 2027\nwrok = []", "没有 wrok 这一项"),
    ("dated = 2026-11-05", "dated = 2026-13-05", "不是 toml"),
    ("dated = 2026-11-05", 'dated = "去年"', "不是日期"),
    ("dated = 2026-11-05", 'certainty = "sure"', "certainty 只能是"),
    ("work = [", "work = 5 #", "要写成列表"),
    ('number = "国办发明电〔2026〕0号"', "number = 7", "带引号"),
    ("year = 2027", "notice = 3", "没有读到"),
    ("year = 2027", 'year = 2027\nchange = "no"', "change 写 true 或 false"),
])  # fmt: skip
def test_a_bad_file_is_refused_with_one_sentence(old, new, words):
    assert old in FILE_2027
    with pytest.raises(ClockError) as refused:
        rows(FILE_2027.replace(old, new, 1))
    text = str(refused.value)
    assert words in text and text.startswith("2027.toml") and text.endswith("。") and "\n" not in text


def test_csv():
    text = "date,last,kind\n" + "".join(f"{a},{b},放假\n" for a, b in [
        ("2027-01-01", "2027-01-03"), ("2027-02-05", "2027-02-11"), ("2027-04-03", "2027-04-05"), ("2027-05-01", "2027-05-05"),
        ("2027-06-09", ""), ("2027-09-15", ""), ("2027-10-01", "2027-10-07"),
    ]) + "".join(f"{d},,上班\n" for d in ("2027-01-09", "2027-02-13", "2027-05-08", "2027-10-09"))  # fmt: skip
    (row,) = read_file(text.encode("gb18030"), "2027.csv", dated=date(2026, 11, 5))
    (same,) = rows(FILE_2027)
    assert (row.year, row.off, row.work, row.dated) == (2027, same.off, same.work, same.dated)
    bad_files = [
        ("a,b\n1,2\n", "date,kind"),
        ("date,kind\n", "没有日期"),
        ("date,kind\n2027-01-01,半天\n", "第 2 行：kind 写放假或上班"),
        ("date,kind\n1月1日,放假\n", "第 2 行：“1月1日”不是日期"),
    ]
    for bad, words in bad_files:
        with pytest.raises(ClockError, match=words):
            read_file(bad.encode(), "x.csv")
    with pytest.raises(ClockError, match="不是文本文件"):
        read_file(b"\xff\xff\x00\x81", "x.csv")


def test_a_folder_that_cannot_be_written_or_read_says_so(tmp_path):
    (tmp_path / "calendar").write_text("a file, not a folder")
    with pytest.raises(ClockError, match="不能写入"):
        layers.write(tmp_path, rows(FILE_2027)[0])
    assert layers.read(tmp_path) == () and layers.read(tmp_path / "missing") == ()
    good = tmp_path / "data"
    (good / "calendar").mkdir(parents=True)
    Path(good / "calendar" / "0001-2027.toml").write_text("year = ")
    with pytest.raises(ClockError, match="0001-2027.toml"):
        Calendar.load(good)

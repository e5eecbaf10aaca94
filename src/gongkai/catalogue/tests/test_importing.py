"""导入: the dry run says what would happen, the import does that and no more, the export reads back the same."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue.actions import importing as actions
from gongkai.catalogue.exports import sheet_bytes
from gongkai.catalogue.importing import FIELDS
from gongkai.catalogue.models import CatalogueVersion, Deed, Import, Item, ItemStandard
from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.tests import making
from gongkai.catalogue.tests import tables as made
from gongkai.journal.models import Entry

ROWS = [
    made.row(1, "供水", "停水通知", limit="提前24小时"),
    made.row(2, None, "水质公告", limit="每月10日前", public=None, group="√（用水户）"),
    made.row(3, "供热", "收费标准", limit="由市局另定", subject="市财政局、市自来水公司"),
]


def key() -> str:
    return str(uuid.uuid4())


def upload(version, actor, data=None, name="目录.xlsx", **kwargs) -> Import:
    return actions.upload(version, actor, key=key(), file=ContentFile(data or made.book(ROWS, merge=["B4:B5"]), name), **kwargs)


def refused(deed) -> str:
    with pytest.raises((ActionRefused, NotAllowed)) as error:
        deed()
    return str(error.value)


def values_of(version) -> list[dict]:
    return [
        {name: getattr(row, name) for name in FIELDS} | {"item": row.item_id, "subjects": {a.pk for a in row.subjects.all()}}
        for row in version.standards.prefetch_related("subjects")
    ]


def test_the_dry_run_writes_nothing_and_the_import_does_what_it_said(cast):
    version = making.version(cast.finance, rows=0)
    kept = upload(version, cast.other_officer)
    seen = actions.looked(kept)
    assert seen.counts == {"new": 3, "changed": 0, "same": 0, "wrong": 0}
    warnings = [sentence for _place, sentence in seen.warnings]
    assert len(warnings) == 2 and "由市局另定" in warnings[0] and "市自来水公司" in warnings[1]
    assert not ItemStandard.objects.exists()

    form = key()
    for _ in range(2):
        actions.apply(kept, cast.other_officer, key=form)
    rows = list(version.standards.select_related("item"))
    assert [(row.item.code, row.level1, row.level2) for row in rows] == [
        ("0001", "供水", "停水通知"),
        ("0002", "供水", "水质公告"),
        ("0003", "供热", "收费标准"),
    ]
    assert rows[2].limit == {} and rows[2].limit_words == "由市局另定", "kept, not guessed"
    assert [a.pk for a in rows[2].subjects.all()] == [cast.finance.pk]
    kept.refresh_from_db()
    assert kept.summary == {"new": 3, "changed": 0, "same": 0, "wrong": 0, "dropped": 0}
    assert Deed.objects.filter(kind="imported").count() == 1
    assert Entry.objects.filter(action="catalogue.added").count() == 3


def test_the_same_table_again_changes_nothing_and_another_changes_what_differs(cast):
    version = making.version(cast.finance, rows=0)
    actions.apply(upload(version, cast.other_officer), cast.other_officer, key=key())
    before = values_of(version)
    actions.apply(upload(version, cast.other_officer), cast.other_officer, key=key())
    assert values_of(version) == before

    rows = [made.row(1, "供水", "停水通知", limit="实时公开"), made.row(2, "供水", "水价")]
    kept = upload(version, cast.other_officer, made.book(rows))
    seen = actions.looked(kept)
    assert seen.counts == {"new": 1, "changed": 1, "same": 0, "wrong": 0}
    assert [step.changed_words for step in seen.steps] == ["公开时限", ""] and [str(r) for r in seen.missing] == ["水质公告", "收费标准"]
    actions.apply(kept, cast.other_officer, key=key())
    assert [str(row) for row in version.standards.all()] == ["水质公告", "收费标准", "停水通知", "水价"], "what the table has not stays"
    assert version.standards.get(level2="停水通知").item_id == before[0]["item"], "the item is the same"

    actions.apply(upload(version, cast.other_officer, made.book(rows), drop_missing=True), cast.other_officer, key=key())
    assert [str(row) for row in version.standards.all()] == ["停水通知", "水价"]
    assert Item.objects.filter(catalogue=version.catalogue).count() == 2


def test_a_table_with_one_bad_row_is_not_imported_at_all(cast):
    version = making.version(cast.finance, rows=0)
    kept = upload(version, cast.other_officer, made.book([made.row(1, "供水", "停水通知"), made.row(2, "供水", "停水通知")]))
    seen = actions.looked(kept)
    assert seen.faults == [("工作表“市政服务”第 5 行", "与工作表“市政服务”第 4 行是同一个事项，请合并成一行，或者把二级事项写得不同")]
    assert "表里有 1 行要改" in refused(lambda: actions.apply(kept, cast.other_officer, key=key()))
    assert not ItemStandard.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"x" * 10, "目录.exe", "类型不能导入"),
        (b"\xd0\xcf\x11\xe0old", "目录.xlsx", "旧版"),
        (b"\x89PNG\r\n\x1a\n", "目录.xlsx", "图片"),
        (made.plain_book([["甲", "乙"], [1, 2]]), "目录.xlsx", "表头"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence_and_no_file_stays(cast, data, name, says, settings, tmp_path):
    version = making.version(cast.finance, rows=0)
    assert says in refused(lambda: upload(version, cast.other_officer, data, name))
    assert not Import.objects.exists() and not list((tmp_path / "files").rglob("*.*"))


def test_nobody_else_imports_and_nothing_goes_into_what_is_approved(cast):
    draft, current = making.version(cast.finance, rows=0), making.version(cast.reform, state="current")
    assert "编制单位" in refused(lambda: upload(draft, cast.drafter))
    assert "已经批准" in refused(lambda: upload(current, cast.drafter))


def full_version(cast):
    version = making.version(cast.finance, rows=0)
    making.row(version, 1, level2="停水", stage="decision", links=["publish", "interpret"], cycle="monthly", plain_words="什么时候停水")
    making.row(version, 2, level2="水价", audience="group", audience_words="用水户（居民）", channels=["website", "other:微信群（物业）"])
    making.row(version, 3, level1="供热", level2="", method="both", levels=["city", "village"], audience="both", audience_words="住户")
    making.row(version, 4, level1="供热", level2="开栓", limit_words="由市局另定", limit={}, elements="甲\n乙", channels=[])
    return version


def test_an_exported_table_reads_back_the_same(cast):
    version = full_version(cast)
    version.standards.update(subject_words="市财政局")
    before = values_of(version)
    for fmt, name in (("xlsx", "目录.xlsx"), ("docx", "目录.docx")):
        kept = upload(version, cast.other_officer, sheet_bytes(version, fmt, full=fmt == "xlsx"), name)
        assert actions.looked(kept).counts == {"new": 0, "changed": 0, "same": 4, "wrong": 0}
        actions.apply(kept, cast.other_officer, key=key())
        assert values_of(version) == before

    other = making.version(cast.finance, kind="field", field="budget", rows=0)
    actions.apply(upload(other, cast.other_officer, sheet_bytes(version, "xlsx", full=True)), cast.other_officer, key=key())
    without = [{k: v for k, v in row.items() if k != "item"} for row in values_of(other)]
    assert without == [{k: v for k, v in row.items() if k != "item"} for row in before], "into an empty catalogue too"
    assert list(other.standards.values_list("item__code", flat=True)) == ["0001", "0002", "0003", "0004"]


WORDS = st.text(alphabet="供水停通知价格（）()、：，。■=+-@0123 ab", min_size=1, max_size=12).map(lambda t: f"甲{t}乙")
STANDARD = standard()


@st.composite
def rows(draw):
    """A row as a person could have made it: texts, lists of codes in their order."""
    channels = draw(st.lists(st.sampled_from([e.code for e in STANDARD.lists["channel"] if e.code != "other"]), unique=True))
    order = [e.code for e in STANDARD.lists["channel"]]
    values = {
        "level1": draw(WORDS),
        "level2": draw(WORDS),
        "elements": draw(WORDS),
        "basis": draw(WORDS),
        "plain_words": draw(WORDS),
        "channels": sorted(channels, key=order.index) + draw(st.sampled_from([[], ["other:微信群"], ["other:物业（北区）"]])),
        "audience": draw(st.sampled_from(["public", "group", "both", ""])),
        "method": draw(st.sampled_from(["proactive", "on_request", "both", ""])),
        "stage": draw(st.sampled_from(["", *STANDARD.names("stage")])),
        "cycle": draw(st.sampled_from(["", *STANDARD.names("cycle")])),
        "levels": draw(
            st.lists(st.sampled_from(list(STANDARD.names("level"))), unique=True).map(
                lambda c: sorted(c, key=list(STANDARD.names("level")).index)
            )
        ),
        "links": draw(
            st.lists(st.sampled_from(list(STANDARD.names("link"))), unique=True).map(
                lambda c: sorted(c, key=list(STANDARD.names("link")).index)
            )
        ),
    }
    values["audience_words"] = draw(st.sampled_from(["", "用水户", "居民（含租户）"])) if values["audience"] in ("group", "both") else ""
    return values


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.lists(rows(), min_size=1, max_size=4, unique_by=lambda row: (row["level1"], row["level2"])))
def test_any_version_goes_out_and_comes_back(cast, data):
    for model in (ItemStandard, CatalogueVersion, Item):
        model.objects.all().delete()
    version = making.version(cast.finance, rows=0)
    for n, values in enumerate(data, 1):
        making.row(version, n, **values)
    seen = actions.look(version, sheet_bytes(version, "xlsx", full=True), "目录.xlsx")
    assert seen.faults == []
    assert [(step.kind, step.changes) for step in seen.steps] == [("same", [])] * len(data)

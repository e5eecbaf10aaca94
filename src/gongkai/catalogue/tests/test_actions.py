"""The life of a catalogue through its verbs: draft, rows, approval by another, revision, comparison, discarding."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue.actions import catalogues, items
from gongkai.catalogue.comparing import compare
from gongkai.catalogue.exports import sheet_bytes
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Deed, Item, ItemSource, ItemStandard
from gongkai.catalogue.reporting import report_of
from gongkai.catalogue.signals import version_approved
from gongkai.catalogue.sources import ListRef, ListRow
from gongkai.catalogue.terms import terms_of
from gongkai.catalogue.tests import making
from gongkai.journal.models import Entry
from gongkai.obligations import proving, records

State = CatalogueVersion.State


def key() -> str:
    return str(uuid.uuid4())


def refused(deed) -> str:
    with pytest.raises((ActionRefused, NotAllowed)) as error:
        deed()
    return str(error.value)


def test_a_department_compiles_its_catalogue_and_another_person_approves_it(cast):
    """S1-4, S1-5: item by item, every column said, a clean report before it is in force."""
    version = catalogues.create(cast.reform, cast.drafter, key=key(), kind="agency")
    assert version.catalogue.title == "清河市发展和改革委员会主动公开基本目录"
    bare = items.add(version, cast.drafter, key=key(), values={"level1": "重大建设项目", "limit_words": "20个工作日内"})
    assert bare.limit == {"kind": "within", "n": 20, "unit": "working_days", "anchor": ""} and bare.item.code == "0001"

    report = report_of(version)
    assert report.incomplete == 1 and not report.is_clean
    missing = {problem.sentence for problem in report.problems}
    assert {"缺公开内容（要素）", "缺公开依据", "缺公开主体", "缺公开渠道和载体", "缺公开对象", "缺公开方式", "缺公开层级"} == missing
    assert "有空着的栏目" in refused(lambda: catalogues.approve(version, cast.head, key=key()))

    items.edit(bare, cast.drafter, key=key(), values=making.COMPLETE | {"level1": "重大建设项目"}, subjects=[cast.reform])
    assert report_of(version).is_clean and report_of(version).incomplete == 0
    told = []
    version_approved.connect(lambda **said: told.append(said["version"].pk), weak=False, dispatch_uid="test")
    try:
        catalogues.approve(version, cast.head, key=key())
    finally:
        version_approved.disconnect(dispatch_uid="test")
    version.refresh_from_db()
    assert (version.state, version.approved_by) == (State.CURRENT, cast.head) and told == [version.pk]
    written = set(Entry.objects.values_list("action", flat=True))
    assert {"catalogue.created", "catalogue.added", "catalogue.edited", "catalogue.approved"} <= written


def test_whoever_worked_on_a_version_does_not_approve_it(cast):
    version = making.version(cast.reform, cast.drafter)
    row = version.standards.first()
    items.edit(row, cast.reviewer, key=key(), values={"plain_words": "什么时候停水"})
    assert "不能批准" in refused(lambda: catalogues.approve(version, cast.reviewer, key=key()))
    assert "审核人、负责人" in refused(lambda: catalogues.approve(version, cast.drafter, key=key()))
    assert "审核人、负责人" in refused(lambda: catalogues.approve(version, cast.other_head, key=key()))
    catalogues.approve(version, cast.openness_officer, key=key())


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"level2": "其他"}, "指向不清"),
        ({"level2": "1.停水"}, "带着序号"),
        ({"level2": "停水？"}, "里有“？”"),
        ({"level2": "停" * 61}, "精简"),
        ({"level2": "供水"}, "同名"),
        ({"levels": ["nowhere"]}, "不是规定的分类"),
        ({"audience": "group"}, "没有写明是哪些人"),
    ],
)
def test_the_names_and_classes_of_items_are_checked(cast, values, says):
    version = making.version(cast.reform, rows=1, **values)
    report = report_of(version)
    assert [says in problem.sentence for problem in report.problems] == [True]
    assert report.reasons


def test_two_items_of_one_name_are_one_too_many(cast):
    version = making.version(cast.reform, level2="停水通知")
    assert sum("完全相同" in problem.sentence for problem in report_of(version).problems) == 2


def test_a_limit_nobody_could_read_is_a_doubt_and_no_bar(cast):
    version = making.version(cast.reform, rows=1, limit_words="由市局另定", limit={})
    report = report_of(version)
    assert report.is_clean and "没有读成天数" in report.doubts[0].sentence


def test_a_revision_keeps_every_item_and_what_was_approved_never_changes(cast):
    """S1-7: versions, change log, approval again; the identity of an item is stable."""
    first = making.version(cast.reform, cast.drafter, state="current")
    before = {row.item_id: row.elements for row in first.standards.all()}
    second = catalogues.revise(first.catalogue, cast.drafter, key=key(), reason="机构改革")
    assert second.number == 2 and {row.item_id for row in second.standards.all()} == set(before)
    assert [a.pk for a in second.standards.first().subjects.all()] == [cast.reform.pk]
    assert "正在修订" in refused(lambda: catalogues.revise(first.catalogue, cast.drafter, key=key(), reason="又一次"))
    kept, gone = second.standards.all()
    items.edit(kept, cast.drafter, key=key(), values={"elements": "更多内容"})
    items.drop(gone, cast.drafter, key=key())
    added = items.add(second, cast.drafter, key=key(), values=making.COMPLETE | {"level2": "水价"})
    assert added.item.code == "0003", "a number that was used is not used again"
    assert "不再改动" in refused(lambda: items.edit(first.standards.first(), cast.drafter, key=key(), values={"elements": "改"}))

    catalogues.approve(second, cast.head, key=key())
    first.refresh_from_db()
    assert first.state == State.PAST and {row.item_id: row.elements for row in first.standards.all()} == before
    changes = compare(first, second, terms_of(None))
    assert [(change.word, str(change.row)) for change in changes] == [("修改", "停水通知1"), ("新增", "水价"), ("删去", "停水通知2")]
    assert [(f.label, f.old, f.new) for f in changes[0].fields] == [("公开内容（要素）", "停水时间、范围", "更多内容")]
    assert Item.objects.filter(pk=gone.item_id).exists(), "the item of an earlier version keeps its page"


def test_a_discarded_draft_leaves_what_is_in_force_and_nothing_else(cast):
    first = making.version(cast.reform, cast.drafter, state="current")
    second = catalogues.revise(first.catalogue, cast.drafter, key=key(), reason="试改")
    items.add(second, cast.drafter, key=key(), values=making.COMPLETE | {"level2": "水价"})
    form = key()
    for _ in range(2):
        catalogues.discard(second, cast.drafter, key=form)
    assert list(first.catalogue.versions.all()) == [first] and first.catalogue.items.count() == 2
    assert Deed.objects.filter(kind="discarded").count() == 1


def test_a_second_field_begins_with_the_catalogue_of_the_first(cast):
    """S1-2: usable by other fields and places, with its own subject and its own items."""
    column = making.column(cast.office)
    first = making.version(cast.reform, state="current", kind="field", field="municipal", rows=3)
    Item.objects.filter(catalogue=first.catalogue).update(column=column)
    second = catalogues.create(cast.finance, cast.other_officer, key=key(), kind="field", field="budget", template=first)
    assert second.catalogue.title == "清河市财政预决算领域基层政务公开标准目录"
    rows = list(second.standards.select_related("item__column"))
    assert [row.level2 for row in rows] == ["停水通知1", "停水通知2", "停水通知3"] and rows[0].item.catalogue == second.catalogue
    assert rows[0].subject_words == cast.finance.name and [a.pk for a in rows[0].subjects.all()] == [cast.finance.pk]
    assert rows[0].item.column == column, "the same place has the same columns"
    assert not Item.objects.filter(catalogue=first.catalogue, standards__version=second).exists()
    far = catalogues.create(cast.east_finance, cast.county_drafter, key=key(), kind="field", field="budget", template=first)
    assert far.standards.first().item.column is None


def test_one_catalogue_for_an_agency_and_field(cast):
    form = key()
    made = [catalogues.create(cast.reform, cast.drafter, key=form, kind="agency") for _ in range(2)]
    assert made[0] == made[1]
    assert "已经有" in refused(lambda: catalogues.create(cast.reform, cast.drafter, key=key(), kind="agency"))
    assert "领域" in refused(lambda: catalogues.create(cast.reform, cast.drafter, key=key(), kind="field", field="none"))
    assert "编制单位" in refused(lambda: catalogues.create(cast.reform, cast.other_officer, key=key(), kind="agency"))
    assert Catalogue.objects.count() == 1


def test_items_are_made_from_the_rows_of_a_list_and_say_so(cast):
    """S1-1: 从权责清单和公共服务事项清单梳理; each item traces to its row, and a row gives one item."""
    version = making.version(cast.reform, cast.drafter, rows=0)
    source = ListRef(17, "权责清单", "市发改委权责清单", "/documents/17/")
    rows = [ListRow("A1", "企业投资项目核准", "《企业投资项目核准条例》", "核准结果"), ListRow("A2", "节能审查")]
    for _ in range(2):
        items.add_from_list(version, cast.drafter, key=key(), source=source, rows=rows)
    made = list(version.standards.select_related("item"))
    assert [(row.level1, row.basis, row.elements) for row in made] == [
        ("企业投资项目核准", "《企业投资项目核准条例》", "核准结果"),
        ("节能审查", "", ""),
    ]
    traced = ItemSource.objects.get(item=made[0].item)
    assert (traced.document_id, traced.row_key, traced.list_kind) == (17, "A1", "权责清单")
    assert "请勾选" in refused(lambda: items.add_from_list(version, cast.drafter, key=key(), source=source, rows=[]))


def test_a_draft_row_that_makes_no_sense_is_refused(cast):
    version = making.version(cast.reform, cast.drafter, rows=0)
    for values, says in (
        ({"level1": ""}, "请填写一级事项"),
        ({"level1": "甲" * 201}, "不能超过 200"),
        ({"level1": "甲", "stage": "no"}, "不是规定的分类"),
        ({"level1": "甲", "limit_words": "x", "limit": {"kind": "within", "n": 0, "unit": "days"}}, "大于 0"),
    ):
        assert says in refused(lambda values=values: items.add(version, cast.drafter, key=key(), values=values))
    assert not ItemStandard.objects.exists()


VERBS = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "drop", "approve", "revise", "discard"]), st.sampled_from(["drafter", "head"])), max_size=14
)


@pytest.mark.django_db(transaction=False)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=VERBS)
def test_whatever_order_the_verbs_come_in(cast, steps):
    """At most one draft and one in force; what was approved keeps its rows; nobody approves his own work."""
    Deed.objects.all()._raw_delete("default")
    ItemStandard.objects.all().delete()
    CatalogueVersion.objects.all().delete()
    Item.objects.all().delete()
    Catalogue.objects.all().delete()
    catalogue = catalogues.create(cast.reform, cast.drafter, key=key(), kind="agency").catalogue
    approved: dict[int, list[tuple[int, str]]] = {}
    for n, (verb, who) in enumerate(steps):
        actor = getattr(cast, who)
        draft = catalogue.versions.filter(state=State.DRAFT).first()
        row = draft.standards.first() if draft else None
        try:
            if verb == "revise":
                catalogues.revise(catalogue, actor, key=key(), reason="修订")
            elif draft is None:
                continue
            elif verb == "add":
                items.add(draft, actor, key=key(), values=making.COMPLETE | {"level2": f"第{n}个"})
            elif verb == "edit" and row:
                items.edit(row, actor, key=key(), values={"elements": f"内容{n}"})
            elif verb == "drop" and row:
                items.drop(row, actor, key=key())
            elif verb == "approve":
                catalogues.approve(draft, actor, key=key())
                approved[draft.pk] = list(draft.standards.values_list("item_id", "elements"))
            elif verb == "discard":
                catalogues.discard(draft, actor, key=key())
        except (ActionRefused, NotAllowed):
            pass
        states = list(catalogue.versions.values_list("state", flat=True))
        assert states.count("draft") <= 1 and states.count("current") <= 1
    for pk, rows in approved.items():
        version = CatalogueVersion.objects.get(pk=pk)
        assert list(version.standards.values_list("item_id", "elements")) == rows
        assert version.approved_by_id != version.made_by_id


def test_a_catalogue_in_force_proves_that_one_was_compiled(cast, make_obligation):
    """S1-5, S1-14: 编制目录和标准, proved by the catalogue approved, not by a report that says so; the paper stands beside it."""
    duty = make_obligation(
        owner=cast.reform, title="编制主动公开基本目录", proof={"kinds": ["catalogue"], "checks": ["published", "by_owner"]}
    )
    version = making.version(cast.reform, cast.drafter)
    assert records.facts_of("catalogue", version.catalogue_id).published_on is None
    assert records.candidates(duty) == []
    catalogues.approve(version, cast.head, key=key())
    facts = records.facts_of("catalogue", version.catalogue_id)
    assert facts.published_on == timezone.localdate() and facts.agency_id == cast.reform.pk and facts.public
    assert [one.record_id for one in records.candidates(duty)] == [version.catalogue_id]
    proving.hand_in(duty, cast.drafter, key=key(), kind="record", record=("catalogue", version.catalogue_id))
    duty.refresh_from_db()
    assert duty.fulfilled_on == timezone.localdate()
    for fmt in ("xlsx", "docx"):
        assert sheet_bytes(version, fmt, full=False).startswith(b"PK")

"""Leading groups: places with terms, one head at a time, the roster of any day (S1-12, S2-1)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.coordination import exports
from gongkai.coordination.actions import groups
from gongkai.coordination.models import GroupMember, LeadingGroup
from gongkai.coordination.queries.groups import roster
from gongkai.formats import xlsx_ledger

TODAY = timezone.localdate()


def ago(days):
    return TODAY - timedelta(days)


@pytest.fixture
def members(cast, group, key):
    officer = cast.user("openness_officer")
    return {
        name: groups.add_member(group, officer, key=key(), place=place, name=name, since=ago(200), post="职务", agency=cast.office)
        for place, name in (("office", "丁"), ("member", "丙"), ("head", "甲"), ("deputy", "乙"), ("office", "戊"))
    }


def names(group, on):
    return [m.name for m in roster(group, on)]


def test_the_roster_of_any_day(cast, group, members, key):
    officer = cast.user("openness_officer")
    groups.replace(members["甲"], officer, key=key(), name="庚", on=ago(100))
    groups.leave(members["丙"], officer, key=key(), on=ago(50))
    assert names(group, ago(250)) == []
    assert names(group, ago(200)) == names(group, ago(101)) == ["甲", "乙", "丙", "丁", "戊"]
    assert names(group, ago(100)) == names(group, ago(50)) == ["庚", "乙", "丙", "丁", "戊"]
    assert names(group, TODAY) == ["庚", "乙", "丁", "戊"]
    assert members["甲"].place == GroupMember.objects.get(name="庚").place, "who follows has the same place"


def test_a_dissolved_group_keeps_its_earlier_rosters(cast, group, members, key):
    groups.dissolve(group, cast.user("openness_officer"), key=key(), on=ago(10))
    group.refresh_from_db()
    assert names(group, ago(10)) and names(group, ago(9)) == []
    assert not GroupMember.objects.filter(until__isnull=True).exists()
    with pytest.raises(ActionRefused, match="撤销"):
        groups.add_member(group, cast.user("openness_officer"), key=key(), place="member", name="新", since=TODAY)


def test_there_is_one_head_and_nobody_is_in_twice(cast, group, members, key):
    officer = cast.user("openness_officer")
    with pytest.raises(ActionRefused, match="组长是甲"):
        groups.add_member(group, officer, key=key(), place="head", name="己", since=TODAY)
    with pytest.raises(ActionRefused, match="已经在任"):
        groups.add_member(group, officer, key=key(), place="member", name="丙", since=TODAY, post="职务")
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.create(group=group, place="head", name="己", since=TODAY)


def test_terms_follow_each_other(cast, group, members, key):
    officer = cast.user("openness_officer")
    for deed in (
        lambda: groups.replace(members["乙"], officer, key=key(), name="己", on=ago(200)),
        lambda: groups.leave(members["乙"], officer, key=key(), on=ago(201)),
        lambda: groups.dissolve(group, officer, key=key(), on=ago(201)),
        lambda: groups.add_member(group, officer, key=key(), place="member", name="早", since=ago(301)),
    ):
        with pytest.raises(ActionRefused):
            deed()
    assert GroupMember.objects.filter(until__isnull=True).count() == 5


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_keeps_a_group(cast, key, who):
    """The head or a reviewer of the agency, or the openness office of its place."""
    if who in {"reviewer", "head", "openness_officer", "openness_colleague"}:
        assert groups.establish(cast.reform, cast.user(who), key=key(), name="专班", established_on=TODAY).agency == cast.reform
        return
    with pytest.raises(NotAllowed):
        groups.establish(cast.reform, cast.user(who), key=key(), name="专班", established_on=TODAY)
    assert not LeadingGroup.objects.exists()


def test_pressing_twice_makes_one(cast, group, key):
    officer = cast.user("openness_officer")
    one = groups.add_member(group, officer, key="a", place="head", name="甲", since=TODAY)
    assert groups.add_member(group, officer, key="a", place="head", name="甲", since=TODAY) == one
    with pytest.raises(ActionRefused, match="同名"):
        groups.establish(cast.office, officer, key=key(), name=group.name, established_on=TODAY)


def test_senseless_people_are_refused(cast, group, key):
    officer = cast.user("openness_officer")
    for wrong in ({"name": ""}, {"name": "长" * 41}, {"name": "零\x00"}, {"post": "长" * 121}, {"place": "皇帝"}):
        with pytest.raises(ActionRefused):
            groups.add_member(group, officer, key=key(), **({"place": "member", "name": "甲", "since": TODAY} | wrong))
    assert not GroupMember.objects.exists()


def test_the_roster_as_a_list_on_paper(group, members):
    table = exports.roster_table(group, roster(group, TODAY), TODAY)
    words = "\n".join(cell.text for row in Document(io.BytesIO(exports.docx_bytes([table]))).tables[0].rows for cell in row.cells)
    assert all(part in words for part in ("甲", "组长", "副组长", "办公室人员", str(ago(200))))
    buffer = io.BytesIO()
    xlsx_ledger.write([table], buffer)
    sheet = load_workbook(io.BytesIO(buffer.getvalue())).active
    assert "甲" in {cell.value for row in sheet.iter_rows() for cell in row}

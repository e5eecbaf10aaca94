"""四环节一致 (S3-25): one label at four points, of the place's own set."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.agencies.errors import ActionRefused
from gongkai.publications import labels
from gongkai.publications.models import Document, LabelRecord, PlaceLabels
from gongkai.publications.tests import making

OPEN, ASKED = "此件公开发布", "此件依申请公开"


@pytest.fixture
def edition(cast: Any) -> Any:
    return making.draft(cast.reform, cast.drafter, kind="normative", label=OPEN)


def test_the_same_label_at_every_point_leaves_nothing_to_say(cast: Any, edition: Any) -> None:
    for point in ("slip", "register", "issue"):
        labels.note(edition.document, point, f"（{OPEN}）", cast.drafter, "测试")
    assert labels.reasons(edition) == []
    assert set(labels.seen(edition.document)) == {"slip", "register", "issue"}


def test_another_label_on_the_slip_stands_in_the_way_until_it_is_put_right(cast: Any, edition: Any) -> None:
    labels.note(edition.document, "slip", ASKED, cast.drafter)
    assert labels.reasons(edition) == [f"签文稿纸上的标识是“{ASKED}”，现在是“{OPEN}”，四个环节应当一致"]
    labels.note(edition.document, "slip", OPEN, cast.drafter)
    assert labels.reasons(edition) == []
    assert edition.document.label_records.count() == 2, "what was seen before is kept"


def test_what_stands_on_the_web_now_does_not_hold_up_the_next_edition(cast: Any, edition: Any) -> None:
    labels.note(edition.document, "web", ASKED, cast.drafter)
    assert labels.reasons(edition) == []


def test_the_same_label_again_adds_no_row(cast: Any, edition: Any) -> None:
    first = labels.note(edition.document, "slip", OPEN, cast.drafter)
    assert labels.note(edition.document, "slip", OPEN, cast.reviewer) == first
    assert LabelRecord.objects.count() == 1


@pytest.mark.parametrize("invented", ["此件内部掌握", "此件主动公开", "", "（）"])
def test_a_label_of_ones_own_is_refused(cast: Any, edition: Any, invented: str) -> None:
    """“不得另行创新”: not even one that another place prints."""
    PlaceLabels.objects.create(jurisdiction=cast.city, labels="four")
    with pytest.raises(ActionRefused) as refused:
        labels.note(edition.document, "slip", invented, cast.drafter)
    assert ("此件删减后公开" in str(refused.value)) == (invented not in ("", "（）"))
    assert not LabelRecord.objects.exists()


def test_the_points_of_many_documents_are_read_at_once(cast: Any, edition: Any, django_assert_num_queries: Any) -> None:
    other = making.draft(cast.reform, cast.drafter)
    labels.note(edition.document, "slip", OPEN, cast.drafter)
    labels.note(edition.document, "slip", ASKED, cast.drafter)
    with django_assert_num_queries(1):
        found = {row.pk: (row.label_slip, row.label_web) for row in labels.with_points(Document.objects.all())}
    assert found == {edition.document.pk: (ASKED, None), other.document.pk: (None, None)}

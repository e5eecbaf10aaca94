"""What the tests of coordination begin with: keys, files, a collection, a self-check, a group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.coordination.actions import checking, collecting, groups

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def key() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"test-{next(numbers)}"


@pytest.fixture
def paper() -> Callable[..., SimpleUploadedFile]:
    return lambda name="方案.pdf", content=PDF: SimpleUploadedFile(name, content)


@pytest.fixture
def make_collection(cast: Any, key: Any) -> Callable[..., Any]:
    """A collection of the city, two materials from 发改委, 财政局 and the two counties unless told otherwise; due in ten days."""

    def make(**fields: Any) -> Any:
        values: dict[str, Any] = {
            "title": "2026年实施方案",
            "items": ["实施方案", "公开目录"],
            "due_on": timezone.localdate() + timedelta(10),
            "reach": "chosen",
            "agencies": [cast.reform, cast.finance, cast.east_government, cast.west_government],
            "at": timezone.now() - timedelta(40),
        }
        place = fields.pop("jurisdiction", cast.city)
        actor = fields.pop("actor", cast.user("openness_officer"))
        return collecting.open_collection(place, actor, key=fields.pop("key", key()), **(values | fields))

    return make


@pytest.fixture
def row(cast: Any, make_collection: Any) -> Any:
    """What 市发改委 owes to a collection."""
    return make_collection().submissions.get(agency=cast.reform, item="实施方案")


@pytest.fixture
def self_check(cast: Any, key: Any) -> Any:
    return checking.start(cast.reform, cast.user("drafter"), key=key(), kind="self_check", title="自查", rules="self_check")


@pytest.fixture
def inspection(cast: Any, key: Any) -> Any:
    """The city's office inspects 市发改委: two points."""
    officer = cast.user("openness_officer")
    check = checking.start(cast.reform, officer, key=key(), kind="inspection", title="督查", rules="inspection")
    for text in ("栏目更新及时", "佐证齐全"):
        checking.add_point(check, officer, key=key(), text=text)
    return check


@pytest.fixture
def group(cast: Any, key: Any) -> Any:
    return groups.establish(
        cast.office,
        cast.user("openness_officer"),
        key=key(),
        name="清河市政务公开工作领导小组",
        established_on=timezone.localdate() - timedelta(300),
    )

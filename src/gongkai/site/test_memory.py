"""A web process settles before it forks and once when it is warm, never in between."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from gongkai.site import web


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_before_the_fork_everything_loaded_is_settled() -> None:
    gc.unfreeze()
    web.pre_fork(None, None)
    assert gc.get_freeze_count() > 10_000


def test_once_warm_the_templates_and_rules_are_settled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []
    monkeypatch.setattr(web.memory, "settle", lambda: times.append(1))
    for _ in range(3 * web.WARM):
        web.post_request(None, None, None, None)
    assert times == [1]

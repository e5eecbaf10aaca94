"""The deeds these tests write."""

from __future__ import annotations

import pytest

from gongkai.journal import words


@pytest.fixture(autouse=True)
def _deeds(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = ("x.y", "x.slow", "x.quick", "test.change", "place.named")
    monkeypatch.setattr(words, "_words", words.declared() | {code: f"试验：{code}" for code in codes})

"""What the tests of requests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone


@pytest.fixture
def on() -> Iterator[Callable[[str], None]]:
    """Moves today; what is done after it happens on that day."""
    real = timezone.now
    shift = {"by": timedelta(0)}
    with patch("django.utils.timezone.now", lambda: real() + shift["by"]):

        def move(day: str) -> None:
            target = timezone.make_aware(timezone.datetime.fromisoformat(f"{day}T09:00"))
            shift["by"] = target - real()

        yield move

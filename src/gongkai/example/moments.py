"""Acting in the past: the example tells what happened over two years through the verbs people use, and those say “now”."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment` for whatever asks django.utils.timezone. For the example city alone."""
    with patch("django.utils.timezone.now", lambda: moment.astimezone(UTC)):
        yield

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _drop_in_a_folder_of_the_test(settings: Any, tmp_path: Any) -> None:
    settings.DROP_DIR = tmp_path / "drop"
    settings.DATA_DIR = tmp_path

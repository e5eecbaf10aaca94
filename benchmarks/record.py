"""Where figures are kept, and of which state of the code they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def commit() -> str:
    """Short name of the commit, with a + when files differ from it."""
    git = ["git", "-C", str(DOCS)]
    name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False).stdout.strip()
    return (name or "?") + ("+" if changed else "")

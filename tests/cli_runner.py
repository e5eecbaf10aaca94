"""Runs `gongkai` for the tests: as a process of its own, or inside this one."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"


def run(*arguments: str, stdin: bytes = b"", **more) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8", **more.pop("env", {})}
    command = [sys.executable, "-m", "gongkai.cli", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=300, env=environment, check=False, **more)


def call(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    """The same inside this process, for the many small cases."""
    from gongkai.cli.main import main

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
        out.flush()
        err.flush()
    return subprocess.CompletedProcess(arguments, status, out.buffer.getvalue(), err.buffer.getvalue())


def complaint(result: subprocess.CompletedProcess[bytes]) -> str:
    """The one line on stderr of a refused call."""
    text = result.stderr.decode()
    assert result.returncode == 2, (result.returncode, text)
    assert text.count("\n") == 1 and text.endswith("。\n"), text
    assert "Traceback" not in text and "Error" not in text.replace("ServeError", "")
    return text

"""Child processes that neither outlive their parent nor stay dead."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

PARENT = "GONGKAI_PARENT"
_PR_SET_PDEATHSIG = 1
_QUICK = 60.0
"""Seconds: deaths closer together than this make the pause before the next start longer."""


def die_with_parent() -> None:
    """Called by a child at its start: when the supervisor dies, even by SIGKILL, the kernel tells this process to stop (Linux)."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Child:
    """One process kept alive. `name` is what messages call it."""

    name: str
    command: list[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    start_at: float = 0.0

    def start(self) -> None:
        # A session of its own, so that Ctrl+C in the terminal reaches only the supervisor, which then stops its children in order.
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, PARENT: str(os.getpid())},
            pass_fds=self.pass_fds,
            start_new_session=True,
        )

    def check(self, now: float) -> str | None:
        """Restarts a dead child: at once, then after 1, 2, 4 … 30 s when it keeps dying. Returns a sentence when it has died."""
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return None
        status = self.process.poll()
        if status is None:
            return None
        self.process = None
        self.deaths = [at for at in self.deaths if now - at < _QUICK] + [now]
        pause = 0.0 if len(self.deaths) == 1 else min(30.0, 2.0 ** (len(self.deaths) - 2))
        self.start_at = now + pause
        how = f"被信号 {-status} 终止" if status < 0 else f"退出，状态 {status}"
        return f"{self.name}{how}，{'立即' if not pause else f'{pause:g} 秒后'}重新启动。"

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Waits for the end asked for by `stop`, and after `until` (monotonic) waits no longer."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextlib.contextmanager
def signals(*numbers: signal.Signals) -> Iterator[list[int]]:
    """Within, the given signals are collected in a list instead of ending the process."""
    seen: list[int] = []
    before = {number: signal.signal(number, lambda received, frame: seen.append(received)) for number in numbers}
    try:
        yield seen
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""Starting the product as a person would, in processes of its own, for tests that look at it from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

SERVE = """
import sys
from gongkai.site.serve import ServeError, serve
try:
    sys.exit(serve(port=int(sys.argv[1])))
except ServeError as error:
    sys.exit(str(error))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "DJANGO_", "PYTEST_"))}
    return {**kept, "GONGKAI_DATA": str(folder), "PYTHONUNBUFFERED": "1", **more}


def clock_at(moment: datetime) -> dict[str, str]:
    """Variables of a process for which it is `moment` (with its zone) now, and goes on from there; so for all that it starts."""
    paths = [str(Path(__file__).parent / "other_time"), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "CLOCK_AHEAD_BY_TESTS": f"{moment.timestamp() - time.time():.0f}"}


def run_python(code: str, folder: Path, *arguments: str, within: float = 120, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )


def eventually(fact: Callable[[], object], within: float = 30) -> None:
    until = time.monotonic() + within
    while not fact():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.05)


def children_of(pid: int) -> dict[str, int]:
    """Command line → pid of the direct children."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == pid and status[0] != "Z":
                found[(folder / "cmdline").read_text().replace("\0", " ")] = int(folder.name)
        except (OSError, IndexError):
            continue
    return found


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Server:
    def __init__(self, folder: Path, example: bool = False, port: int = 0, **more: str) -> None:
        self.port = port or free_port()
        self.out = (folder / "out.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.port)],
            env=environment(folder, GONGKAI_EXAMPLE="1" if example else "0", **more),
            stdout=self.out,
            stderr=subprocess.STDOUT,
        )
        self.pids: list[int] = []

    def answer(self, path: str = "/") -> int | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def ready(self) -> None:
        eventually(lambda: "http://" in self.said() or self.process.poll() is not None, 90)
        assert self.process.poll() is None, self.said()
        self.pids = list(children_of(self.process.pid).values())

    def stop(self) -> None:
        """Asks it to end; and makes sure of it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in self.pids:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        self.out.close()

    def said(self) -> str:
        self.out.seek(0)
        return self.out.read()

    def child(self, part: str) -> int:
        return next(pid for command, pid in children_of(self.process.pid).items() if part in command)


FORKS = """
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
before, each = (compile(open(path).read(), path, "exec") for path in sys.argv[1:3])
exec(before)
print("ready", flush=True)
for word in map(str.strip, sys.stdin):
    pid = os.fork()
    if pid == 0:
        os.dup2(2, 1)
        try:
            exec(each)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    print(pid, flush=True)
"""


class Forks:
    """Processes to be killed, born of one that has loaded the product: importing it takes longer than what most of them live to do.

    `before` is run once, `each` in every process, which finds in `word` what `start` was given; a connection to the database is opened by
    `each`, as no two can share one.
    """

    def __init__(self, before: str, each: str, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / "before.py", folder / "each.py"]
        for path, code in zip(paths, (before, each), strict=True):
            path.write_text(code)
        self._parent = subprocess.Popen(
            [sys.executable, "-c", FORKS, *map(str, paths)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._born: list[int] = []
        assert self._said() == "ready"

    def _said(self) -> str:
        assert self._parent.stdout is not None
        return self._parent.stdout.readline().strip()

    def start(self, word: str = "") -> int:
        """A new process; its pid."""
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"{word}\n")
        self._parent.stdin.flush()
        self._born.append(int(self._said()))
        return self._born[-1]

    def kill(self, pid: int) -> None:
        """At once, and gone when this returns."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        eventually(lambda: not alive(pid))

    def stop(self) -> None:
        for pid in self._born:
            self.kill(pid)
        self._parent.kill()
        self._parent.communicate()

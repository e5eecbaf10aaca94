"""`gongkai serve` as a person runs it: real processes, a data folder of their own, signals."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running import SERVE, Server, alive, children_of, environment, eventually, free_port, run_python
from tests.templates import prepared_folder


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A data folder of this test's own, as after a first start."""
    return prepared_folder(tmp_path / "data")


@pytest.fixture
def start(prepared: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def _start(example: bool = False) -> Server:
        servers.append(Server(prepared, example))
        return servers[-1]

    yield _start
    for server in servers:
        server.stop()


def test_the_example_city_is_served_with_a_login_kept_from_others(start, prepared):
    server = start(example=True)
    server.ready()
    assert server.answer("/") == 200
    assert server.answer("/work/login/") == 200
    file = prepared / "example_password"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert server.said().count(file.read_text().strip()) == 2  # the openness office and one owner


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_stops_web_and_worker_together(start, number):
    server = start()
    server.ready()
    assert len(server.pids) == 2
    server.process.send_signal(number)
    assert server.process.wait(20) == 0
    assert not any(alive(pid) for pid in server.pids)
    assert server.answer() is None


def test_a_killed_web_process_is_replaced_without_refusing_readers(start):
    server = start()
    server.ready()
    os.kill(server.child("gunicorn"), signal.SIGKILL)
    while "网页进程被信号 9 终止" not in server.said():
        assert server.answer() is not None  # a connection made now waits on the supervisor's socket for the replacement
    assert server.answer() is not None


def test_a_killed_worker_is_replaced(start):
    server = start()
    server.ready()
    before = server.child("worker")
    os.kill(before, signal.SIGKILL)
    eventually(lambda: any("worker" in c and pid != before for c, pid in children_of(server.process.pid).items()))
    assert server.answer() is not None


def test_nothing_outlives_a_killed_supervisor(start):
    server = start()
    server.ready()
    server.process.kill()
    server.process.wait()
    eventually(lambda: not any(alive(pid) for pid in server.pids), 20)
    again = start()  # and no lock it held stands in the way of the next start
    again.ready()
    assert again.answer() is not None


def test_a_busy_port_is_one_sentence(start, tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        result = run_python(SERVE, tmp_path, str(port))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert f"端口 {port} 已被占用" in result.stderr


def test_a_task_left_running_by_a_killed_worker_is_queued_again(prepared):
    code = """
from gongkai.site.prepare import setup; setup()
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
DBTaskResult.objects.create(args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default", status="RUNNING",
                            run_after=timezone.now(), exception_class_path="", traceback="", started_at=timezone.now())
from gongkai.site.worker import release_interrupted
print(release_interrupted(), DBTaskResult.objects.get().status, DBTaskResult.objects.ready().count())
"""
    result = run_python(code, prepared)
    assert result.stdout.split() == ["1", "READY", "1"], result.stderr


def test_preparing_again_changes_nothing_and_two_at_once_do_not_collide(tmp_path):
    code = "from gongkai.site.serve import prepare; prepare(example=False)"
    both = [subprocess.Popen([sys.executable, "-c", code], env=environment(tmp_path), stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted("准备数据库" in words for words in said) == [False, True]
    assert run_python(code, tmp_path).stderr == ""


CHECK = "from gongkai.site.check import check\nfor c in check(): print(c.name, c.ok, c.mend, sep='|')"


def checked(folder: Path, **more: str) -> dict[str, tuple[bool, str]]:
    result = run_python(CHECK, folder, **more)
    assert result.returncode == 0, result.stderr
    rows = [line.split("|", 2) for line in result.stdout.splitlines()]
    return {name: (ok == "True", mend) for name, ok, mend in rows}


def test_check_finds_a_prepared_folder_fit(prepared):
    found = checked(prepared)
    assert {"配置", "数据库", "数据库结构", "静态文件", "磁盘", "时钟", "字体"} <= set(found)
    assert all(ok for name, (ok, _) in found.items() if name not in {"字体", "磁盘"}), found


def test_check_names_each_fault_with_its_mend(tmp_path, prepared):
    assert checked(tmp_path / "fresh")["数据库"] == (False, "还没有数据库：运行 gongkai serve，它会建立")
    with sqlite3.connect(prepared / "gongkai.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'plans'")
    (prepared / "static.signature").write_text("an older version")
    found = checked(prepared)
    assert not found["数据库结构"][0]
    assert "升级" in found["数据库结构"][1]
    assert not found["静态文件"][0]


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"GONGKAI_DUE_SOON_DAYS": "soon"}, "soon"),
        ({"GONGKAI_DATABASE_URL": "nonsense://"}, "设置"),
        ({"GONGKAI_SECRET_KEY": "short"}, "GONGKAI_SECRET_KEY"),
        ({"GONGKAI_DEBUG": "1", "GONGKAI_HOSTS": "www.example.cn"}, "GONGKAI_DEBUG"),
        ({"GONGKAI_DATEBASE_URL": "postgres://x"}, "GONGKAI_DATEBASE_URL"),
        ({"GONGKAI_DATA": "/proc/nowhere"}, "GONGKAI_DATA"),
    ],
)
def test_check_says_which_setting_is_wrong(tmp_path, variables, word):
    found = checked(tmp_path, **variables)
    assert not found["配置"][0]
    assert word in found["配置"][1]


def test_an_unreachable_database_is_one_sentence(tmp_path):
    url = f"postgres://nobody@127.0.0.1:{free_port()}/none"
    assert not checked(tmp_path, GONGKAI_DATABASE_URL=url)["数据库"][0]
    result = run_python(SERVE, tmp_path, "0", GONGKAI_DATABASE_URL=url)
    assert result.returncode == 1
    assert result.stderr.startswith("数据库连不上")
    assert len(result.stderr.strip().splitlines()) == 1

"""`gongkai serve`: the web process and the worker, started, watched and stopped together."""

from __future__ import annotations

import errno
import http.client
import signal
import socket
import sys
import time

from gongkai.site.prepare import ServeError, example_password, prepare, setup, tell
from gongkai.site.processes import Child, signals
from gongkai.site.worker import run as worker

__all__ = ["ServeError", "prepare", "serve", "worker"]

_GIVE_UP = 5
"""Deaths of the web process within a minute, never having answered, after which starting it again is no use."""
_STOP_WITHIN = 12.0


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket belongs to the supervisor: while a web process is replaced, readers wait instead of being refused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except socket.gaierror as error:
        raise ServeError(f"找不到地址 {host}：用 --host 给出本机的地址，例如 127.0.0.1。") from error
    except OverflowError as error:
        raise ServeError(f"端口 {port} 不在 1 至 65535 之间。") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServeError(f"端口 {port} 已被占用：停止占用它的程序，或换一个端口：gongkai serve --port {port + 1}。") from error
        if error.errno == errno.EACCES:
            raise ServeError(f"没有权限使用端口 {port}：换一个 1024 以上的端口，例如 --port 8000。") from error
        raise ServeError(f"不能在 {host}:{port} 上提供服务：{error.strerror}。") from error
    return listener


def _answers(listener: socket.socket, timeout: float) -> int | None:
    """Status of the home page asked from this machine itself, or None while there is no answer."""
    address = listener.getsockname()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104
    connection = http.client.HTTPConnection(host, address[1], timeout=timeout)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _welcome(host: str, port: int) -> str:
    """Address, login, what to try first."""
    from django.conf import settings

    from gongkai.agencies.models import Membership

    shown = {"0.0.0.0": "localhost", "::": "localhost", "127.0.0.1": "localhost", "::1": "localhost"}.get(host, host)  # noqa: S104
    base = f"http://{shown}:{port}"
    lines = ["", f"  门户      {base}/", f"  工作台    {base}/work/", ""]
    people = Membership.objects.select_related("user", "agency").filter(user__is_active=True).order_by("user_id")
    if password := example_password():
        officer = people.filter(role="openness_office", agency__is_competent=True).first()
        drafter = people.filter(role="drafter", agency__kind="department").first()
        if officer:
            lines.append(f"  政务公开办  用户名 {officer.user.username}   口令 {password}   （{officer.agency.display_name}）")
        if drafter:
            lines.append(f"  责任单位    用户名 {drafter.user.username}   口令 {password}   （{drafter.agency.display_name}）")
        lines += [
            "  （示例人员的初始口令，都相同；改过的以改后的为准）",
            "",
            "  先试：1 以政务公开办登录，在“方案”里导入一份工作要点，核对后下达；",
            "        2 以责任单位登录，签收、报送进展、申请办结；",
            "        3 不登录，打开门户里的方案，看每项任务的状态和原文。",
        ]
    elif people.exists():
        lines.append("  使用已有的账号登录。")
    else:
        lines.append("  还没有单位和人员。正式使用：gongkai setup --help；先看示例：停止后运行 make serve，或设 GONGKAI_EXAMPLE=1 再启动。")
    if host not in {"127.0.0.1", "localhost", "::1"} and "*" not in settings.ALLOWED_HOSTS:
        lines += ["", f"  只回答以这些名称来的访问：{'、'.join(settings.ALLOWED_HOSTS)}（GONGKAI_HOSTS 可改）。"]
    lines += ["", "  停止：Ctrl+C", ""]
    return "\n".join(lines)


def serve(host: str = "127.0.0.1", port: int = 8000) -> int:
    """Prepares the data folder, then runs until SIGTERM or SIGINT; returns the exit status. Raises ServeError when it cannot start."""
    setup()
    listener = _listen(host, port)  # before anything is prepared: a busy port is the commonest reason not to start

    from django.conf import settings

    prepare(example=settings.EXAMPLE)
    web = Child(
        "网页进程",
        [sys.executable, "-m", "gunicorn", "-c", "python:gongkai.site.web", "--bind", f"fd://{listener.fileno()}"],
        pass_fds=(listener.fileno(),),
    )
    queue = Child("后台进程", [sys.executable, "-m", "gongkai.site.worker"])
    status, ready = 0, False
    with signals(signal.SIGTERM, signal.SIGINT) as stop_asked:
        web.start()
        queue.start()
        while not stop_asked:
            for child in (web, queue):
                if news := child.check(time.monotonic()):
                    tell(news)
            if not ready and web.process is not None:
                answer = _answers(listener, timeout=2)
                if answer is not None and not stop_asked:
                    ready = True
                    if answer >= 500:
                        tell(f"首页回答 {answer}：运行 gongkai check 查看原因。")
                    sys.stdout.write(_welcome(host, listener.getsockname()[1]))
                    sys.stdout.flush()
            if not ready and len(web.deaths) >= _GIVE_UP:
                tell("网页进程不能启动，原因见上；运行 gongkai check 逐项检查。")
                status = 1
                break
            time.sleep(0.1 if not ready else 0.3)
        listener.close()
        until = time.monotonic() + _STOP_WITHIN
        for child in (web, queue):
            child.stop()
        for child in (web, queue):
            child.wait(until)
    return status

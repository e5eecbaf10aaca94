"""Gunicorn's settings (`gunicorn -c python:gongkai.site.web`). The listening socket comes from the supervisor in serve.py."""

from __future__ import annotations

from itertools import count
from typing import Any

from gongkai.site import memory
from gongkai.site.processes import die_with_parent
from gongkai.site.settings import WEB_PROCESSES

wsgi_app = "gongkai.site.wsgi:application"
worker_class = "gthread"
workers = WEB_PROCESSES
threads = 8
timeout = 120  # a long plan is read inside the request that imports it
graceful_timeout = 8
keepalive = 5
preload_app = True  # a fault in the configuration ends the process with its reason, instead of workers that die one after another
control_socket_disable = True
loglevel = "warning"
errorlog = "-"


WARM = 200
"""Requests after which a web process has compiled its templates and read its rules."""
_answered = count(1)


def on_starting(server: Any) -> None:
    die_with_parent()


def pre_fork(server: Any, worker: Any) -> None:
    memory.settle()


def post_request(worker: Any, request: Any, environ: Any, response: Any) -> None:
    if next(_answered) == WARM:
        memory.settle()

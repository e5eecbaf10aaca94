"""Starting the service, and its pages: from the command to the first answered page, then the time and weight of each public page."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

GONGKAI = str(Path(sys.executable).with_name("gongkai"))
START_LIMIT = 5.0
PAGE_LIMIT = 1.0
WEIGHT_LIMIT = 150_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    """(status, body), without compression."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@contextmanager
def served(folder: str) -> Iterator[tuple[int, float]]:
    """A running installation: (port, seconds from the command to the first answered page)."""
    port = free_port()
    environment = {**os.environ, "GONGKAI_DATA": folder, "GONGKAI_EXAMPLE": "1"}
    begin = time.perf_counter()
    process = subprocess.Popen([GONGKAI, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        while True:
            if process.poll() is not None:
                raise SystemExit(f"gongkai serve ended with status {process.returncode}")
            try:
                status, _ = get(port, "/")
            except OSError:
                time.sleep(0.02)
            else:
                break
        took = time.perf_counter() - begin
        if status != 200:
            raise SystemExit(f"the home page answered {status}")
        yield port, took
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def page_times(port: int, path: str, rounds: int = 20) -> float:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        status, _ = get(port, path)
        times.append(time.perf_counter() - begin)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
    return median(times)


def weight(port: int, path: str) -> int:
    """Bytes of the page with its own styles and scripts, pictures left out, uncompressed."""
    _, body = get(port, path)
    assets = set(re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js))"', body))
    return len(body) + sum(len(get(port, asset.decode())[1]) for asset in assets)


def run() -> dict[str, str]:
    """Prints as it goes; the figures for the row."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        with served(folder) as (_, first):
            print(f"serve      first start, with database and example city: {first:.1f} s")
        with served(folder) as (port, second):
            print(f"serve      second start: {second:.2f} s, {START_LIMIT / second:.1f} times under the limit of {START_LIMIT:.0f} s")
            plan = re.search(rb'href="(/plans/\d+/)"', get(port, "/plans/")[1])
            if plan is None:
                raise SystemExit("the list of plans shows no plan")
            slowest, heaviest = 0.0, 0
            for path in ("/", "/plans/", plan[1].decode()):
                took, size = page_times(port, path), weight(port, path)
                slowest, heaviest = max(slowest, took), max(heaviest, size)
                print(f"page       {path:<12} {took * 1000:5.0f} ms, {size / 1000:4.0f} kB without pictures")
            print(f"page       slowest {PAGE_LIMIT / slowest:.0f} times under the limit of {PAGE_LIMIT:.0f} s")
            print(f"page       heaviest {heaviest / WEIGHT_LIMIT:.2f} of the limit of {WEIGHT_LIMIT // 1000} kB")
    return {"second start s": f"{second:.2f}", "slowest page ms": f"{slowest * 1000:.0f}", "heaviest page kB": f"{heaviest / 1000:.0f}"}

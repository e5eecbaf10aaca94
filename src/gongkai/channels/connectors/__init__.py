"""The registry: the connectors of this house, and those that installed packages add by the entry point group `gongkai.connectors`."""

from __future__ import annotations

import logging
from functools import cache
from importlib.metadata import entry_points

from django.utils.module_loading import import_string

from gongkai.channels.connectors.base import Connector

logger = logging.getLogger("gongkai.channels")
GROUP = "gongkai.connectors"
OWN = (
    "gongkai.channels.connectors.atom.connector.Atom",
    "gongkai.channels.connectors.email.connector.Email",
    "gongkai.channels.connectors.webhook.connector.Webhook",
    "gongkai.channels.connectors.file_drop.connector.FileDrop",
    "gongkai.channels.connectors.manual.connector.Manual",
)


@cache
def _found() -> tuple[dict[str, Connector], list[str]]:
    found: dict[str, Connector] = {}
    broken: list[str] = []
    for path in OWN:
        one: Connector = import_string(path)()
        found[one.name] = one
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            other = point.load()()
            if not isinstance(other, Connector) or not other.name.isidentifier():
                raise TypeError("不是连接方式")
            if other.name in found:
                raise TypeError(f"名称 {other.name} 已经有了")
        except Exception:  # noqa: BLE001 — somebody else's package must not stop the house
            logger.exception("连接方式扩展 %s 不能装入", point.name)
            broken.append(f"{point.name}（{point.value}）")
        else:
            found[other.name] = other
    return found, broken


def connectors() -> dict[str, Connector]:
    """Name → connector, those of the house first."""
    return _found()[0]


def broken() -> list[str]:
    """Extensions that could not be loaded, for the page of channels."""
    return _found()[1]


def connector(name: str) -> Connector | None:
    """None for one whose package is no longer installed: its channels stay, and say so."""
    return connectors().get(name)


def forget() -> None:
    """Looks again, after a test has added one."""
    _found.cache_clear()

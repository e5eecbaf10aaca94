"""What each deed of the journal is called in Chinese. Every app declares its own in `apps.ready()`; the tests refuse others.

    words.declare({"publication.published": "信息：公开", "publication.withdrawn": "信息：撤回"})

In use nothing is refused: a deed without a name is better than no deed, and is shown by its code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
"""What a deed is about, a full stop, the verb: `obligation.opened`."""
_words: dict[str, str] = {}
strict = False
"""Set by the tests (conftest.py at the top)."""


def declare(actions: Mapping[str, str]) -> None:
    """Code → name. ValueError for a code of another shape, a name that is not Chinese, or a second name for the same code."""
    for action, name in actions.items():
        if not CODE.fullmatch(action) or len(action) > 80:
            raise ValueError(f"journal code {action!r} is not of the form object.verb")
        if not any("\u4e00" <= sign <= "\u9fff" for sign in name):
            raise ValueError(f"journal code {action} needs a Chinese name, not {name!r}")
        if _words.setdefault(action, name) != name:
            raise ValueError(f"journal code {action} is called {_words[action]} already, not {name}")


def declared() -> dict[str, str]:
    """Code → name of all deeds, by name, so that those about one thing stand together."""
    return dict(sorted(_words.items(), key=lambda item: item[1]))


def name_of(action: str) -> str:
    return _words.get(action, action)


def check(action: str) -> None:
    """LookupError for a code nobody has declared, while tests run."""
    if strict and action not in _words:
        raise LookupError(
            f"journal code {action!r} has no Chinese name: gongkai.journal.words.declare({{{action!r}: …}}) in ready() of its app"
        )

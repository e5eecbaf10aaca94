"""Every deed has a Chinese name, declared by the app that does it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.db import transaction

import gongkai
from gongkai.journal import words
from gongkai.journal.actions import record
from gongkai.journal.models import Entry


@pytest.mark.django_db
def test_a_deed_nobody_declared_fails_under_test_and_is_kept_in_use(monkeypatch):
    with pytest.raises(LookupError, match=r"x\.unheard.*declare"), transaction.atomic():
        record("x.unheard", ("x.thing", 1), actor=None)
    assert not Entry.objects.exists()
    monkeypatch.setattr(words, "strict", False)
    with transaction.atomic():
        record("x.unheard", ("x.thing", 1), actor=None)
    assert words.name_of(Entry.objects.get().action) == "x.unheard"


def test_names_are_chinese_and_one_for_each_code(monkeypatch):
    monkeypatch.setattr(words, "_words", {})
    words.declare({"thing.done": "事情：办了"})
    words.declare({"thing.done": "事情：办了"})
    other_shapes = [{code: "事情"} for code in ("thing", "Thing.Done", "a." + "b" * 99)]
    for wrong in ({"thing.done": "事情：没办"}, {"thing.undone": "undone"}, *other_shapes):
        with pytest.raises(ValueError, match="journal code"):
            words.declare(wrong)
    assert words.declared() == {"thing.done": "事情：办了"}


def test_every_code_written_in_the_source_is_declared():
    """Also those on roads no test walks. Codes made of a variable are met when they are recorded."""
    written = {code for path in _sources() for code in _codes(path)}
    assert {"agency.renamed", "obligation.opened", "account.locked"} <= written
    assert not written - words.declared().keys()


def test_no_two_deeds_are_called_the_same():
    names = [name for code, name in words.declared().items() if not code.startswith("x.")]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def _sources():
    root = Path(gongkai.__file__).parent
    return [path for path in root.rglob("*.py") if not {"tests", "migrations"} & set(path.relative_to(root).parts)]


def _codes(path: Path):
    """First arguments of record(…), note(…), Change(…) and their like that look like a code."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and re.search(r"record|note|Change", ast.unparse(node.func)):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and words.CODE.fullmatch(first.value):
                yield first.value

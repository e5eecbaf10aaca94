"""The journal in words: what a kind of object and a field are called on the screen. Deeds: journal/words.py."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model


@cache
def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def kind_name(kind: str) -> str:
    model = _model(kind)
    return str(model._meta.verbose_name) if model else kind


def field_name(kind: str, name: str) -> str:
    model = _model(kind)
    if model is None:
        return name
    for spelling in (name, name.removesuffix("_id")):
        try:
            field: Any = model._meta.get_field(spelling)
        except FieldDoesNotExist:
            continue
        return str(getattr(field, "verbose_name", name))
    return name


def value_text(value: Any, longest: int = 200) -> str:
    """A value in one line; a long one is cut, the export has it whole."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        text = "、".join(value_text(item) for item in value)
    elif isinstance(value, dict):
        text = "，".join(f"{name} {value_text(item)}" for name, item in value.items())
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= longest else f"{text[:longest]}…"

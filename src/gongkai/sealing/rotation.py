"""Every sealed value and file is sealed anew by the first key, in batches, while the service runs.

A value is written only where it is still what was read, a file is replaced whole: killed at any moment, nothing is lost, and the next
run goes on where this one stopped, for what the first key opens already is passed over. Then the mark of keys.py says that digests are
made by the first key, and the apps that keep some make them again (`add_digests`): from there on no older key is needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from gongkai.sealing import keys
from gongkai.sealing.fields import sealed_fields
from gongkai.sealing.files import SealedStorage

BATCH = 500
PART = ".rotate"
Say = Callable[[str], None]
_digests: list[Callable[[Say], int]] = []


@dataclass(slots=True)
class Count:
    """`old`: what the first key does not open but another does; `lost`: where no key in use opens it; `sealed`: done in this run."""

    values: int = 0
    files: int = 0
    old: int = 0
    sealed: int = 0
    lost: list[str] = field(default_factory=list)


def add_digests(make: Callable[[Say], int]) -> None:
    """Called once from an app's ready(): `make` puts right every digest that is not by the key in use and says how many."""
    if make not in _digests:
        _digests.append(make)


def sealed_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if sealed_fields(model)]


def sealed_file_fields() -> list[tuple[type[models.Model], str]]:
    return [
        (model, one.attname)
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, models.FileField) and isinstance(one.storage, SealedStorage)
    ]


def rotate(say: Say = lambda words: None, batch: int = BATCH) -> Count:
    """Seals everything by the first key and makes the digests again. SealError names what no key opens; everything else is done then."""
    found = _walk(True, say, batch)
    if found.lost:
        raise keys.SealError(f"有 {len(found.lost)} 处打不开（第一处：{found.lost[0]}），其余已经换好：补上原来的密钥以后再运行一次")
    keys.mark_digests(keys.key_list()[0])
    for make in _digests:
        make(say)
    return found


def check(say: Say = lambda words: None) -> Count:
    """Opens everything and changes nothing."""
    return _walk(False, say, BATCH)


def _walk(write: bool, say: Say, batch: int) -> Count:
    found = Count()
    first = keys.key_list()[0]
    for model in sealed_models():
        for n in _rows(model, first, write, batch, found):
            say(f"{model._meta.verbose_name}：已看 {n} 条")
    for model, name in sealed_file_fields():
        _files(model, name, first, write, found)
        say(f"{model._meta.verbose_name}的文件：已看完")
    return found


def _rows(model: type[models.Model], first: str, write: bool, batch: int, found: Count) -> Iterator[int]:
    """Batch by batch, after the last row that was seen; how many rows so far."""
    names = sealed_fields(model)
    raw = {f"raw_{name}": Cast(name, models.TextField()) for name in names}
    rows = model._base_manager.annotate(**raw).order_by("pk")
    last, seen = 0, 0
    while listed := list(rows.filter(pk__gt=last).values_list("pk", *raw)[:batch]):
        for pk, *tokens in listed:
            for name, token in zip(names, tokens, strict=True):
                if token:
                    found.values += 1
                    _value(model, pk, name, token, first, write, found)
        last, seen = listed[-1][0], seen + len(listed)
        yield seen


def _value(model: type[models.Model], pk: Any, name: str, token: str, first: str, write: bool, found: Count) -> None:
    if keys.seals(first, token.encode()):
        return
    try:
        text = keys.unseal(token.encode()).decode()
    except keys.SealError:
        found.lost.append(f"{model._meta.verbose_name} #{pk} {getattr(model._meta.get_field(name), 'verbose_name', name)}")
        return
    found.old += 1
    if write:  # where it is still what was read: a handler may have changed it meanwhile, and that is sealed by the first key
        same = model._base_manager.annotate(kept=Cast(name, models.TextField())).filter(pk=pk, kept=token)
        found.sealed += same.update(**{name: text})


def _files(model: type[models.Model], name: str, first: str, write: bool, found: Count) -> None:
    storage = model._meta.get_field(name).storage  # type: ignore[union-attr]
    for kept in model._base_manager.exclude(**{name: ""}).order_by("pk").values_list(name, flat=True).iterator(2000):
        path = Path(storage.path(kept))
        if not path.exists():
            continue
        found.files += 1
        token = path.read_bytes()
        if keys.seals(first, token):
            continue
        try:
            data = keys.unseal(token)
        except keys.SealError:
            found.lost.append(f"文件 {kept}")
            continue
        found.old += 1
        if write:
            _put(path, Fernet(first).encrypt(data))
            found.sealed += 1


def _put(path: Path, token: bytes) -> None:
    """The new file stands whole beside the old one before it takes its place."""
    part = path.with_name(path.name + PART)
    with part.open("wb") as file:
        file.write(token)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)

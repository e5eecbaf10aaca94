"""The form over which the hash is taken, described for outsiders in docs/journal.md. Changing a byte of it breaks every chain there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, QuerySet

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_quoted = json.encoder.encode_basestring


def plain(value: Any) -> Any:
    """A value as JSON that every database and every program gives back unchanged.

    Times become ISO 8601 in UTC, dates ISO, numbers that are not whole become text, records become their key, sets become sorted lists.
    """
    kind = type(value)  # most values are of one of these; what comes below gives the same for them, several times slower
    if kind is str:
        return clean(value)
    if value is None or kind is bool or kind is int:
        return value
    if kind is dict:
        return {clean(key) if type(key) is str else clean(str(plain(key))): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Model):
        return plain(value.pk)
    if isinstance(value, Mapping):
        return {clean(str(plain(key))): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=_encode)
    if isinstance(value, (list, tuple, QuerySet)):
        return [plain(item) for item in value]
    if isinstance(value, (float, Decimal, UUID, PurePath, timedelta)):
        return str(value)
    if hasattr(value, "name") and hasattr(value, "storage"):  # a file: where it lies, not what is in it
        return clean(value.name or "")
    return clean(str(value))


def clean(text: str) -> str:
    """Without what PostgreSQL (NUL) or UTF-8 (half of a surrogate pair) cannot keep."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text


def text_of(values: Mapping[str, Any]) -> str:
    """Field → plain value as the text kept in a column: keys sorted, no blanks, characters as they are."""
    return _encode(values) if values else "{}"


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides, plain, without the fields that are the same in both."""
    if not old or not new:
        return plain(old), plain(new)
    before, after = plain(old), plain(new)
    same = {name for name in before if name in after and before[name] == after[name]}
    return {k: v for k, v in before.items() if k not in same}, {k: v for k, v in after.items() if k not in same}


def stamp(moment: datetime) -> str:
    """2026-11-22T05:15:14.000000Z: always UTC, always six decimals."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Written(NamedTuple):
    """What an entry says, as the columns hold it."""

    entry: int
    at: datetime
    actor_id: int | None
    actor: str
    action: str
    object_kind: str
    object_id: str
    place: int | None
    agency_id: int | None
    old: str
    new: str
    note: str


COLUMNS = tuple("id" if name == "entry" else name for name in Written._fields)


def canonical(what: Written, seq: int, previous: str, algorithm: str, sealed_at: datetime) -> bytes:
    """The bytes that are hashed: the JSON of `as_json`, names in order, put together by hand because a whole journal passes through here.

    ValueError when `old` or `new` is no longer a JSON object: then what is put between the names could be read in more than one way.
    """
    for values in (what.old, what.new):
        if values != "{}" and not isinstance(json.loads(values), dict):
            raise ValueError("not an object")
    return (
        f'{{"action":{_quoted(what.action)},"actor":{_quoted(what.actor)},"actor_id":{_number(what.actor_id)},'
        f'"agency_id":{_number(what.agency_id)},"algorithm":{_quoted(algorithm)},"at":"{stamp(what.at)}","entry":{what.entry},'
        f'"new":{what.new},"note":{_quoted(what.note)},"object_id":{_quoted(what.object_id)},"object_kind":{_quoted(what.object_kind)},'
        f'"old":{what.old},"place":{_number(what.place)},"previous":{_quoted(previous)},"sealed_at":"{stamp(sealed_at)}","seq":{seq}}}'
    ).encode()


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def as_json(what: Written, seq: int, previous: str, algorithm: str, sealed_at: datetime) -> dict[str, Any]:
    """The sealed record as a JSON object, for reading; its canonical text is what is hashed. ValueError when it no longer is."""
    return {
        "action": what.action,
        "actor": what.actor,
        "actor_id": what.actor_id,
        "agency_id": what.agency_id,
        "algorithm": algorithm,
        "at": stamp(what.at),
        "entry": what.entry,
        "new": _values(what.new),
        "note": what.note,
        "object_id": what.object_id,
        "object_kind": what.object_kind,
        "old": _values(what.old),
        "place": what.place,
        "previous": previous,
        "sealed_at": stamp(sealed_at),
        "seq": seq,
    }


def _values(text: str) -> Any:
    values = json.loads(text)
    if _encode(values) != text:  # two keys of one name, blanks: read one way here and another way elsewhere
        raise ValueError("not canonical")
    return values

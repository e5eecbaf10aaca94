"""The JSON Schema (draft 2020-12) of one object of `gongkai plan read --format json`, as `Plan.to_dict()` makes it.

The keys of design/CONTRACTS.md are required and keep their meaning. Keys of ours (year, kind, marks, …) may grow; readers ignore
what they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ID = "urn:gongkai:schema:plan:1"

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_DATE_OR_NULL: Schema = {"type": ["string", "null"], "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_SPAN: Schema = {"$ref": "#/$defs/span"}


def _object(required: Mapping[str, Schema], ours: Mapping[str, Schema] | None = None) -> Schema:
    return {"type": "object", "properties": {**required, **(ours or {})}, "required": list(required), "additionalProperties": True}


def _list(of: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{of}"}}


def plan_schema() -> Schema:
    """A fresh copy of the schema as plain data, ready for json.dumps."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "gongkai plan",
        "description": "One plan document as read. Spans are [start, end) in characters of the extracted text before cleaning.",
        **_object(
            {
                "source": {**_TEXT, "description": "file name; inside an archive zip!member"},
                "title": _TEXT_OR_NULL,
                "issuer": _TEXT_OR_NULL,
                "doc_number": {**_TEXT_OR_NULL, "description": "发文字号, as GB/T 9704-2012 prints it where it could be read"},
                "issued_on": {**_DATE_OR_NULL, "description": "成文日期"},
                "tasks": _list("task"),
                "cited_documents": _list("cited_document"),
                "warnings": _list("warning"),
            },
            {"year": {"type": ["integer", "null"], "description": "the year bare months resolve to"}},
        ),
        "$defs": {
            "span": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
            "task": _object(
                {
                    "path": {**_TEXTS, "description": "headings from the top, numbers included"},
                    "text": {**_TEXT, "description": "cleaned text of the task"},
                    "text_start": {**_TEXT, "maxLength": 12},
                    "text_end": {**_TEXT, "maxLength": 12},
                    "span": _SPAN,
                    "lead": {**_TEXTS, "description": "牵头单位"},
                    "responsible": {**_TEXTS, "description": "责任单位"},
                    "support": {**_TEXTS, "description": "配合单位"},
                    "joint": {"type": "boolean", "description": "分别牵头 or 按职责分工"},
                    "deadlines": _list("deadline"),
                    "channels": _TEXTS,
                    "quotas": _list("quota"),
                },
                {
                    "text_start_alt": {**_TEXTS, "description": "where else the text may be said to begin: after its title or its unit"},
                    "statement_span": {"anyOf": [_SPAN, {"type": "null"}], "description": "where the units are named, when outside span"},
                    "marks": _list("mark"),
                    "inherited": {"type": "boolean", "description": "the units come from a default of the whole document"},
                    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                    "doubts": {**_TEXTS, "description": "reasons to look at this task first, in Chinese"},
                },
            ),
            "deadline": _object(
                {
                    "raw": _TEXT,
                    "kind": {"enum": ["absolute", "relative", "recurring", "ongoing", "on_event"]},
                    "due": {**_DATE_OR_NULL, "description": "the last day meant"},
                    "every": {"enum": ["P1D", "P1W", "P1M", "P3M", "P6M", "P1Y", None]},
                    "within": {**_TEXT_OR_NULL, "description": "what a relative limit counts from"},
                    "span": _SPAN,
                }
            ),
            "quota": _object(
                {"raw": _TEXT, "value": {"type": "number"}, "unit": _TEXT, "op": {"enum": [">=", "<=", ">", "<", "="]}}, {"span": _SPAN}
            ),
            "mark": _object(
                {"kind": {"enum": ["lead", "responsible", "support", "deadline", "channel", "quota"]}, "text": _TEXT, "span": _SPAN}
            ),
            "cited_document": _object({"title": _TEXT, "number": _TEXT_OR_NULL}, {"span": _SPAN}),
            "warning": _object({"span": _SPAN, "message": _TEXT}, {"kind": _TEXT}),
        },
    }

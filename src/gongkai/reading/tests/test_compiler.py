"""The compiler as a whole: generated plans are read as they were meant; forms of the genre; texts that are no plans; any text at all."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.reading.compiler import compile_plan
from gongkai.reading.extracted import Extracted
from gongkai.reading.model import Plan, Task
from gongkai.reading.tests.plan_generator import Document, Limit, documents


def compiled(text: str) -> Plan:
    return compile_plan(Extracted("plan.txt", text))


def _norm(text: str) -> str:
    wide = {0xFF10 + d: str(d) for d in range(10)} | {ord("．"): "."}
    return "".join(text.split()).translate(wide)


def _limits(task: Task) -> set[Limit]:
    return {(d.kind, d.due.isoformat() if d.due else None, d.every) for d in task.deadlines}


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_a_generated_plan_is_read_as_it_was_meant(document: Document) -> None:
    plan = compile_plan(document.extracted)
    assert [_norm(t.text) for t in plan.tasks] == [_norm(t.text) for t in document.tasks]
    for got, true in zip(plan.tasks, document.tasks, strict=True):
        assert (got.lead, got.responsible, got.support) == (true.lead, true.responsible, true.support), true.text
        assert got.joint == true.joint, true.text
        assert _limits(got) == true.limits, true.text
        assert [_norm(p) for p in got.path] == [_norm(p) for p in true.path], true.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_spans_and_marks_lie_inside_the_text(document: Document) -> None:
    plan = compile_plan(document.extracted)
    size = len(document.extracted.text)
    for task in plan.tasks:
        for start, end in [task.span, *(m.span for m in task.marks), *(d.span for d in task.deadlines)]:
            assert 0 <= start < end <= size
    json.dumps(plan.to_dict())

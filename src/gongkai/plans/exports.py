"""A plan as a 任务分工表 or as data: the stored tasks go through the same writers as `gongkai plan read`."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from gongkai.obligations.exports import as_file, attachment
from gongkai.plans.as_read import as_read
from gongkai.plans.models import Plan, Task
from gongkai.reading import output

FORMATS = [("xlsx", "Excel 表格（xlsx）"), ("docx", "任务分工表（docx，公文格式）"), ("csv", "逗号分隔表（csv）"), ("json", "数据（json）")]


def download(plan: Plan, tasks: list[Task], fmt: str) -> HttpResponse:
    """The plan's tasks as `fmt`; Http404 for a format nobody writes."""
    kept = [task for task in tasks if task.review != Task.Review.NOT_A_TASK]
    read = as_read(plan, kept)
    for task, row in zip(read.tasks, kept, strict=True):
        if row.review == Task.Review.CONFIRMED:
            task.doubts = []  # a person has looked
    name = f"{plan.title[:60]} 任务表"
    if fmt == "json":
        data: dict[str, Any] = read.to_dict()
        return attachment(json.dumps(data, ensure_ascii=False, indent=1).encode(), f"{name}.json", "application/json; charset=utf-8")
    table = output.assignment_table(read) if fmt == "docx" else output.to_table(read)
    return as_file(table, fmt, name)

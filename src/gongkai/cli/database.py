"""Commands that need the database. Django starts here and nowhere else in the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gongkai.cli.inputs import read_input, source_names
from gongkai.cli.problems import Problem, say
from gongkai.cli.sink import put_text
from gongkai.reading.errors import ReadingError


def start_django() -> None:
    """Settings from the environment. Problem when they cannot be read."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Problem(f"配置有误（{error}）。用 gongkai check 逐项检查。") from error


@contextmanager
def open_database(mend: str = "先运行 gongkai serve，它会建立。") -> Iterator[None]:
    """Django with a database that is there; its failures, and refusals of an action, as one sentence. `mend`: what makes a database."""
    start_django()
    from django.conf import settings
    from django.db import DatabaseError

    from gongkai.agencies.errors import ActionRefused

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"] and not Path(str(database["NAME"])).exists() and "memory" not in str(database["NAME"]):
        raise Problem(f"还没有数据库。{mend}")  # connecting would leave an empty file behind
    try:
        yield
    except ActionRefused as error:
        raise Problem(str(error).rstrip("。") + "。") from error
    except DatabaseError as error:
        raise Problem(f"数据库不能用（{str(error).splitlines()[0]}）。用 gongkai check 检查。") from error


def import_plans(files: Sequence[str], code: str, username: str | None) -> int:
    """Imports each file as draft plans, a line for each, and returns how many files failed. A file is imported whole or not at all."""
    start_django()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.db import DatabaseError

    from gongkai.agencies.errors import ActionRefused, NotAllowed
    from gongkai.agencies.models import Jurisdiction
    from gongkai.plans import actions

    database = settings.DATABASES["default"]
    name = str(database["NAME"])
    if "sqlite" in database["ENGINE"] and "memory" not in name and not Path(name).exists():
        raise Problem("还没有数据库。先运行 gongkai serve，它会建立。")  # connecting would leave an empty file behind
    try:
        jurisdiction = Jurisdiction.objects.filter(code=code).first()
        if jurisdiction is None:
            known = ", ".join(Jurisdiction.objects.order_by("code").values_list("code", flat=True)[:5])
            raise Problem(
                f"--jurisdiction {code}：没有这个行政区划。"
                + (f"已有的如 {known}。" if known else "先建立行政区划（gongkai serve 会装入示例）。")
            )
        actor = None
        if username is not None:
            actor = get_user_model().objects.filter(username=username, is_active=True).first()
            if actor is None:
                raise Problem(f"--user {username}：没有这个用户，或已停用。")
        failed = 0
        for given, name in zip(files, source_names(files), strict=True):
            try:
                plans = actions.import_plan(read_input(given, name), name, jurisdiction, actor)
            except ReadingError as error:
                failed += 1
                say(str(error))
                continue
            except (NotAllowed, ActionRefused) as error:
                failed += 1
                say(f"{name}：{str(error).rstrip('。')}。")
                continue
            put_text(None, "".join(f"已导入 {plan}（草稿 {plan.pk}）\n" for plan in plans))
        return failed
    except DatabaseError as error:
        raise Problem(
            f"数据库不能用（{str(error).splitlines()[0]}）。先运行 gongkai serve 准备数据库，或用 gongkai check 检查。"
        ) from error

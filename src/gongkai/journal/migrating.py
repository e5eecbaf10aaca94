"""The first migrations of an app, which make tens of tables: the models are drawn once for all of them, not anew for each.

Django draws every model that is joined to a new one again after each CreateModel; among two hundred tables that know each other this was
half of the time of a first start. Tables made one after the other change nothing of each other, so all of them may be made from the state
that the last one leaves; the same holds for plain indexes. Whatever else a migration does goes Django's way, step by step.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

AT_ONCE = (migrations.CreateModel, migrations.AddIndex)


class Migration(migrations.Migration):
    """In place of `migrations.Migration`."""

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        if collect_sql:  # only shown: each step with its own words
            return super().apply(project_state, schema_editor, collect_sql)
        steps = self.operations
        try:
            for kind, some in groupby(steps, key=type):
                vars(self)["operations"] = list(some)
                if kind in AT_ONCE:
                    _at_once(self.app_label, self.operations, project_state, schema_editor)
                else:
                    project_state = super().apply(project_state, schema_editor)
        finally:
            vars(self)["operations"] = steps
        return project_state


def _at_once(app: str, steps: Sequence[Operation], state: Any, schema_editor: Any) -> None:
    before = state.clone()
    state.__dict__.pop("apps", None)  # as long as no models are drawn, a step only notes them
    for step in steps:
        step.state_forwards(app, state)
    for step in steps:
        step.database_forwards(app, schema_editor, before, state)

"""What the worker does for catalogues. Each task may be run twice, or be killed and run again."""

from __future__ import annotations

from django_tasks import task

from gongkai.catalogue import import_runs


@task()
def run_import(import_id: int) -> None:
    """Reads a table, or takes it over."""
    import_runs.run(import_id)

"""What the worker does for publishing. Each task may be run twice, or be killed and run again."""

from __future__ import annotations

from django_tasks import task

from gongkai.publications.models import Revision, Screening
from gongkai.publications.screening import history as history_screening
from gongkai.publications.screening import public_copies
from gongkai.publications.screening import runs as screening_runs


@task()
def screen_revision(screening_id: int) -> None:
    """Reads what is not read yet of a revision, then makes the copies its attachments can have."""
    if screening_runs.run(screening_id):
        public_copies.make_for(Screening.objects.get(pk=screening_id).revision)


@task()
def make_copies(revision_id: int) -> None:
    """The public copies of a revision's attachments, after somebody decided what is to be masked."""
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is not None:
        public_copies.make_for(revision)


@task()
def screen_history(history_id: int) -> None:
    """A while of the screening of all that a place has public; what is left goes into the queue again."""
    if not history_screening.run_some(history_id):
        screen_history.enqueue(history_id)

"""What the worker does for replies. Each task may be run twice, or be killed and run again."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django_tasks import task


@task()
def keep_letter(service_id: int) -> None:
    """The letter of a sending, as PDF and Word, into its case."""
    from gongkai.disclosure_requests.letters.files import keep

    keep(service_id)


@task()
def make_given(file_id: int) -> None:
    """The copy of a file that goes with a reply: redacted, verified, screened."""
    from gongkai.disclosure_requests.replying.making import make

    make(file_id)


def after_commit(job: object, pk: int) -> None:
    """Hands a job to the worker when the verb has been done; a queue that is not there holds no verb back."""
    transaction.on_commit(partial(job.enqueue, pk), robust=True)  # type: ignore[attr-defined]

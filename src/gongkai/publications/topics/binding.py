"""Binding a booklet: read, laid out, kept as a file. Run by the worker; run twice it makes the same, killed it is run again."""

from __future__ import annotations

import io
import logging

from django.core.files.base import ContentFile
from django.db import Error
from django.utils import timezone
from django_tasks import task

from gongkai.publications.models import Booklet
from gongkai.publications.topics import booklets_docx, booklets_pdf
from gongkai.publications.topics.booklets_content import Book, chapters

logger = logging.getLogger("gongkai.worker")


@task()
def bind_booklet(booklet_id: int) -> None:
    run(booklet_id)


def enqueue(booklet_id: int) -> None:
    bind_booklet.enqueue(booklet_id)


def run(booklet_id: int) -> None:
    """Makes the file of a booklet that has none yet; what went wrong stands on it as a sentence."""
    booklet = Booklet.objects.select_related("topic__agency").filter(pk=booklet_id, finished_at__isnull=True).first()
    if booklet is None:
        return
    try:
        content = _made(booklet)
    except booklets_pdf.NoBooklet as error:
        _finish(booklet, str(error))
    except (OSError, Error):
        raise  # a full disk or a locked database passes; the task is tried again
    except Exception:
        logger.exception("汇编 %s 没有编成", booklet_id)
        _finish(booklet, "编制时出错，请再试一次；还不行的，请联系管理员看后台日志")
    else:
        booklet.file.save(f"booklet.{booklet.form}", ContentFile(content), save=False)
        _finish(booklet, "")


def _made(booklet: Booklet) -> bytes:
    topic = booklet.topic
    wanted = list(topic.entries.order_by("position", "pk").values_list("document", "heading"))
    kind = topic.get_kind_display()
    book = Book(topic.title, kind, topic.agency.name, topic.introduction, timezone.localdate(booklet.asked_at))

    def tell(done: int) -> None:
        Booklet.objects.filter(pk=booklet.pk).update(done=done, total=len(wanted))

    book.chapters = chapters(wanted, tell)
    if not book.chapters:
        raise booklets_pdf.NoBooklet("编入的文件现在都没有公开，没有可以编的")
    buffer = io.BytesIO()
    if booklet.form == Booklet.Form.DOCX:
        booklets_docx.write_book(book, buffer)
    else:
        booklets_pdf.write_book(book, buffer)
    return buffer.getvalue()


def _finish(booklet: Booklet, problem: str) -> None:
    booklet.finished_at, booklet.problem = timezone.now(), problem[:500]
    booklet.save(update_fields=["finished_at", "problem", "file"])

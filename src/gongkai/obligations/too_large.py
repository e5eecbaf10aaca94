"""A file larger than the installation takes is dropped while it arrives: neither memory nor the disk ever holds it whole.

Its name is left on the request, so that the page can say so; the fields that came with it are there as typed.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from gongkai.obligations.uploads import kept_name


class LimitUploadHandler(FileUploadHandler):
    """Stands before Django's own handlers and lets each chunk through until there are too many."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._arrived = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._arrived += len(raw_data)
        if self._arrived > settings.UPLOAD_MB * 1024 * 1024:
            if self.request is not None:
                self.request.__dict__.setdefault("_gongkai_too_large", []).append(kept_name(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def dropped_files(request: HttpRequest) -> list[str]:
    """Names of the files of this request that were too large."""
    _ = request.FILES  # read by now or reads it
    names: list[str] = request.__dict__.get("_gongkai_too_large", [])
    return names

"""Files that are sealed on disk: what a storage writes is a token, what it reads is the file."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from gongkai.sealing import keys


class SealedStorage(FileSystemStorage):
    """Under the files of the installation, never served by an address of its own. A whole file is in memory while it is sealed or opened
    (uploads are limited by GONGKAI_UPLOAD_MB), a third larger on disk."""

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        return super()._save(  # type: ignore[misc]
            name, ContentFile(keys.seal(content.read()))
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        with super()._open(name, "rb") as sealed:  # type: ignore[misc]
            return ContentFile(keys.unseal(sealed.read()), name=name)

    def url(self, name: str | None) -> str:
        raise ValueError("sealed files have no address; a view of the case hands them out")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("gongkai.sealing.files.SealedStorage", [], {})

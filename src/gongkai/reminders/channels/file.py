"""Letters as files, for an installation without a mail server: one .eml each, which any mail program opens."""

from __future__ import annotations

import os
from pathlib import Path

from gongkai.reminders.channels.base import ChannelError, as_mail, identity
from gongkai.reminders.models import Message


class Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        """Named by the letter's identity: writing it again replaces it by the same. A half-written file never has the final name."""
        path = self.folder / f"{identity(message)}.eml"
        part = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            with part.open("wb") as out:
                out.write(as_mail(message).as_bytes())
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
        except OSError as error:
            raise ChannelError(f"不能写入 {self.folder}：{error.strerror}") from error

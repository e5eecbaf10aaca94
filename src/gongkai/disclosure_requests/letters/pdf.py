"""A letter as PDF, printed by WeasyPrint from html of our own; nothing is fetched."""

from __future__ import annotations

from typing import BinaryIO

from django.template.loader import render_to_string

from gongkai.disclosure_requests.letters.content import SEAL, Letter
from gongkai.publications.topics.booklets_pdf import NoBooklet, print_html

__all__ = ["NoBooklet", "write"]


def write(letter: Letter, stream: BinaryIO) -> None:
    """Raises NoBooklet, with a sentence, where this server has no Pango."""
    print_html(render_to_string("disclosure_requests/replying/letter_print.html", {"letter": letter, "seal": SEAL}), stream)

"""Ledgers on a terminal: headings across, text wrapped at the width there is, colour only where the stream is a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from gongkai.formats.ledger import LedgerTable, cell_text, chinese_date, display_width, sections

PIPED_WIDTH = 140
"""Terminal columns assumed when the output is no terminal."""
MAX_TEXT = 90
"""Characters of one cell; the file formats hold the rest."""


def write(tables: Sequence[LedgerTable], stream: TextIO, width: int | None = None) -> None:
    """Prints the tables. `width` in terminal columns; None takes the terminal's own, or PIPED_WIDTH for a pipe or file."""
    from rich.console import Console

    is_terminal = stream.isatty()
    console = Console(file=stream, width=width or (None if is_terminal else PIPED_WIDTH), highlight=False, markup=False, emoji=False)
    for n, table in enumerate(tables):
        if n:
            console.print()
        _print(console, table)


def shorten(text: str, limit: int = MAX_TEXT) -> str:
    """At most `limit` characters, the last one … when something was left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _print(console: object, table: LedgerTable) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    assert isinstance(console, Console)
    console.print(Text(cell_text(table.title), style="bold"))
    signed = chinese_date(table.issued_on) if table.issued_on else None
    under = [part for part in (table.document_number, table.issuer, signed) if part]
    if under:
        console.print(Text("　".join(under), style="dim"))
    used = [column for column in table.columns if any(cell_text(row.cells.get(column.key)) for row in table.rows)]
    if table.rows:
        grid = Table(box=box.SIMPLE_HEAD, expand=False, pad_edge=False)
        for column in used:
            narrow = min(int(column.width * 2), max(4, display_width(column.title)))
            grid.add_column(
                column.title,
                justify="right" if column.key == "n" else "left",
                ratio=None,
                min_width=narrow,
                max_width=int(column.width * 2.6) if column.width < 10 else None,
                no_wrap=column.key == "n",
                overflow="fold",
            )
        headings = dict(sections(table.rows))
        for n, row in enumerate(table.rows):
            for depth, heading in enumerate(headings.get(n, ())):
                if heading and len(used) > 1:
                    wide = max(range(len(used)), key=lambda k: used[k].width)
                    line = [Text("")] * len(used)
                    line[wide] = Text("  " * depth + shorten(cell_text(heading), 40), style="bold" if depth == 0 else "italic")
                    grid.add_row(*line)
            grid.add_row(*(Text(shorten(cell_text(row.cells.get(column.key)))) for column in used))
        console.print(grid)
    for note in table.notes:
        console.print(Text(cell_text(note)))

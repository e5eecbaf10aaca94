"""The engines that are asked the same: ours, SQLite FTS5 on trigrams and on pairs of characters, PostgreSQL full text on pairs.

Each is given texts in batches and answers a question with the number of all finds, the first twenty and their snippets (made by the same
function for all, from the printed text that each keeps).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from benchmarks.search_texts import Text
from gongkai.formats.document_number import parse
from gongkai.search.model import Record, Wanted
from gongkai.search.normal import normal
from gongkai.search.query import words_of
from gongkai.search.snippets import excerpt, marked
from gongkai.search.tantivy_engine import TantivyEngine
from gongkai.search.tokens import indexed, pairs

HITS = 20
PATIENCE = 10.0
"""Seconds after which a question to PostgreSQL is given up."""


@dataclass(frozen=True, slots=True)
class Question:
    """`kind` of the table; `text` as typed; narrowed to an agency and a year where those are given."""

    kind: str
    text: str
    agency: str = ""
    year: int = 0
    words: tuple[str, ...] = field(default=())


class Peer(Protocol):
    """`ask` returns how many there are in all, or None where it gave up."""

    name: str

    def add(self, batch: list[Text]) -> None: ...

    def finish(self) -> None: ...

    def ask(self, question: Question) -> int | None: ...

    def size(self) -> int: ...


class Ours:
    name = "gongkai (tantivy, pairs)"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = TantivyEngine(folder)

    def add(self, batch: list[Text]) -> None:
        self.engine.put(_record(text) for text in batch)

    def finish(self) -> None:
        self.engine.commit(1)
        self.engine.close()
        self.engine = TantivyEngine(self.folder)

    def ask(self, question: Question, counted: tuple[str, ...] = ()) -> int:
        facets = {"agency": [question.agency], "year": [str(question.year)]} if question.agency else {}
        return self.engine.search(Wanted(question.text, facets, limit=HITS, counted=counted)).total

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())


def _record(text: Text) -> Record:
    facets = {"kind": ["document"], "agency": [text.agency], "theme": [text.theme], "year": [str(text.year)]}
    return Record(f"document:{text.number}", text.title, text.body, text.on, text.doc_number, facets)


class Fts5:
    """A contentless FTS5 table beside a table with the printed texts."""

    def __init__(self, name: str, path: Path, tokenizer: str, tokens: Callable[[str], str], match: Callable[[str], str | None]) -> None:
        self.name, self.path, self._tokens, self._match = name, path, tokens, match
        self.base = sqlite3.connect(path)
        self.base.executescript(
            "pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-64000;"
            "create table doc (id integer primary key, title text, body text, plain text, agency text, year integer);"
            f"create virtual table fts using fts5(text, content='', tokenize='{tokenizer}');"
        )

    def add(self, batch: list[Text]) -> None:
        rows = [(t, f"{normal(t.title)}\n{normal(t.body)}\n{normal(t.doc_number)}") for t in batch]
        self.base.executemany(
            "insert into doc values (?, ?, ?, ?, ?, ?)", [(t.number, t.title, t.body, plain, t.agency, t.year) for t, plain in rows]
        )
        self.base.executemany("insert into fts (rowid, text) values (?, ?)", [(t.number, self._tokens(plain)) for t, plain in rows])

    def finish(self) -> None:
        self.base.execute("insert into fts (fts) values ('optimize')")
        self.base.commit()

    def ask(self, question: Question) -> int:
        words = words_of(question.text)
        matched = [self._match(word) for word in words]
        asked: list[Any] = []
        if all(matched):
            source, where, order = "fts join doc on doc.id = fts.rowid" if question.agency else "fts", "fts match ?", "rank"
            asked.append(" AND ".join(filter(None, matched)))
        else:  # too short for the index: what is left is to read everything
            source, where, order = "doc", " and ".join("plain like ?" for _ in words), "id"
            asked += [f"%{word}%" for word in words]
        if question.agency:
            where, asked = where + " and doc.agency = ? and doc.year = ?", [*asked, question.agency, question.year]
        key = "fts.rowid" if order == "rank" else "id"
        (total,) = self.base.execute(f"select count(*) from {source} where {where}", asked).fetchone()
        ids = [row[0] for row in self.base.execute(f"select {key} from {source} where {where} order by {order} limit {HITS}", asked)]
        rows = self.base.execute(f"select title, body from doc where id in ({','.join(map(str, ids))})")
        _snippets(rows, words)
        return int(total)

    def size(self) -> int:
        return self.path.stat().st_size


def pairs_table(path: Path) -> Fts5:
    return Fts5("SQLite FTS5, pairs", path, "ascii", indexed, lambda word: '"' + " ".join(pairs(word)).replace('"', '""') + '"')


def trigram_table(path: Path) -> Fts5:
    quoted: Callable[[str], str | None] = lambda word: '"' + word.replace('"', '""') + '"' if len(word) >= 3 else None  # noqa: E731
    return Fts5("SQLite FTS5, trigram", path, "trigram", lambda text: text, quoted)


class Postgres:
    """A tsvector of pairs with their places and a GIN index; the newest first, since ranking reads every match."""

    name = "PostgreSQL full text, pairs"

    def __init__(self, url: str) -> None:
        import psycopg

        self._psycopg = psycopg
        self.base = psycopg.connect(url, autocommit=True)
        self.base.execute("drop table if exists benchmark_search")
        self.base.execute(
            "create unlogged table benchmark_search"
            " (id int primary key, title text, body text, agency text, year int, released date, pairs tsvector)"
        )

    def add(self, batch: list[Text]) -> None:
        with (
            self.base.cursor() as cursor,
            cursor.copy("copy benchmark_search (id, title, body, agency, year, released, pairs) from stdin") as rows,
        ):
            for text in batch:
                vector = _vector(f"{normal(text.title)}\n{normal(text.body)}\n{normal(text.doc_number)}")
                rows.write_row((text.number, text.title, text.body, text.agency, text.year, text.on, vector))

    def finish(self) -> None:
        self.base.execute("set maintenance_work_mem = '512MB'")
        self.base.execute("create index benchmark_search_pairs on benchmark_search using gin (pairs)")
        self.base.execute("analyze benchmark_search")
        self.base.execute(f"set statement_timeout = {int(PATIENCE * 1000)}")

    def ask(self, question: Question) -> int | None:
        words = words_of(question.text)
        wanted = " & ".join("(" + " <-> ".join(_quoted(pair) for pair in pairs(word)) + ")" for word in words)
        where, asked = "pairs @@ %s::tsquery", [wanted]
        if question.agency:
            where, asked = where + " and agency = %s and year = %s", [wanted, question.agency, question.year]
        try:
            row = self.base.execute(f"select count(*) from benchmark_search where {where}", asked).fetchone()
            hits = self.base.execute(
                f"select title, body from benchmark_search where {where} order by released desc limit {HITS}", asked
            ).fetchall()
        except self._psycopg.errors.QueryCanceled:
            return None
        _snippets(hits, words)
        return int(row[0]) if row else 0

    def size(self) -> int:
        row = self.base.execute("select pg_total_relation_size('benchmark_search')").fetchone()
        return int(row[0]) if row else 0

    def drop(self) -> None:
        self.base.execute("drop table if exists benchmark_search")


def postgres() -> Postgres | None:
    """Where a server answers under `PGURL` or the usual address of this machine's own."""
    import psycopg

    try:
        return Postgres(os.environ.get("PGURL", "postgres://127.0.0.1:5432/postgres"))
    except psycopg.OperationalError:
        return None


def _vector(plain: str) -> str:
    places: dict[str, list[int]] = {}
    for at, pair in enumerate(pairs(plain), 1):
        places.setdefault(pair, []).append(at)
    return " ".join(f"{_quoted(pair)}:{','.join(map(str, at[:255]))}" for pair, at in places.items())


def _quoted(pair: str) -> str:
    return "'" + pair.replace("\\", "\\\\").replace("'", "''") + "'"


def _snippets(rows: Iterable[Any], words: list[str]) -> None:
    for title, body in rows:
        marked(title, words)
        excerpt(body, words)


def matches(text: Text, question: Question, words: tuple[str, ...], title: str, body: str) -> bool:
    """The truth: every word is a substring of title or text in their normal form, or the number the document bears."""
    if question.agency and (text.agency, text.year) != (question.agency, question.year):
        return False
    return all(word in body or word in title or (parse(word) and word == normal(text.doc_number)) for word in words)

"""The engine on tantivy: an index in a folder of its own, written by one process, read by many.

Each record has its title and its body as pairs with their places (phrases are exact substrings), its characters once (queries of one
character), its codes as fast fields (narrowing, counting), and the printed text beside it for snippets. The position in the change log goes
into the same commit as the records: a killed writer leaves the index as of its last commit, and the log says what is missing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, Index, Occur, Query, SchemaBuilder

from gongkai.formats.document_number import parse
from gongkai.search.model import FACETS, Found, Hit, Record, SearchDown, Wanted
from gongkai.search.normal import normal
from gongkai.search.query import words_of
from gongkai.search.snippets import excerpt, marked
from gongkai.search.sounds import syllables
from gongkai.search.tokens import indexed, pairs, signs

VERSION = "2"
"""Of the schema and the tokens; an index of another version is made anew."""
HEAP = 64_000_000
TITLE_BOOST, NUMBER_BOOST = 4.0, 50.0
MOST_VALUES = 200
_POSITION = "position:"


def _schema() -> Any:
    builder = SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace")
    builder.add_text_field("body", tokenizer_name="whitespace")
    builder.add_text_field("signs", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("sound", tokenizer_name="whitespace")
    builder.add_text_field("number", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("on", stored=True, indexed=True, fast=True)
    builder.add_text_field("print_title", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("print_body", stored=True, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class TantivyEngine:
    """See `model.SearchEngine`. Open one to write in the one process that writes; any number to search."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._schema = _schema()
        self._writer: Any = None
        try:
            self._index = self._open()
        except (ValueError, OSError) as error:
            raise SearchDown(f"索引打不开：{error}") from None

    def _open(self) -> Any:
        mark = self.folder / "version"
        if mark.exists() and mark.read_text() != VERSION:
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        index = Index(self._schema, path=str(self.folder))
        mark.write_text(VERSION)
        index.config_reader("Manual")
        return index

    # writing

    def _writing(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(HEAP, 1)
            except ValueError as error:
                raise SearchDown(f"索引正由另一个进程写入：{error}") from None
        return self._writer

    def put(self, records: Iterable[Record]) -> int:
        """Adds or replaces; returns how many."""
        writer = self._writing()
        n = 0
        for record in records:
            writer.delete_documents_by_term("key", record.key)
            writer.add_document(_document(record))
            n += 1
        return n

    def drop(self, keys: Iterable[str]) -> None:
        writer = self._writing()
        for key in keys:
            writer.delete_documents_by_term("key", key)

    def clear(self) -> None:
        self._writing().delete_all_documents()

    def commit(self, position: int) -> None:
        """Makes what was written visible, with how far the change log was read."""
        writer = self._writing()
        previous = self._position_key()
        if previous:
            writer.delete_documents_by_term("key", previous)
        writer.add_document(Document(key=[f"{_POSITION}{position}"], on=[-1]))
        try:
            writer.commit()
        except (ValueError, OSError) as error:
            self._writer = None
            raise SearchDown(f"索引写不进去：{error}") from None
        self._index.reload()

    def close(self) -> None:
        """Ends the writer; what was not committed is forgotten."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    # reading

    def _searcher(self) -> Any:
        try:
            self._index.reload()
            return self._index.searcher()
        except (ValueError, OSError) as error:
            raise SearchDown(f"索引读不出来：{error}") from None

    def _position_key(self) -> str:
        found = self._searcher().terms_with_prefix("key", _POSITION)
        keys = [term for term, count in found if count]
        return max(keys, key=lambda key: int(key.removeprefix(_POSITION)), default="")

    def position(self) -> int:
        """How far the change log had been read at the last commit; 0 for a new index."""
        return int(self._position_key().removeprefix(_POSITION) or 0)

    def count(self) -> int:
        return max(0, self._searcher().num_docs - (1 if self._position_key() else 0))

    def search(self, wanted: Wanted) -> Found:
        """Raises QueryTooLong, SearchDown."""
        words = words_of(wanted.text)
        if wanted.text.strip() and not words:
            return Found(0, ())
        query = self._query(words, wanted)
        searcher = self._searcher()
        try:
            newest = {"order_by_field": "on"} if wanted.order == "newest" or not words else {}
            result = searcher.search(query, limit=wanted.limit, offset=wanted.offset, count=True, **newest)
            hits = tuple(_hit(searcher.doc(address), words) for _score, address in result.hits)
            counts = self._counts(searcher, query, wanted.counted)
        except (ValueError, OSError) as error:
            raise SearchDown(f"索引读不出来：{error}") from None
        return Found(result.count or 0, hits, counts)

    def titles(self, typed: str, limit: int = 8) -> list[str]:
        """Titles in which what is typed stands, for suggestions while typing; each once."""
        word = normal(typed)
        if len(word) < 2:
            return []
        return self._titles(self._exact("title", pairs(word)), limit)

    def sounding(self, sounds: Sequence[str], limit: int = 8) -> list[str]:
        """Titles in which these syllables follow each other."""
        return self._titles(self._exact("sound", sounds), limit) if sounds else []

    def _titles(self, query: Any, limit: int) -> list[str]:
        searcher = self._searcher()
        try:
            hits = searcher.search(query, limit=limit * 3, count=False).hits
            found = [searcher.doc(address).get_first("print_title") for _score, address in hits]
        except (ValueError, OSError) as error:
            raise SearchDown(f"索引读不出来：{error}") from None
        return list(dict.fromkeys(found))[:limit]

    def _query(self, words: list[str], wanted: Wanted) -> Any:
        if wanted.loose:
            some = [(Occur.Should, self._term(name, pair)) for word in words for pair in pairs(word) for name in ("title", "body")]
            must = [(Occur.Must, Query.boolean_query(some))] if some else []
        elif words:
            must = [(Occur.Must, self._phrase(word)) for word in words]
        else:
            everything = Query.range_query(self._schema, "on", tantivy.FieldType.Integer, 0, 10_000_000)
            must = [(Occur.Must, Query.const_score_query(everything, 0.0))]
        if not must:
            return Query.empty_query()
        narrowed = [
            (Occur.Must, Query.const_score_query(Query.term_set_query(self._schema, name, sorted(values)), 0.0))
            for name, values in wanted.facets.items()
            if values
        ]
        return Query.boolean_query([*must, *narrowed])

    def _phrase(self, word: str) -> Any:
        if len(word) == 1:
            return Query.const_score_query(self._term("signs", word), 1.0)
        parts = pairs(word)
        title = Query.boost_query(self._exact("title", parts), TITLE_BOOST)
        either = [(Occur.Should, title), (Occur.Should, self._exact("body", parts))]
        if number := parse(word):
            either.append((Occur.Should, Query.boost_query(self._term("number", normal(number.canonical)), NUMBER_BOOST)))
        return Query.boolean_query(either)

    def _exact(self, field: str, parts: Sequence[str]) -> Any:
        """The parts one after the other."""
        return self._term(field, parts[0]) if len(parts) == 1 else Query.phrase_query(self._schema, field, [*parts])

    def _term(self, field: str, value: str) -> Any:
        return Query.term_query(self._schema, field, value)

    def _counts(self, searcher: Any, query: Any, names: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        asked = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        if not asked:
            return {}
        found = searcher.aggregate(query, asked)
        found = json.loads(found) if isinstance(found, str) else found
        return {name: [(str(row["key"]), int(row["doc_count"])) for row in found[name]["buckets"]] for name in asked}


def _document(record: Record) -> Any:
    title, body = normal(record.title), normal(record.body)
    document = Document()
    document.add_text("key", record.key)
    document.add_text("title", indexed(title))
    document.add_text("body", indexed(body))
    document.add_text("signs", signs(title + body))
    document.add_text("sound", " ".join(syllables(title)))
    if record.number:
        document.add_text("number", normal(record.number))
    document.add_integer("on", record.on.toordinal())
    document.add_text("print_title", record.title)
    document.add_text("print_body", record.body)
    for name, values in record.facets.items():
        for value in values:
            document.add_text(name, value)
    return document


def _hit(document: Any, words: list[str]) -> Hit:
    title, body = document.get_first("print_title") or "", document.get_first("print_body") or ""
    return Hit(document.get_first("key"), marked(title, words), excerpt(body, words), date.fromordinal(max(1, document.get_first("on"))))

"""The engine on tantivy: an index in a folder of its own, written by one process, read by many.

Each record has its title and its body as pairs with their places (phrases are exact substrings), its characters once (queries of one
character), its codes as fast fields (narrowing, counting), and the printed text beside it for snippets. The position in the change log goes
into the same commit as the records: a killed writer leaves the index as of its last commit, and the log says what is missing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tantivy
from tantivy import Document, Index, Occur, Query, SchemaBuilder

from gongkai.formats.document_number import parse
from gongkai.search.model import FACETS, PLACE, Found, Hit, Record, SearchDown, Wanted
from gongkai.search.normal import normal
from gongkai.search.query import words_of
from gongkai.search.snippets import excerpt, marked
from gongkai.search.sounds import syllables
from gongkai.search.tokens import indexed, pairs, signs

VERSION = "4"
"""Of the schema and the tokens; an index of another version is made anew."""
HEAP = 64_000_000
TITLE_BOOST, NUMBER_BOOST = 4.0, 50.0
MOST_VALUES = 200
BEGINNING = 5_000
"""Characters of a text that are read to tell how much of a query it has."""
_POSITION = "position:"
Facets = Mapping[str, Collection[str]]
NOT_NARROWED: Facets = MappingProxyType({})


@contextmanager
def _down(what: str) -> Iterator[None]:
    """Whatever the engine raises inside, broken files make it panic too, is one outage."""
    try:
        yield
    except (SearchDown, MemoryError):
        raise
    except (ValueError, OSError, RuntimeError) as error:
        raise SearchDown(f"索引{what}：{error}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the binding, which names it nowhere
            raise
        raise SearchDown(f"索引{what}：{error}") from None


def _schema() -> Any:
    builder = SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace")
    builder.add_text_field("body", tokenizer_name="whitespace")
    builder.add_text_field("signs", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("sound", tokenizer_name="whitespace")
    builder.add_text_field("number", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("on", stored=True, indexed=True, fast=True)
    for name in ("print_title", "print_body"):  # as bytes: the engine would take a text field for a term, however long
        builder.add_bytes_field(name, stored=True, indexed=False)
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(PLACE, tokenizer_name="raw", index_option="basic")
    return builder.build()


class TantivyEngine:
    """See `model.SearchEngine`. Open one to write in the one process that writes; any number to search.

    `existing`: only an index that is there, of this version, else SearchDown. A reader that made an empty one in place of what is missing
    would answer “nothing found”.
    """

    def __init__(self, folder: Path, *, existing: bool = False) -> None:
        self.folder = folder
        self._schema = _schema()
        self._writer: Any = None
        with _down("打不开"):
            self._index = self._open(existing)

    def _open(self, existing: bool) -> Any:
        mark = self.folder / "version"
        known = mark.exists() and mark.read_text() == VERSION
        if existing and not (known and Index.exists(str(self.folder))):
            raise SearchDown("索引不在了，或者是旧版本的")
        if self.folder.exists() and not known:
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        index = Index(self._schema, path=str(self.folder))
        if not known:
            mark.write_text(VERSION)
        index.config_reader("Manual")
        return index

    # writing

    def _writing(self) -> Any:
        if self._writer is None:
            with _down("正由另一个进程写入"):
                self._writer = self._index.writer(HEAP, 1)
        return self._writer

    def put(self, records: Iterable[Record]) -> int:
        """Adds or replaces; returns how many. Raises SearchDown where it cannot be written (disk full)."""
        writer = self._writing()
        n = 0
        for record in records:
            with _down("写不进去"):
                writer.delete_documents_by_term("key", record.key)
                writer.add_document(_document(record))
            n += 1
        return n

    def drop(self, keys: Iterable[str]) -> None:
        writer = self._writing()
        with _down("写不进去"):
            for key in keys:
                writer.delete_documents_by_term("key", key)

    def commit(self, position: int) -> None:
        """Makes what was written visible, with how far the change log was read. Raises SearchDown; the last commit stands then."""
        writer = self._writing()
        previous = self._position_key()
        with _down("写不进去"):
            if previous:
                writer.delete_documents_by_term("key", previous)
            writer.add_document(Document(key=[f"{_POSITION}{position}"], on=[-1]))
            writer.commit()
        with _down("读不出来"):
            self._index.reload()

    def close(self) -> None:
        """Ends the writer; what was not committed is forgotten."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(SearchDown), _down("写不进去"):
                writer.rollback()
                writer.wait_merging_threads()

    # reading

    def _searcher(self) -> Any:
        try:
            with _down("读不出来"):
                self._index.reload()
        except SearchDown:
            if (self.folder / "meta.json").exists():
                raise  # else another index took its place just now: what is open still answers
        return self._index.searcher()

    def _position_key(self) -> str:
        searcher = self._searcher()
        with _down("读不出来"):
            found = searcher.terms_with_prefix("key", _POSITION)
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
        with _down("读不出来"):
            newest = {"order_by_field": "on"} if wanted.order == "newest" or not words else {}
            result = searcher.search(query, limit=wanted.limit, offset=wanted.offset, count=True, **newest)
            documents = [searcher.doc(address) for _score, address in result.hits]
            if wanted.loose:
                words = list(dict.fromkeys(pair for word in words for pair in pairs(word)))
                documents = [one for one in documents if not wanted.least or _share(one, words) >= wanted.least]
            hits = tuple(_hit(document, words) for document in documents)
            counts = self._counts(searcher, query, wanted.counted)
        return Found(result.count or 0, hits, counts)

    def counts(self, wanted: Wanted) -> dict[str, list[tuple[str, int]]]:
        """Only the values of the facets in `wanted.counted` over everything found. Raises as `search` does."""
        words = words_of(wanted.text)
        if wanted.text.strip() and not words:
            return {}
        searcher = self._searcher()
        with _down("读不出来"):
            return self._counts(searcher, self._query(words, wanted), wanted.counted)

    def titles(self, typed: str, limit: int = 8, facets: Facets = NOT_NARROWED) -> list[tuple[str, str]]:
        """(key, title) of titles in which what is typed stands, for suggestions while typing; each title once."""
        word = normal(typed)
        if len(word) < 2:
            return []
        return self._titles(self._exact("title", pairs(word)), limit, facets)

    def sounding(self, sounds: Sequence[str], limit: int = 8, facets: Facets = NOT_NARROWED) -> list[tuple[str, str]]:
        """(key, title) of titles in which these syllables follow each other."""
        return self._titles(self._exact("sound", sounds), limit, facets) if sounds else []

    def _titles(self, phrase: Any, limit: int, facets: Facets) -> list[tuple[str, str]]:
        query = Query.boolean_query([(Occur.Must, phrase), *self._narrowed(facets)])
        searcher = self._searcher()
        with _down("读不出来"):
            hits = searcher.search(query, limit=limit * 3, count=False).hits
            found = [searcher.doc(address) for _score, address in hits]
        titles: dict[str, str] = {}
        for document in found:
            titles.setdefault(_printed(document, "print_title"), document.get_first("key"))
        return [(key, title) for title, key in titles.items()][:limit]

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
        return Query.boolean_query([*must, *self._narrowed(wanted.facets)])

    def _narrowed(self, facets: Facets) -> list[tuple[Any, Any]]:
        return [
            (Occur.Must, Query.const_score_query(Query.term_set_query(self._schema, name, sorted(values)), 0.0))
            for name, values in facets.items()
            if values
        ]

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
    document.add_bytes("print_title", record.title.encode("utf-8", "ignore"))
    document.add_bytes("print_body", record.body.encode("utf-8", "ignore"))
    for name, values in record.facets.items():
        for value in values:
            document.add_text(name, value)
    return document


def _share(document: Any, parts: Sequence[str]) -> float:
    text = normal(_printed(document, "print_title") + " " + _printed(document, "print_body")[:BEGINNING])
    return sum(part in text for part in parts) / len(parts) if parts else 0.0


def _printed(document: Any, name: str) -> str:
    return bytes(document.get_first(name) or b"").decode()


def _hit(document: Any, words: list[str]) -> Hit:
    title, body = _printed(document, "print_title"), _printed(document, "print_body")
    return Hit(document.get_first("key"), marked(title, words), excerpt(body, words), date.fromordinal(max(1, document.get_first("on"))))

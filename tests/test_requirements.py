"""docs/requirements.md lists every clause once, in order, and names only tests that exist."""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "requirements.md"
CLAUSES = ROOT.parent / "shared" / "mission" / "clauses.md"
ROW = re.compile(r"^\| (S\d-\d+) \|")
PROOF = re.compile(r"`([^`]+)`")


def rows(path: Path) -> list[list[str]]:
    """The cells of every row that begins with a clause id."""
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in path.read_text("utf-8").splitlines() if ROW.match(line)
    ]


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    """Names of the test functions of a file: `name`, and `Class.name` for methods."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)}
    return frozenset(name for name in names if name.rpartition(".")[2].startswith("test_"))


def failures(cells: list[str]) -> list[str]:
    """What is wrong with one row, in sentences."""
    if len(cells) != 4 or not all(cells):
        return [f"{cells[0]}: four filled cells are needed, found {cells}"]
    ident, proof = cells[0], cells[3]
    named = PROOF.findall(proof)
    open_still = proof.startswith("not yet: ")
    if open_still and len(proof) <= len("not yet: ") + 5:
        return [f"{ident}: says not yet, but not what will answer it"]
    if not named and not open_still:
        return [f"{ident}: names no test and does not say 'not yet: …'"]
    wrong = []
    for name in named:
        path, _, function = name.partition("::")
        file = ROOT / path
        if not file.is_file():
            wrong.append(f"{ident}: there is no file {path}")
        elif function.replace("::", ".") not in names_of_tests(file):
            wrong.append(f"{ident}: {path} has no test {function}")
    return wrong


def test_every_clause_is_listed_once_and_in_order() -> None:
    if not CLAUSES.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CLAUSES} is needed under CI=true")
        pytest.skip(f"{CLAUSES} is not here: the list cannot be compared with its source")
    expected = [cells[0] for cells in rows(CLAUSES)]
    assert len(expected) == 181
    assert [cells[0] for cells in rows(TABLE)] == expected


def test_the_table_is_whole_without_its_source() -> None:
    counts = {"S0": 29, "S1": 22, "S2": 33, "S3": 36, "S4": 61}
    assert [cells[0] for cells in rows(TABLE)] == [f"{seed}-{n}" for seed, last in counts.items() for n in range(1, last + 1)]


def test_every_row_names_an_existing_test_or_says_what_will_answer_it() -> None:
    wrong = [sentence for cells in rows(TABLE) for sentence in failures(cells)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "not yet:",
        "done",
        "`tests/no_such_file.py::test_x`",
        "`tests/test_requirements.py::test_no_such_test`",
        "`tests/test_requirements.py::rows`",
    ],
)
def test_a_row_without_proof_is_refused(proof: str) -> None:
    assert failures(["S0-1", "words", "capability", proof])


def test_a_row_with_proof_is_accepted() -> None:
    assert not failures(["S0-1", "words", "capability", "`tests/test_requirements.py::test_a_row_with_proof_is_accepted`"])

"""From bytes to plans: files are opened, compiled, and whatever goes wrong becomes one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.model import Plan


def read_plans(data: bytes, name: str) -> Iterator[Plan | ReadingError]:
    """Every document in `data` (one file, or a zip of several) as a `Plan`, or as the `ReadingError` that says why not.

    `name` is the file name: its ending helps to tell the format, and it comes back as `Plan.source` (inside an archive `zip!member`).
    Nothing is raised for bad input; a document that is no plan gives a `Plan` without tasks. The rest of an archive survives a bad member.
    """
    from gongkai.reading.compiler import compile_plan
    from gongkai.reading.files import extract_all

    documents = extract_all(data, name)
    while True:
        try:
            document = next(documents)
        except StopIteration:
            return
        except ReadingError as error:
            yield error
            return
        except Exception as error:
            yield _failure(name, error)
            return
        if isinstance(document, ReadingError):
            yield document
            continue
        try:
            plan = compile_plan(document)
        except ReadingError as error:
            yield error
        except Exception as error:
            yield _failure(document.name, error)
        else:
            yield plan


def _failure(name: str, error: Exception) -> ReadingError:
    """A defect of ours in one file must not take the others down, nor show a traceback."""
    if isinstance(error, MemoryError):
        return ReadingError(name, "内存不够，没有读完", "把文件拆小，或换一台内存更大的机器")
    return ReadingError(name, f"读取程序出错（{type(error).__name__}：{str(error)[:120]}）", "把这个文件和这句话发给维护者")

"""A zip of documents: each member by itself, a bad one beside the others and not instead of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files.package import BOMB_MEND, Budget, Package, displayed

# What operating systems and office programs leave behind in archives.
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE)
_ESCAPES = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:")


def members(data: bytes, name: str, budget: Budget) -> Iterator[tuple[str, bytes | ReadingError]]:
    """("outer.zip!inner.docx", its bytes) for each document, or the error in place of the bytes.

    Raises ReadingError when the archive itself is bad. Once the unpacking budget is spent, that error is the last item.
    """
    package = Package(data, name, budget)
    wanted = [(info, displayed(info)) for info in package.infos() if not info.is_dir()]
    wanted = [(info, shown) for info, shown in wanted if not _LITTER.search(shown)]
    if not wanted:
        raise ReadingError(name, "压缩包里没有文件", "请把要读取的文档放进压缩包后再试")
    if len(wanted) > limits.ZIP_MEMBERS:
        raise ReadingError(name, f"压缩包里有 {len(wanted)} 个文件，超过上限 {limits.ZIP_MEMBERS} 个", "请分成几个压缩包再试")
    for info, shown in wanted:
        label = f"{name}!{shown}"
        try:
            yield label, _read(package, info, shown, label)
        except ReadingError as error:
            yield label, error
        if budget.left < 0:
            return


def _read(package: Package, info: zipfile.ZipInfo, shown: str, label: str) -> bytes:
    if _ESCAPES.search(shown):
        raise ReadingError(label, "压缩包内的路径指向包外（可能是恶意压缩包）", BOMB_MEND)
    return package.read(info, limits.MEMBER_BYTES, label)

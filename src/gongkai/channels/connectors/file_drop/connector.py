"""文件投递: html, JSON and attachments as a folder that appears whole or not at all; for archives and public libraries (条例第二十五条),
and for editors who take their text from a share.

A package is written beside its place and renamed into it. One with the key is there already: it was delivered. Nothing is ever taken away
from a receiver: a withdrawal is a package of its own, and marks those before it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import escape

from gongkai.channels.connectors.base import WITHDRAW, Connector, DeliveryError, Package, Prepared, Receipt, Target
from gongkai.channels.connectors.file_drop.form import FileDropForm

MARK = "已撤下.json"
CHUNK = 1 << 20
_UNSAFE = re.compile(r"[^\w.\-（）()]+")


class FileDrop(Connector):
    name = "file_drop"
    label = "文件投递"
    help = "把全文、数据和附件写成一个文件夹，供档案馆、图书馆、编辑部取用；整份出现，不会只有一半。"
    media: ClassVar[tuple[str, ...]] = ()
    form = FileDropForm

    def prepare(self, package: Package, target: Target) -> Prepared:
        told: dict[str, Any] = {
            "key": package.key,
            "action": package.action,
            "title": package.title,
            "url": package.url,
            "agency": package.agency,
            "at": package.at.isoformat(),
            "reason": package.reason or None,
            "earlier": list(package.earlier),
            "content": package.data or None,
        }
        body = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1, cls=DjangoJSONEncoder)
        return Prepared(package, body.encode(), package.text or package.reason)

    def deliver(self, prepared: Prepared, target: Target) -> Receipt:
        return self._write(prepared, target)

    def withdraw(self, prepared: Prepared, target: Target) -> Receipt:
        receipt = self._write(prepared, target)
        marked = 0
        for key in prepared.package.earlier:
            folder = folder_of(target) / name_of(key)
            if folder.is_dir() and not (folder / MARK).exists():
                try:
                    _atomic(folder / MARK, prepared.body)
                except OSError as error:
                    raise _failed(error, folder) from error
                marked += 1
        return Receipt(f"{receipt.answer}，{marked} 份以前的已标明撤下" if marked else receipt.answer)

    def _write(self, prepared: Prepared, target: Target) -> Receipt:
        package, root = prepared.package, folder_of(target)
        place = root / name_of(package.key)
        if place.is_dir():
            return Receipt(f"已在文件夹 {root.name}/{place.name}")
        part = root / f".part-{uuid.uuid4().hex}"
        try:
            part.mkdir(parents=True, mode=0o750)
            sums = {"content.json": _put(part / "content.json", prepared.body)}
            sums["index.html"] = _put(part / "index.html", _page(package).encode())
            for n, file in enumerate(package.files, 1):
                name = f"{n:02}-{_UNSAFE.sub('_', file.name)[-120:]}"
                with file.open() as source:
                    sums[name] = _copy(source, part / name)
                if sums[name] != file.sha256:
                    raise DeliveryError(f"附件“{file.name}”和公开件的校验值不一致，没有投递")
            listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
            _put(part / "SHA256SUMS", listed.encode())
            part.rename(place)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY) and place.is_dir():
                return Receipt(f"已在文件夹 {root.name}/{place.name}")  # another worker was faster with the same
            raise _failed(error, root) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return Receipt(f"已写入 {root.name}/{place.name}，{len(package.files)} 个附件")

    def trouble(self, target: Target) -> str:
        root = folder_of(target)
        near = next((one for one in (root, *root.parents) if one.exists()), None)
        if near is None or not near.is_dir() or not os.access(near, os.W_OK | os.X_OK):
            return f"不能写入文件夹 {root.name}，请系统管理员检查 GONGKAI_DROP 和权限"
        return ""


def folder_of(target: Target) -> Path:
    """Always directly under the operator's folder, whatever the settings hold."""
    name = str(target.settings.get("folder", ""))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}", name):
        raise DeliveryError("没有设定投递文件夹，请在渠道设置里填写", permanent=True)
    return Path(settings.DROP_DIR) / name


def name_of(key: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", key)


def _failed(error: OSError, root: Path) -> DeliveryError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    why = "磁盘空间不够" if full else error.strerror or type(error).__name__
    return DeliveryError(f"不能写入文件夹 {root.name}：{why}", down=True)


def _put(path: Path, data: bytes) -> str:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return hashlib.sha256(data).hexdigest()


def _atomic(path: Path, data: bytes) -> None:
    part = path.with_name(f".part-{uuid.uuid4().hex}")
    try:
        _put(part, data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Any, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _page(package: Package) -> str:
    note = f"<p><strong>已撤下：{escape(package.reason)}</strong></p>" if package.action == WITHDRAW else ""
    source = f'<p>来源：{escape(package.agency)}　<a href="{escape(package.url)}">{escape(package.url)}</a></p>'
    head = f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(package.title)}</title></head>'
    return f"{head}<body><h1>{escape(package.title)}</h1>{note}{source}{package.html}</body></html>\n"

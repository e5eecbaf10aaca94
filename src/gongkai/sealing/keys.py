"""The keys: from GONGKAI_SEAL_KEYS, or made once and kept beside the database's folder with owner-only rights.

The first key seals; every key of the list opens. A key is the urlsafe base64 of 32 bytes (`cryptography.fernet`). Losing them loses what
was sealed; a database copied alone says nothing of any person. How keys are changed: rotation.py and docs/decisions/0032.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

FILE = "seal_keys"
MARK = "seal_digest"
"""In the folder of the data: by which key digests are made, told by its fingerprint alone."""


class SealError(RuntimeError):
    """What is sealed cannot be opened. `str(error)` is one Chinese sentence with the mend; it holds nothing of what was sealed."""


def key_list() -> tuple[str, ...]:
    """The keys in use, the one that seals first. Raises SealError for a key that is none."""
    given = tuple(key.strip() for key in settings.SEAL_KEYS.split(",") if key.strip())
    if given:
        return given
    path = kept_at()
    return _kept(path, _stamp(path))


def kept_at() -> Path:
    """Where the keys are kept when no setting gives them."""
    return Path(settings.DATA_DIR) / FILE


def box() -> MultiFernet:
    return _box(key_list())


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise SealError("加密密钥的格式不对：GONGKAI_SEAL_KEYS（或数据文件夹里的 seal_keys）应是逗号分隔的 Fernet 密钥") from error


def seal(data: bytes) -> bytes:
    return box().encrypt(data)


def unseal(token: bytes) -> bytes:
    """Raises SealError where no key in use opens it, or it was altered."""
    try:
        return box().decrypt(token)
    except InvalidToken as error:
        raise SealError("打不开加密的内容：密钥不是封存时用的那一个，请在 GONGKAI_SEAL_KEYS 里补上原来的密钥") from error


def seals(key: str, token: bytes) -> bool:
    """Whether this one key opens the token."""
    try:
        Fernet(key).decrypt(token)
    except InvalidToken:
        return False
    return True


def digest(*parts: str) -> str:
    """The same parts give the same 64 hex digits, which say nothing to whoever has no key: for finding one applicant's requests.

    Made with the key of the mark (`digest_key`), so that adding a new first key changes none; `gongkai seal rotate` makes them again.
    """
    words = "\0".join("".join(part.split()).casefold() for part in parts)
    return hmac.new(hashlib.sha256(b"gongkai.digest" + digest_key().encode()).digest(), words.encode(), hashlib.sha256).hexdigest()


def digest_key() -> str:
    """The key of the list that the mark names; the last of the list, the oldest, where there is no mark or its key is gone."""
    keys = key_list()
    if len(keys) == 1:
        return keys[0]
    try:
        mark = (Path(settings.DATA_DIR) / MARK).read_text("ascii").strip()
    except FileNotFoundError:
        mark = ""
    return next((key for key in keys if fingerprint(key) == mark), keys[-1])


def fingerprint(key: str) -> str:
    """Sixteen hex digits by which a key is named where it must not stand."""
    return hashlib.sha256(b"gongkai.key" + key.encode()).hexdigest()[:16]


def mark_digests(key: str) -> None:
    """From now on digests are made by this key, in every process of this data folder."""
    _replace(Path(settings.DATA_DIR) / MARK, fingerprint(key) + "\n")


def add_key() -> str:
    """A new first key in the kept file, which every process reads from then on. SealError where the keys come from the settings."""
    if settings.SEAL_KEYS.strip():
        raise SealError("密钥由 GONGKAI_SEAL_KEYS 给出：请把新密钥写在它的最前面，重新启动，再运行 gongkai seal rotate")
    keys = key_list()
    fresh = Fernet.generate_key().decode("ascii")
    mark_digests(digest_key())
    _replace(kept_at(), "\n".join((fresh, *keys)) + "\n")
    return fresh


def drop_old() -> int:
    """Leaves the first key alone in the kept file; how many went. The caller has made sure that nothing needs them."""
    if settings.SEAL_KEYS.strip():
        raise SealError("密钥由 GONGKAI_SEAL_KEYS 给出：请从其中删去旧密钥，再重新启动")
    keys = key_list()
    _replace(kept_at(), keys[0] + "\n")
    return len(keys) - 1


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(text, "ascii")
    fresh.replace(path)


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does, so that a running server hears of a new key."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=4)
def _kept(path: Path, stamp: tuple[int, int]) -> tuple[str, ...]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(Fernet.generate_key() + b"\n")
        try:
            os.link(fresh, path)  # the first of several processes wins; the others read its key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return tuple(line.strip() for line in path.read_text("ascii").split() if line.strip())

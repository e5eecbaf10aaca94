"""Bad input gets one clear sentence: what, where, the mend."""

from __future__ import annotations

from gongkai.reading.errors import ReadingError


class RedactionError(ReadingError):
    """A file that cannot be redacted, or whose result did not stand up to verification. Nothing is handed out."""

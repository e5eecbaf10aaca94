"""What the clocks refuse."""

from __future__ import annotations


class ClockError(ValueError):
    """Bad data or a bad event. `str(error)` is one Chinese sentence with the mend; nothing was changed."""

"""What the rest of the house is told of a catalogue. Sent inside the transaction of the deed: who listens lives or dies with it."""

from __future__ import annotations

from django.dispatch import Signal

version_approved = Signal()
"""`version` is in force now; `before` was until this moment (None for the first); `actor` approved it."""
item_bound = Signal()
"""`item` stands in another column now; `actor`."""
column_closed = Signal()
"""`column` was closed; its `moved_to` may be None; `actor`."""

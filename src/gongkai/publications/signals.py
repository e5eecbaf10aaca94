"""What the rest of the house is told of publishing. Sent inside the transaction of the verb: who listens lives or dies with it."""

from __future__ import annotations

from django.dispatch import Signal

opened = Signal()
"""`edition` is live from this moment; `actor`. Also sent for a minor correction (`edition.change`) and for an announcement of
non-disclosure (its revision's attribute)."""
taken_down = Signal()
"""`edition` was live and is no longer, withdrawn or at the end of its term; its document says why; `actor`."""

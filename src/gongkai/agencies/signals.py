"""What the lines of work above may want to know. Sent inside the transaction of the change, so that receivers share its fate."""

from django.dispatch import Signal

suggestion_decided = Signal()
"""kwargs: suggestion (AgencySuggestion, decided), section (Section or None), actor (User or None)."""

directory_changed = Signal()
"""An agency, a name or a collective was added or changed. kwargs: jurisdiction, actor."""

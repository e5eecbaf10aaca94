"""What the lines of work above may want to know. Sent inside the transaction of the change, so that receivers share its fate."""

from django.dispatch import Signal

suggestion_decided = Signal()
"""kwargs: suggestion (AgencySuggestion, decided), section (Section or None), actor (User or None)."""

directory_changed = Signal()
"""An agency, a name or a collective was added or changed. kwargs: jurisdiction, actor; registered, renamed (agencies) where it was that."""

reorganised = Signal()
"""An agency or one of its sections gives up duties (reorganising.py). kwargs: change (reorganising.Change).

A receiver takes along what it keeps for the agency and returns a reorganising.Followed, or None where it keeps nothing.
"""

leaders_changed = Signal()
"""A leader was appointed or has left (leaders.py). kwargs: leader (Leader), on (date), actor (User or None)."""

profile_confirmed = Signal()
"""An agency has confirmed what it tells of itself (profiles.py). kwargs: agency, on (date), actor (User or None)."""

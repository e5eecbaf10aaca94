"""The database itself refuses to change or remove a saved text, what hangs on it, and a review (S1-7, 条例第十七条): see journal/guards.py.

A migration that alters one of these tables calls `install` again at its end.
"""

from __future__ import annotations

from gongkai.journal.guards import Guards

TABLES = {
    "publications_revision": ("id", "edition_id,number"),
    "publications_revisionissuer": ("id", "revision_id,agency_id"),
    "publications_revisionreference": ("id",),
    "publications_revisionattachment": ("id", "revision_id,version_id"),
    "publications_review": ("id",),
    "publications_reviewitem": ("id", "review_id,version_id"),
}
GUARDS = Guards(TABLES, "gongkai_publications_refuse", "saved texts and reviews are append-only")
install, remove, missing = GUARDS.install, GUARDS.remove, GUARDS.missing

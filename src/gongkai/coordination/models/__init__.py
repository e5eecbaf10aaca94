"""How an openness office runs its plan: who leads, whom it asked, what it collects and files, what it checks.

Leading groups (S1-12, S2-1), opinions on a draft plan and its filing upward (S1-13), collections from every unit with receipt (S4-1, S4-3),
checks of every kind: self-check, conformance, acceptance, inspection (S1-16 to S1-18, S4-61).
"""

from gongkai.coordination.models.checking import Check, CheckPoint
from gongkai.coordination.models.collecting import Collection, ReceiptSeries, Reminder, Submission
from gongkai.coordination.models.deeds import Deed, deed_path
from gongkai.coordination.models.flow import Filing, Opinion
from gongkai.coordination.models.groups import GroupMember, LeadingGroup
from gongkai.coordination.models.instructions import Instruction

__all__ = [
    "Check",
    "CheckPoint",
    "Collection",
    "Deed",
    "Filing",
    "GroupMember",
    "Instruction",
    "LeadingGroup",
    "Opinion",
    "ReceiptSeries",
    "Reminder",
    "Submission",
    "deed_path",
]

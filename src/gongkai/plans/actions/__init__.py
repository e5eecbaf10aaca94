"""Everything that changes a plan: import, review, units, issue, comparison. One function per verb; see the modules."""

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.plans.actions.comparing import confirm_counterpart
from gongkai.plans.actions.events import record_event
from gongkai.plans.actions.importing import discard, import_plan
from gongkai.plans.actions.issuing import failure_reasons, issue
from gongkai.plans.actions.review import accept, accept_all_clear, add, edit, exclude, reassign, restore
from gongkai.plans.actions.shape import merge, split
from gongkai.plans.actions.units import assign_unnamed, resolve_unit
from gongkai.reading.errors import ReadingError

__all__ = [
    "ActionRefused",
    "NotAllowed",
    "ReadingError",
    "accept",
    "accept_all_clear",
    "add",
    "assign_unnamed",
    "confirm_counterpart",
    "discard",
    "edit",
    "exclude",
    "failure_reasons",
    "import_plan",
    "issue",
    "merge",
    "reassign",
    "record_event",
    "resolve_unit",
    "restore",
    "split",
]

"""Records: the obligation, its clock (clock_events), its periods (series), its proof (evidence), its work (steps)."""

from gongkai.obligations.models.clock_events import ClockEvent
from gongkai.obligations.models.duplicates import Duplicate
from gongkai.obligations.models.evidence import Evidence
from gongkai.obligations.models.obligation import Helper, Obligation
from gongkai.obligations.models.rules import RuleSwitch
from gongkai.obligations.models.series import Series
from gongkai.obligations.models.steps import DeliverableProof, Step, StepFile, file_path

__all__ = [
    "ClockEvent",
    "DeliverableProof",
    "Duplicate",
    "Evidence",
    "Helper",
    "Obligation",
    "RuleSwitch",
    "Series",
    "Step",
    "StepFile",
    "file_path",
]

"""Who owes and who acts, and what they tell of themselves."""

from gongkai.agencies.models.directory import (
    Agency,
    AgencyAlias,
    AgencySuggestion,
    CollectiveName,
    Jurisdiction,
    Leader,
    Membership,
    Reorganisation,
    Section,
    User,
)
from gongkai.agencies.models.profiles import AgencyProfile, GuideText, GuideVersion

__all__ = [
    "Agency",
    "AgencyAlias",
    "AgencyProfile",
    "AgencySuggestion",
    "CollectiveName",
    "GuideText",
    "GuideVersion",
    "Jurisdiction",
    "Leader",
    "Membership",
    "Reorganisation",
    "Section",
    "User",
]

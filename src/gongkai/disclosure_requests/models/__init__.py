from gongkai.disclosure_requests.models.after import (
    ArchivePackage,
    Correction,
    FrequentAnswer,
    OpeningProposal,
    Remedy,
    WorkSuggestion,
)
from gongkai.disclosure_requests.models.applicants import Applicant, ApplicantLook, CaseFile
from gongkai.disclosure_requests.models.deeds import Deed
from gongkai.disclosure_requests.models.handling import (
    Assignment,
    Clarification,
    Consultation,
    Extension,
    FeeNotice,
    FrequencyCheck,
)
from gongkai.disclosure_requests.models.intake import ContactTest, IncomingMail, PlaceSettings, Serial
from gongkai.disclosure_requests.models.privacy import PrivacyAssessment
from gongkai.disclosure_requests.models.public import HeldFile, Knock, OpenForm
from gongkai.disclosure_requests.models.replies import LetterTemplate, Reply, ReplyFile, ReplyReview, Service
from gongkai.disclosure_requests.models.requests import DisclosureRequest

__all__ = [
    "Applicant",
    "ApplicantLook",
    "ArchivePackage",
    "Assignment",
    "CaseFile",
    "Clarification",
    "Consultation",
    "ContactTest",
    "Correction",
    "Deed",
    "DisclosureRequest",
    "Extension",
    "FeeNotice",
    "FrequencyCheck",
    "FrequentAnswer",
    "HeldFile",
    "IncomingMail",
    "Knock",
    "LetterTemplate",
    "OpenForm",
    "OpeningProposal",
    "PlaceSettings",
    "PrivacyAssessment",
    "Remedy",
    "Reply",
    "ReplyFile",
    "ReplyReview",
    "Serial",
    "Service",
    "WorkSuggestion",
]

"""政府信息 from draft to mark: document → edition (a state machine) → revision (never changed), and all that is said of them."""

from gongkai.publications.models.attachments import Attachment, AttachmentVersion, PublicCopy, RevisionAttachment
from gongkai.publications.models.deeds import Deed
from gongkai.publications.models.documents import Document, DocumentItem, IndexPattern, PlaceLabels
from gongkai.publications.models.editions import Edition, Revision, RevisionIssuer, RevisionReference
from gongkai.publications.models.history import HistoryResult, HistoryScreening
from gongkai.publications.models.labels import LabelRecord
from gongkai.publications.models.reviews import Evaluation, Inquiry, Review, ReviewItem, Workflow
from gongkai.publications.models.screening_rules import ScreeningPolicy, Wording, WordingList
from gongkai.publications.models.screenings import ScreenedFile, Screening, ScreeningFinding, ScreeningPart
from gongkai.publications.models.subscriptions import Announcement, Push, Subscription, Waiting
from gongkai.publications.models.topics import Booklet, Topic, TopicEntry
from gongkai.publications.models.validity import Cleanup, CleanupEntry, ValidityChange, ValidityTerm

__all__ = [
    "Announcement",
    "Attachment",
    "AttachmentVersion",
    "Booklet",
    "Cleanup",
    "CleanupEntry",
    "Topic",
    "TopicEntry",
    "Deed",
    "Document",
    "DocumentItem",
    "Edition",
    "Evaluation",
    "IndexPattern",
    "HistoryResult",
    "HistoryScreening",
    "Inquiry",
    "LabelRecord",
    "PublicCopy",
    "PlaceLabels",
    "Push",
    "Review",
    "ReviewItem",
    "Revision",
    "RevisionAttachment",
    "RevisionIssuer",
    "RevisionReference",
    "ScreenedFile",
    "Screening",
    "ScreeningFinding",
    "ScreeningPart",
    "ScreeningPolicy",
    "Subscription",
    "ValidityChange",
    "ValidityTerm",
    "Waiting",
    "Wording",
    "WordingList",
    "Workflow",
]

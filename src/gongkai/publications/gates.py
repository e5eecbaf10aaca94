"""What stands between an edition and the public, in sentences shown before the button and asked again under lock.

`submit_reasons`: the draft cannot go to its reviewers. `publish_reasons`: it cannot be opened. Some of the latter may be set aside by a
head or the openness office in an emergency (紧急发布) and are made good afterwards; the secrecy review never (条例第十七条, invariant 1).
"""

from __future__ import annotations

from django.utils import timezone

from gongkai.publications import labels, metadata
from gongkai.publications.drafting import attachments
from gongkai.publications.lists import content as lists
from gongkai.publications.models import Edition, Revision
from gongkai.publications.reviewing import workflow
from gongkai.publications.screening import gate as screening_gate

Attribute = Revision.Attribute


def text_reasons(edition: Edition) -> list[str]:
    """What the text itself lacks to be shown to anybody."""
    revision = edition.revision
    if revision is None:
        return ["还没有保存过文稿"]
    reasons = []
    if revision.attribute != Attribute.WITHHELD and not revision.body.strip() and not revision.rows and not _has_attachments(revision):
        reasons.append("没有正文也没有附件，请补上")
    if edition.change == Edition.Change.MAJOR and not edition.change_note.strip():
        reasons.append("重要修改要写明改了什么，公众看得到")
    if edition.expires_on is not None and edition.expires_on < timezone.localdate():
        reasons.append(f"公示截止日期 {edition.expires_on} 已经过去，请改正")
    return reasons


def _has_attachments(revision: Revision) -> bool:
    return revision.attachment_links.exists()


def quality_reasons(edition: Edition) -> list[str]:
    """Metadata, rows of a list and accessibility: what can be made good after an emergency."""
    return [*metadata.reasons(edition), *lists.reasons(edition), *attachments.reasons(edition)]


def danger_reasons(edition: Edition) -> list[str]:
    """What nobody may set aside: open questions, blocking findings, the secrecy review."""
    return [*inquiry_reasons(edition), *screening_gate.reasons(edition), *review_reasons(edition, workflow.SECRECY)]


def inquiry_reasons(edition: Edition) -> list[str]:
    """送请确定: unanswered blocks; answered with no, the text must say so of itself (条例第十七条第二款)."""
    revision = edition.revision
    reasons = []
    for inquiry in edition.inquiries.all():
        if inquiry.answered_on is None:
            reasons.append(f"已送请{inquiry.to_words}确定，还没有答复；没有答复前不得公开")
        elif not inquiry.allowed and revision is not None and revision.attribute == Attribute.PROACTIVE:
            reasons.append(f"{inquiry.to_words}确定不能公开；请删减后重新送审，或者改为不予公开")
    return reasons


def review_reasons(edition: Edition, kind: str = "") -> list[str]:
    """The steps that nobody has agreed to for the revision as it is now."""
    missing = [step for step in workflow.missing_steps(edition) if not kind or step.kind == kind]
    return [f"“{step.name}”还没有通过（由{step.role_words}办理）" for step in missing]


def submit_reasons(edition: Edition) -> list[str]:
    """What stands in the way of 送审. What came back is changed before it goes again: a conclusion on a text is not asked for twice."""
    found = [*text_reasons(edition), *quality_reasons(edition)]
    revision = edition.revision
    if revision is not None:
        refused = [row for row in workflow.latest_reviews(edition).values() if not workflow.agrees(row, revision)]
        found += [f"“{workflow.name_of(edition, row.step)}”退回了这一稿，改好保存后再送审" for row in refused]
    return found


def publish_reasons(edition: Edition) -> list[str]:
    """Everything that stands in the way of opening it, all of it at once."""
    found = [*text_reasons(edition), *quality_reasons(edition), *labels.reasons(edition), *danger_reasons(edition)]
    found += review_reasons(edition, workflow.CONTENT)
    revision = edition.revision
    if revision is not None and revision.attribute == Attribute.ON_REQUEST:
        found.append("公开属性是依申请公开，不主动发布；有人申请时按依申请公开办理")
    return list(dict.fromkeys(found))


def force_reasons(edition: Edition) -> list[str]:
    """What even an emergency does not set aside."""
    found = [*text_reasons(edition), *danger_reasons(edition)]
    if edition.revision is not None and edition.revision.attribute != Attribute.PROACTIVE:
        found.append("只有主动公开的信息可以紧急发布")
    return list(dict.fromkeys(found))

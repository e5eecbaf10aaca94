"""登记标识 by hand, and from the issued document itself: 附注 of GB/T 9704 is where “（此件公开发布）” stands."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.core.files import File

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.obligations.uploads import kept_name, upload_reasons
from gongkai.publications import labels
from gongkai.publications.actions.base import insist, perform
from gongkai.publications.actions.validity import role_reason
from gongkai.publications.models import Deed, Document, LabelRecord
from gongkai.publications.printed_labels import NotPrinted, printed_label

READ = {"docx", "pdf", "ofd"}


def note(document: Document, actor: User, *, key: str, point: str, label: str, source: str = "") -> LabelRecord:
    """What somebody saw on the slip, in the register or on the paper. NotAllowed or ActionRefused."""

    def work() -> LabelRecord:
        insist(_role(document, actor), [] if point in LabelRecord.Point.values else ["请选择环节"])
        return labels.note(document, point, label, actor, source.strip())

    return perform(Deed.Kind.LABELLED, actor, key, document, work, text=source, agency_id=document.agency_id)


def read_printed(document: Document, actor: User, *, key: str, file: File[Any]) -> LabelRecord:
    """Reads the label printed on the issued document (docx, pdf, ofd) and records it at the point 正式发文. The file is not kept."""
    name = kept_name(file.name or "")

    def work() -> LabelRecord:
        reasons = upload_reasons([file])
        if not reasons and PurePosixPath(name).suffix.lower().lstrip(".") not in READ:
            reasons.append("请上传 docx、pdf 或者 ofd 文件")
        insist(_role(document, actor), reasons)
        file.seek(0)
        try:
            found = printed_label(name, file.read())
        except NotPrinted as error:
            raise ActionRefused(str(error)) from None
        return labels.note(document, LabelRecord.Point.ISSUE, found, actor, f"从“{name}”读出"[:200])

    return perform(Deed.Kind.LABELLED, actor, key, document, work, text=f"读取“{name}”", agency_id=document.agency_id)


def _role(document: Document, actor: Any) -> str:
    return "标识由本单位的审核人、负责人或者本地区政务公开主管部门登记" if role_reason(document, actor) else ""

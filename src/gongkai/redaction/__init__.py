"""Redaction: what is covered is gone from the file, not painted over (条例第三十七条 区分处理). The original is never changed.

    plan = Plan(areas=(Area(1, (72, 100, 200, 116), "第十五条 个人隐私"),), words=(Words("张三", "第十五条 个人隐私"),))
    done = redact(data, "材料.pdf", plan)         # done.data, done.covered
    data = cleaned(data, "材料.docx")             # nothing covered, nothing that its reader does not see

PDF: pages with something covered become pictures with the remaining text under them; everything is written anew. Pictures: painted and
written without metadata. docx: words and spans of paragraphs become █, pictures black. Every result is verified before it is handed out.
"""

from gongkai.redaction.errors import RedactionError
from gongkai.redaction.plan import Area, Covered, Picture, Plan, Redacted, Span, Words
from gongkai.redaction.redacting import cleaned, redact

__all__ = ["Area", "Covered", "Picture", "Plan", "Redacted", "RedactionError", "Span", "Words", "cleaned", "redact"]

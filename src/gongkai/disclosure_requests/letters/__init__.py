"""Letters of a case: whose words (wording), what is filled in (values), the letter itself (content), as docx and PDF, kept (files)."""

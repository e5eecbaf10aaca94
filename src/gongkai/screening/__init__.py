"""Screening before publication: personal data, marks of secrecy, hidden parts of files, wording. Plain Python; knows no database."""

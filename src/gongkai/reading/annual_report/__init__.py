"""Published annual reports (html, docx, either layout) into `gongkai.formats.annual_report.model.Report`.

Tables are known by what their rows and headings say, not by where they stand: pages split them, merge their cells, wrap their rows.
"""

from gongkai.reading.annual_report.reader import Read, read

__all__ = ["Read", "read"]

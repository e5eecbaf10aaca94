"""A word across every page of a docx, as word processors draw it: a shape in the headers, pale and turned."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from docx.oxml import parse_xml

_SHAPE = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="watermark{n}" o:spid="_x0000_s{spid}" type="#_x0000_t136" alt={words} style="position:absolute;width:300pt;height:150pt;'
    "rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#c8c8c8" stroked="f">'
    '<v:fill opacity=".5"/><v:textpath style="font-family:&quot;SimHei&quot;;font-size:1pt" string={words}/></v:shape></w:pict></w:r>'
)


def watermark(document: Any, words: str) -> None:
    """Puts `words` across the pages of every section, even pages included."""
    for section in document.sections:
        for n, header in enumerate((section.header, section.even_page_header), 1):
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            paragraph._p.append(parse_xml(_SHAPE.format(n=n, spid=2048 + n, words=quoteattr(words))))

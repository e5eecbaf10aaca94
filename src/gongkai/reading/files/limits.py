"""How much one input may cost. Sizes in bytes unless the name says otherwise.

They are generous for real documents (the longest published plans stay under 1 MB of text) and small enough that a hostile file
is refused before it hurts. Everything unpacked is measured while it streams; sizes written in headers are not believed.
"""

MB = 1024 * 1024

FILE_BYTES = 100 * MB
"""Any file as handed in."""

TEXT_BYTES = 20 * MB
"""A plain text file."""

HTML_BYTES = 10 * MB
"""A web page."""

HTML_TAGS = 600_000
"""Tags (opening and closing) in a web page: a tag costs far more memory than its bytes."""

TEXT_CHARS = 10_000_000
"""Characters extracted from any one document."""

GRID_CELLS = 200_000
"""Places in one table after its spans are written out. A larger table is read as lines, without a grid."""

XML_BYTES = 128 * MB
"""One XML part that is read as a stream (the body of a docx)."""

XML_WHOLE_BYTES = 8 * MB
"""XML held as a tree at one time: a part read as a whole (numbering, a page of an OFD), a paragraph or row of a stream."""

TABLE_PLACES = 600_000
"""Cells and rows in all tables of a docx: an empty cell takes six bytes in the file and two hundred in memory."""

LINE_CHARS = 20
"""What a printed line (pdf, ofd) counts for at least against TEXT_CHARS, however short."""

MEMBER_BYTES = 64 * MB
"""One document inside a zip."""

UNPACKED_BYTES = 256 * MB
"""Everything unpacked from one input, nested archives included."""

UNPACK_RATIO = 200
"""Unpacked to packed, judged only past UNPACK_RATIO_FROM: small repetitive parts honestly reach several hundred."""

UNPACK_RATIO_FROM = 16 * MB

ZIP_MEMBERS = 1000
"""Documents in a zip."""

ZIP_ENTRIES = 20_000
"""Entries a zip may list before its directory is even loaded (an OFD holds several for each page)."""

ZIP_DEPTH = 1
"""Zips inside the outer zip: one level."""

PDF_PAGES = 3000

PDF_PAGE_CHARS = 500_000

OFD_PAGES = 3000

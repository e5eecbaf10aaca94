"""What no reader of a docx sees goes out of the copy: tracked changes, remarks, hidden text, properties, traces of who wrote, everything
that is no known part of a document or that nothing refers to. What stays is a list (a part nobody thought of does not stay).
"""

from __future__ import annotations

import posixpath
import re

from gongkai.reading.files.safe_xml import Element, attribute, child, local
from gongkai.screening.copies.docx import clear
from gongkai.screening.copies.package import Parts, detach, unwrap

_KEPT = re.compile(
    r"/?(?:\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|docProps/(?:core|app)\.xml"
    r"|word/(?:(?:document|header|footer)\d*|footnotes|endnotes|styles|stylesWithEffects|settings|webSettings|fontTable|numbering)\.xml"
    r"|word/theme/[^/]+\.xml|word/charts/[^/]+\.xml|word/diagrams/[^/]+\.xml"
    r"|word/media/[^/]+\.(?:png|jpe?g|jfif|gif|bmp|tiff?|webp|emf|wmf|svg))$",
    re.IGNORECASE,
)
_LINKED = frozenset(
    {"OLEObject", "externalData", "control", "altChunk", "subDoc", "attachedTemplate", "docVars", "mailMerge", "userShapes", "contentPart"}
    | {"webVideoPr", "videoFile", "audioFile", "movie", "model3d", "printerSettings", "dataBinding"}
)
"""Elements that bring in another file, or hold what no reader sees."""
_TRACES = frozenset(
    {"permStart", "permEnd", "proofErr", "rsid", "rsids", "docId", "trackRevisions", "documentProtection", "writeProtection", "imgProps"}
    | {"embedRegular", "embedBold", "embedItalic", "embedBoldItalic", "saveThroughXslt", "ffData"}
)
"""Who may edit, where a session of writing began, a picture before its effects, letters of an embedded font, defaults of
a form field."""
_MARKS = re.compile(r"(?:rsid\w*|paraId|textId|durableId|gfxdata)$")
"""Attributes that say in which session something was written; `gfxdata` is a whole drawing a second time, packed."""
_NAMED = frozenset({"docPr", "cNvPr"})
_PATH = re.compile(r"[\\/]|\.\w{2,5}$")
"""What a program notes of a picture as its description: where its file lay on somebody's disk."""
_BY_USE = frozenset(
    {"image", "hyperlink", "chart", "chartEx", "oleObject", "package", "video", "audio", "media", "hdphoto", "frame", "header", "footer"}
)
"""Kinds of relations that an element must name; the others hold by being there."""


def hidden_styles(parts: Parts) -> frozenset[str]:
    """Styles whose text is not shown, by themselves or by what they are based on."""
    own: dict[str, bool | None] = {}
    base: dict[str, str] = {}
    for member in parts.names(r"/?word/styles\.xml$"):
        for style in parts.tree(member):
            if local(style) == "style":
                ident = attribute(style, "styleId") or ""
                mark = child(child(style, "rPr"), "vanish")
                own[ident] = None if mark is None else _on(mark)
                above = child(style, "basedOn")
                base[ident] = (attribute(above, "val") or "") if above is not None else ""
    found = set()
    for ident in own:
        at, seen = ident, set[str]()
        while at in own and own[at] is None and at not in seen:
            seen.add(at)
            at = base[at]
        if own.get(at):
            found.add(ident)
    return frozenset(found)


def _on(mark: Element) -> bool:
    return (attribute(mark, "val") or "true") not in ("0", "false", "off")


def tidy(root: Element, hidden: frozenset[str]) -> None:
    """One part of text as a reader sees it: changes accepted, remarks and hidden text gone."""
    for row in list(root.iter("{*}tr")):
        properties = child(row, "trPr")
        gone = child(properties, "del") is not None
        unseen = child(properties, "hidden")
        if gone or (unseen is not None and _on(unseen)):
            detach(row)
    for item in list(root.iter("{*}Fallback")):
        # The same text a second time, for programs of before 2010: a mark in the one would leave the other.
        if next(item.iter("{*}p"), None) is not None:
            detach(item)
    clear(root, hidden)
    for paragraph in list(root.iter("{*}p")) if hidden else ():
        style = child(child(paragraph, "pPr"), "pStyle")
        if style is not None and attribute(style, "val") in hidden:
            for run in list(paragraph.iter("{*}r")):
                mark = child(child(run, "rPr"), "vanish")
                if (mark is None or _on(mark)) and next(run.iterancestors("{*}p"), None) is paragraph:
                    detach(run)
    for item in list(root.iter("{*}smartTagPr", "{*}customXmlPr")):
        detach(item)
    for item in list(root.iter("{*}smartTag", "{*}customXml")):
        unwrap(item)


def drop_lost_notes(parts: Parts) -> None:
    """Footnotes and endnotes whose mark went with a deletion: nobody is led to them."""
    bodies = [parts.tree(member) for member in parts.names(r"/?word/document\d*\.xml$")]
    for kind in ("footnote", "endnote"):
        named = {attribute(item, "id") for body in bodies for item in body.iter(f"{{*}}{kind}Reference")}
        for member in parts.names(rf"/?word/{kind}s\.xml$"):
            for note in list(parts.tree(member)):
                if attribute(note, "type") in (None, "normal") and attribute(note, "id") not in named:
                    detach(note)


def strip(parts: Parts) -> None:
    """Everything beside the text: elements that bring something in, traces of the writers, parts that are not known."""
    for member in parts.names(r".*\.(?:xml|rels|vml)$"):
        if not _KEPT.match(member):
            continue
        for item in list(parts.tree(member).iter()):
            if not isinstance(item.tag, str):
                continue
            if local(item) in _LINKED or local(item) in _TRACES:
                detach(item)
                continue
            for key in [key for key in item.attrib if _MARKS.match(key.rsplit("}", 1)[-1])]:
                del item.attrib[key]
            _forget_files(item)
    parts.drop(member for member in parts.names(r".*") if not _KEPT.match(member))


def _forget_files(item: Element) -> None:
    """Names and places of the files that pictures came from; a description in words stays, for those who hear it."""
    kind = local(item)
    if kind in _NAMED:
        item.set("name", "")
        for key in ("descr", "title"):
            if _PATH.search(item.get(key) or ""):
                del item.attrib[key]
    elif kind in ("imagedata", "blip"):
        for key in [key for key in item.attrib if key.rsplit("}", 1)[-1] in ("href", "link", "title")]:
            del item.attrib[key]


def prune(parts: Parts) -> None:
    """Relations that no element names go, and parts that nothing leads to any more. To be called last."""
    for member in parts.names(r"(?:.*/)?_rels/[^/]*\.rels$"):
        owner = _owner(member)
        if owner not in parts.names(r".*\.xml$"):
            continue
        named = {str(value) for item in parts.tree(owner).iter() if isinstance(item.tag, str) for value in item.attrib.values()}
        root = parts.tree(member)
        for relation in list(root):
            kind = (attribute(relation, "Type") or "").rsplit("/", 1)[-1]
            if (kind in _BY_USE or attribute(relation, "TargetMode") == "External") and attribute(relation, "Id") not in named:
                root.remove(relation)
    reached = _reached(parts)
    parts.drop(
        member for member in parts.names(r".*") if member.lstrip("/").lower() not in reached and not member.lower().endswith(".rels")
        and member.lstrip("/").lower() != "[content_types].xml"
    )  # fmt: skip


def _reached(parts: Parts) -> set[str]:
    """Lower-case names of all parts that can be come to from the package."""
    known = {member.lstrip("/").lower(): member for member in parts.names(r".*")}
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        at = waiting.pop()
        folder, file = posixpath.split(at)
        relations = known.get(posixpath.join(folder, "_rels", file + ".rels"))
        for relation in parts.tree(relations) if relations else ():
            if attribute(relation, "TargetMode") == "External":
                continue
            target = attribute(relation, "Target") or ""
            path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)).lower()
            if path not in reached:
                reached.add(path)
                waiting.append(path)
    return reached


def _owner(relations: str) -> str:
    """word/_rels/document.xml.rels → word/document.xml."""
    folder, file = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))


def targets(parts: Parts, member: str) -> list[Element]:
    """Every relation inside the package that leads to a part."""
    wanted = member.lstrip("/").lower()
    found = []
    for relations in parts.names(r"(?:.*/)?_rels/[^/]*\.rels$"):
        folder = posixpath.dirname(_owner(relations))
        for relation in parts.tree(relations):
            target = attribute(relation, "Target") or ""
            path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
            if path.lower() == wanted and attribute(relation, "TargetMode") != "External":
                found.append(relation)
    return found

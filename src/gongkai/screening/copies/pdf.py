"""PDF: document properties, remarks, attachments, scripts and the content of hidden layers out; the pages otherwise as they were."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from gongkai.screening.places.pdf import hidden_groups, opened, remarks

_ROOT = ("/Metadata", "/PieceInfo", "/OpenAction", "/AA", "/AF", "/OCProperties")
_PAGE = ("/Metadata", "/PieceInfo", "/AA", "/AF", "/Thumb", "/LastModified")
_STATE = frozenset(("q", "Q", "cm", "gs", "BT", "ET", "Tf", "Tm", "Td", "TD", "T*", "TL", "Tc", "Tw", "Tz"))
"""Operators that stay also inside a hidden section: they set how the content behind it is drawn."""
_DEEPEST = 8
"""Forms inside forms that are looked into."""


def strip(data: bytes, name: str) -> bytes:
    with opened(data, name) as document:
        hidden = {group.objgen for group in hidden_groups(document)}
        for page in document.pages:
            for key in _PAGE:
                if key in page.obj:
                    del page.obj[key]
            unwanted = {item.objgen for item in remarks(page.obj) if item.objgen != (0, 0)}
            if "/Annots" in page.obj:
                page.obj["/Annots"] = pikepdf.Array([item for item in page.obj["/Annots"] if not _is_remark(item, unwanted)])
            if hidden:
                _clear(document, page.obj, hidden, 0)
        for key in list(document.attachments):
            del document.attachments[key]
        names = document.Root.get("/Names")
        for key in ("/EmbeddedFiles", "/JavaScript"):
            if isinstance(names, pikepdf.Dictionary) and key in names:
                del names[key]
        for key in _ROOT:
            if key in document.Root:
                del document.Root[key]
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        for item in document.objects:
            if isinstance(item, pikepdf.Stream) and "/Metadata" in item:
                del item["/Metadata"]
        document.remove_unreferenced_resources()
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
        return out.getvalue()


def _is_remark(item: Any, unwanted: set[tuple[int, int]]) -> bool:
    if item.objgen in unwanted:
        return True
    return isinstance(item, pikepdf.Dictionary) and str(item.get("/Subtype", "")) not in ("/Link", "/Widget")


def _clear(document: pikepdf.Pdf, holder: Any, hidden: set[tuple[int, int]], depth: int) -> None:
    """Takes marked content of hidden groups out of a page or form, and the forms and pictures that belong to one."""
    resources = holder.get("/Resources", pikepdf.Dictionary())
    marked = {key for key, value in resources.get("/Properties", pikepdf.Dictionary()).items() if _belongs(value, hidden)}
    objects = resources.get("/XObject", pikepdf.Dictionary())
    drawn = {key for key, value in objects.items() if "/OC" in value and _belongs(value["/OC"], hidden)}
    for key, value in objects.items():
        if key not in drawn and value.get("/Subtype") == "/Form" and depth < _DEEPEST:
            _clear(document, value, hidden, depth + 1)
    if marked or drawn:
        kept = pikepdf.unparse_content_stream(_shown(pikepdf.parse_content_stream(holder), marked, drawn))
        if isinstance(holder, pikepdf.Stream):
            holder.write(kept)
        else:
            holder["/Contents"] = document.make_stream(kept)
    for key in drawn:
        del objects[key]


def _shown(instructions: Any, marked: set[str], drawn: set[str]) -> list[Any]:
    kept = []
    stack: list[bool] = []  # for each marked-content section: does it begin something hidden?
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            operands = [str(operand) for operand in instruction.operands if not isinstance(operand, pikepdf.Dictionary)]
            stack.append(operator == "BDC" and operands[:1] == ["/OC"] and operands[-1] in marked)
            if stack[-1] or any(stack[:-1]):
                continue
        elif operator == "EMC" and stack:
            was = any(stack)
            stack.pop()
            if was:
                continue
        elif (any(stack) and operator not in _STATE) or (operator == "Do" and str(instruction.operands[0]) in drawn):
            continue
        kept.append(instruction)
    return kept


def _belongs(group: Any, hidden: set[tuple[int, int]]) -> bool:
    """A group that is off, or a membership whose groups are all off."""
    if group.objgen in hidden:
        return True
    if not isinstance(group, pikepdf.Dictionary) or group.get("/Type") != "/OCMD":
        return False
    members = group.get("/OCGs")
    listed = list(members) if isinstance(members, pikepdf.Array) else [members] if members is not None else []
    return bool(listed) and all(member.objgen in hidden for member in listed)

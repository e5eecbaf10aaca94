"""验收材料: everything that proves a plan was carried out, as one archive (S1-18).

Document, ledger, a folder for every duty with its course and files, rosters, opinions, filings, checks, an index to read and a manifest
with the SHA-256 of every file. Written to a temporary file piece by piece; nothing but one file at a time is held in memory.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable
from itertools import groupby
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import timezone

from gongkai.coordination import exports
from gongkai.coordination.access import checks_for, groups_for
from gongkai.coordination.queries import checking, flow, groups
from gongkai.formats import xlsx_ledger
from gongkai.obligations.exports import ledger_table
from gongkai.obligations.models import Step
from gongkai.obligations.periods import words_of_period
from gongkai.obligations.queries import STATE_WORDS, ledger
from gongkai.plans.models import Plan

CHUNK = 1 << 16
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')


def safe_name(name: str, most: int = 60) -> str:
    """A file name that opens on every system: no path, no control or direction characters, no dot at either end."""
    clean = _UNSAFE.sub(" ", name).strip(" .") or "未命名"
    if len(clean) <= most:
        return clean
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[: most - len(suffix) - 1]}.{suffix}" if dot and len(suffix) <= 8 else clean[:most].strip(" .")


class Archive:
    """Writes files one after another and keeps what the manifest says of each."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.files: list[dict[str, Any]] = []
        self.missing: list[str] = []
        self._names: set[str] = set()

    def free(self, path: str) -> str:
        """The path, with a number when something is there already (also where only case differs)."""
        folder, _, name = path.rpartition("/")
        stem, dot, suffix = name.rpartition(".")
        n, wanted = 1, path
        while wanted.casefold() in self._names:
            n += 1
            numbered = f"{stem} {n}.{suffix}" if dot else f"{name} {n}"
            wanted = f"{folder}/{numbered}" if folder else numbered
        self._names.add(wanted.casefold())
        return wanted

    def copy(self, path: str, source: IO[bytes]) -> str:
        path, digest, size = self.free(path), hashlib.sha256(), 0
        info = zipfile.ZipInfo(path, timezone.localtime().timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        with self.zip.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.files.append({"path": path, "size": size, "sha256": digest.hexdigest()})
        return path

    def write(self, path: str, content: bytes | str) -> str:
        return self.copy(path, io.BytesIO(content.encode() if isinstance(content, str) else content))

    def stored(self, path: str, file: Any) -> str | None:
        """A file of the storage; one that is gone is named in the manifest instead of breaking the pack."""
        try:
            with file.open("rb") as source:
                return self.copy(path, source)
        except (FileNotFoundError, ValueError):
            self.missing.append(path)
            return None


def acceptance_pack(plan: Plan, user: Any) -> IO[bytes]:
    """The archive as an open temporary file at its beginning; the caller has let `user` see the plan's flow. It goes when closed."""
    stream = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115 — handed to the response, which closes it
    try:
        archive = Archive(stream)
        now = timezone.localtime()
        context = {"plan": plan, "now": now, "user": user, **_contents(archive, plan, user)}
        archive.write("index.html", render_to_string("coordination/pack_index.html", context | {"missing": archive.missing}))
        manifest = {
            "plan": {"id": plan.pk, "title": plan.title, "doc_number": plan.doc_number, "jurisdiction": plan.jurisdiction.code},
            "made_at": now.isoformat(timespec="seconds"),
            "made_by": str(user),
            "algorithm": "SHA-256",
            "files": archive.files,
            "missing": archive.missing,
        }
        archive.zip.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        archive.zip.close()
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    return stream


def _contents(archive: Archive, plan: Plan, user: Any) -> dict[str, Any]:
    """Writes every part; what the index tells of them. Queries grow with groups and checks, not with duties."""
    original = archive.stored(f"1 方案原文/{safe_name(plan.source_name)}", plan.source_file) if plan.source_file else None
    obligations = list(
        ledger(user, {"plan": plan.pk})
        .prefetch_related("steps__actor", "steps__agency", "steps__files")
        .order_by("subject_id", "owner__code", "owner", "share", "starts_on", "pk")
    )
    words = {state: word for state, (word, *_rest) in STATE_WORDS.items()}
    buffer = io.BytesIO()
    xlsx_ledger.write([ledger_table(obligations, words, f"{plan.title}台账", [])], buffer)
    sheet = archive.write("2 任务台账.xlsx", buffer.getvalue())
    shares = groupby(obligations, key=lambda ob: (ob.subject_id, ob.owner_id, ob.share))  # ordered so: a folder each, not one each period
    duties = [_duty(archive, n, list(rows), words) for n, (_share, rows) in enumerate(shares, 1)]
    return {
        "original": original,
        "sheet": sheet,
        "duties": duties,
        "rosters": _rosters(archive, plan, user),
        "flow": _flow(archive, plan),
        "checks": _checks(archive, plan, user),
        "states": {word: n for state, word in words.items() if (n := sum(ob.state == state for ob in obligations))},
    }


def _duty(archive: Archive, number: int, rows: list[Any], words: dict[str, str]) -> dict[str, Any]:
    """One folder for a unit's share of a task: the course of each of its periods as text, and every file that was handed in."""
    ob = rows[-1]
    folder = f"3 任务/{number:03} {safe_name(ob.title, 30)}（{safe_name(ob.owner.display_name, 20)}）"
    files = []
    for row in rows:
        inner = f"{folder}/{safe_name(words_of_period(row.period), 20)}" if row.series_id else folder
        for step in row.steps.all():
            for kept in step.files.all():
                path = archive.stored(f"{inner}/{timezone.localdate(step.at)} {safe_name(kept.name)}", kept.file)
                if path:
                    files.append(path)
    told = "\r\n".join(timeline(row, list(row.steps.all()), words) for row in rows)
    text = archive.write(f"{folder}/经过.txt", "\ufeff" + told)
    done = sum(row.fulfilled_on is not None for row in rows)
    late = sum(row.state == "overdue" for row in rows)
    word = words[ob.state]
    if len(rows) > 1:
        word = f"共 {len(rows)} 期：已办结 {done}" + (f"，逾期 {late}" if late else "")
    return {"number": number, "ob": ob, "word": word, "text": text, "files": files}


def timeline(ob: Any, steps: Iterable[Step], words: dict[str, str]) -> str:
    """The course of a duty for a reader without this system."""
    lines = [
        " ".join(filter(None, [ob.title, words_of_period(ob.period)])),
        f"责任单位：{ob.owner.name}（{ob.get_role_display()}）",
        f"依据：{ob.basis or '—'}",
        f"期限：{ob.due_on or ob.standing}",
        f"状态：{words[ob.state]}" + (f"，{ob.fulfilled_on} 完成" if ob.fulfilled_on else ""),
        "",
    ]
    for step in steps:
        who = "　".join(str(x) for x in (step.agency, step.actor) if x)
        lines.append(f"{timezone.localtime(step.at):%Y-%m-%d %H:%M}　{step.get_kind_display()}　{who}".rstrip())
        lines += [f"　　{line}" for line in step.text.splitlines()]
        if step.done_on:
            lines.append(f"　　完成日期：{step.done_on}")
        if step.link:
            lines.append(f"　　公开链接：{step.link}")
        lines += [f"　　附件：{kept.name}（SHA-256 {kept.sha256}）" for kept in step.files.all()]
    return "\r\n".join(lines) + "\r\n"


def _rosters(archive: Archive, plan: Plan, user: Any) -> list[dict[str, Any]]:
    """The leading groups of the jurisdiction that are at work today."""
    today = timezone.localdate()
    made = []
    for group in groups_for(user).filter(agency__jurisdiction=plan.jurisdiction_id, ended_on__isnull=True):
        table = exports.roster_table(group, groups.roster(group, today), today)
        made.append({"name": group.name, "path": archive.write(f"4 领导小组/{safe_name(group.name)}.docx", exports.docx_bytes([table]))})
    return made


def _flow(archive: Archive, plan: Plan) -> list[dict[str, Any]]:
    """Opinions and filings: tables, and the superior's receipts where they are on paper."""
    opinions, filings, submitted = flow.opinions_of(plan), flow.filings_of(plan), flow.submitted_upward(plan)
    made = [
        {"name": f"{stage.name}：{stage.on or '—'}　{stage.proof or '；'.join(stage.notes)}", "path": ""}
        for stage in flow.stages(plan, opinions, filings, submitted)
    ]
    if opinions:
        path = archive.write("5 方案流程/征求意见采纳情况.docx", exports.docx_bytes([exports.opinions_table(plan, opinions)]))
        made.append({"name": "征求意见采纳情况", "path": path})
    for filing in filings:
        kept = archive.stored(f"5 方案流程/{safe_name(filing.name)}", filing.file) if filing.file else None
        if kept:
            made.append({"name": f"{filing.to}的回执 {filing.receipt}", "path": kept})
    return made


def _checks(archive: Archive, plan: Plan, user: Any) -> list[dict[str, Any]]:
    made = []
    for check in checks_for(user).filter(plan=plan):
        points = checking.points_of(check)
        path = archive.write(f"6 检查/{safe_name(check.title)}.docx", exports.docx_bytes(exports.report_tables(check, points)))
        made.append({"check": check, "closure": checking.closure(points), "path": path})
    return made

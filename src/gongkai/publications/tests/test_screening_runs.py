"""Screening on save: the text at once, attachments by the worker, each content once, nothing doubled, nothing unmasked kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.publications.models import (
    RevisionReference,
    ScreenedFile,
    Screening,
    ScreeningFinding,
    ScreeningPart,
    ScreeningPolicy,
    Wording,
    WordingList,
)
from gongkai.publications.screening import files as screening_files
from gongkai.publications.screening import gate as screening_gate
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.tests.making import draft, live, revise
from gongkai.publications.tests.screened import ID, MASKED, MOBILE, OTHER_ID, again_with, looked, paper, with_files, workbook


def found(edition):
    rows = ScreeningFinding.objects.filter(screening__revision=edition.revision)
    return {(row.rule, row.where, row.masked) for row in rows}


def test_the_text_is_screened_in_the_save(cast):
    rows = [{"姓名": "甲某", "身份证号": ID}, {"姓名": "乙某", "身份证号": OTHER_ID}]
    edition = draft(
        cast.reform, cast.drafter, title="公示", abstract=f"联系 {MOBILE}", body=f"<p>正文。</p><p>身份证号{ID}。</p>", rows=rows
    )
    assert edition.revision.screening.finished_at is not None, "a text without attachments needs no worker"
    seen = found(edition)
    assert ("id_number.18", "正文 paragraph 2", MASKED) in seen
    assert ("mobile", "内容概述", "138****5678") in seen
    assert ("id_number.18", "清单 row 1 身份证号", MASKED) in seen and any(rule == "name_table" for rule, _, _ in seen)
    sentences = screening_gate.reasons(edition)
    assert (
        len(sentences) == 1 and "居民身份证号码 3 处" in sentences[0] and "移动电话号码" in sentences[0] and "认定可以公开" in sentences[0]
    )


def test_a_clean_text_stands_in_nobodys_way(cast):
    assert screening_gate.reasons(draft(cast.reform, cast.drafter)) == []


def test_attachments_are_the_workers_and_the_gate_waits(cast):
    edition = with_files(cast, {"名单.xlsx": workbook(hidden=f"甲某 身份证号{ID}"), "说明.docx": paper("没有什么")})
    assert "3 份里已查 1 份" in screening_gate.reasons(edition)[0]
    done = looked(edition)
    assert done.finished_at and screening_runs.progress(done) == (3, 3)
    assert {rule for rule, _, _ in found(edition)} == {"hidden.sheet", "id_number.18", "metadata.person"}
    reasons = screening_gate.reasons(edition)
    assert len(reasons) == 1 and reasons[0].startswith("附件“名单.xlsx”里有") and "隐藏的工作表" in reasons[0]


def test_the_same_files_again_cost_nothing(cast, monkeypatch):
    edition = with_files(cast, {f"{n}.docx": paper(f"第 {n} 份，电话{MOBILE}") for n in range(4)})
    looked(edition)
    assert ScreenedFile.objects.count() >= 4
    monkeypatch.setattr(screening_files, "in_bytes", lambda *_: pytest.fail("read again"))
    versions = [link.version for link in edition.revision.attachment_links.all()]
    again_with(edition, cast.drafter, versions, revise, body="<p>改了一个字。</p>")
    assert edition.revision.screening.finished_at is not None, "known files are done in the save"
    assert edition.revision.screening.findings.filter(rule="mobile").count() == 4


def test_decisions_on_the_same_content_are_taken_over_and_on_other_content_not(cast):
    edition = with_files(cast, {"a.docx": paper(f"电话{MOBILE}")}, body=f"<p>{ID}</p>")
    looked(edition)
    now = timezone.now()
    ScreeningFinding.objects.update(decision="overruled", decided_by=cast.reviewer, decided_at=now, reason="热线")
    versions = [link.version for link in edition.revision.attachment_links.all()]
    again_with(edition, cast.drafter, versions, revise, body=f"<p>{ID}</p>")
    assert not edition.revision.screening.findings.filter(decision="").exists()
    again_with(edition, cast.drafter, versions, revise, body=f"<p>又改了。{ID}</p>")
    assert list(edition.revision.screening.findings.filter(decision="").values_list("rule", flat=True)) == ["id_number.18"]


def test_a_killed_worker_is_followed_by_another_and_nothing_is_doubled(cast, monkeypatch):
    edition = with_files(cast, {"a.docx": paper(f"电话{MOBILE}"), "b.docx": paper(f"身份证号{ID}")})
    screening = edition.revision.screening
    real = screening_files.found_in

    def killed(version, held):
        if version.name == "b.docx":
            raise KeyboardInterrupt
        return real(version, held)

    monkeypatch.setattr(screening_files, "found_in", killed)
    with pytest.raises(KeyboardInterrupt):
        screening_runs.run(screening.pk)
    monkeypatch.setattr(screening_files, "found_in", real)
    assert screening_runs.progress(screening) == (2, 3)
    assert screening_runs.tick() == 0, "it may still be at work"
    long_ago = timezone.now() - timedelta(minutes=5)
    ScreeningPart.objects.update(begun_at=long_ago)
    Screening.objects.update(asked_at=long_ago)
    assert screening_runs.tick() == 1
    assert screening_runs.run(screening.pk) and screening_runs.run(screening.pk)
    assert screening.findings.filter(rule="mobile").count() == 1 and screening.findings.filter(rule="id_number.18").count() == 1


def test_two_workers_at_the_same_part_write_it_once(cast):
    edition = with_files(cast, {"a.docx": paper(f"电话{MOBILE}")})
    screening = edition.revision.screening
    part = screening.parts.get(version__isnull=False)
    rules = screening_runs.held(cast.city.pk)
    rows = screening_files.found_in(part.version, rules)
    screening_runs._write(screening, part, rows)
    screening_runs._write(screening, part, rows)
    assert screening.findings.filter(rule="mobile").count() == 1


def test_a_file_that_kills_the_worker_is_given_up_and_the_others_are_screened(cast):
    edition = with_files(cast, {"bad.docx": paper("x"), "good.docx": paper(f"电话{MOBILE}")})
    screening = edition.revision.screening
    screening.parts.filter(version__name="bad.docx").update(attempts=screening_runs.ATTEMPTS)
    assert screening_runs.run(screening.pk)
    given_up = screening.findings.get(rule="hidden.file")
    assert "中断了 3 次" in given_up.why and given_up.severity == "block"
    assert screening.findings.filter(rule="mobile").exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版"),
        ("假.docx", b"PK\x03\x04" + b"x" * 100, "压缩结构已损坏"),
        ("视频.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 100, "不能检查的文件"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_the_others_are_still_screened(cast, name, data, words):
    edition = with_files(cast, {name: data, "好.docx": paper(f"电话{MOBILE}")})
    looked(edition)
    bad = ScreeningFinding.objects.get(rule="hidden.file")
    assert words in bad.why and bad.severity == "block" and "没有打开" in bad.why
    assert ScreeningFinding.objects.filter(rule="mobile").exists()


def test_other_rules_ask_for_another_look(cast):
    edition = with_files(cast, {"a.docx": paper("阳光普照")}, body="<p>阳光普照</p>")
    looked(edition)
    assert screening_gate.reasons(edition) == []
    words = WordingList.objects.create(jurisdiction=cast.city, name="规范用语", severity="block", effective_from="2026-01-01")
    Wording.objects.create(wordings=words, text="阳光", instead="日光")
    assert "重新检查" in screening_gate.reasons(edition)[0]
    looked(edition)
    rows = ScreeningFinding.objects.filter(screening__revision=edition.revision, rule="wording.block")
    assert rows.count() == 2 and "建议用“日光”" in rows[0].why


def test_a_place_sets_severities_and_the_marks_of_secrecy_stay(cast):
    severities = {"mobile": "warn", "email": "block", "id_number.18": "allow", "secrecy.mark": "allow"}
    ScreeningPolicy.objects.create(jurisdiction=cast.city, severities=severities)
    edition = draft(cast.reform, cast.drafter, body=f"<p>机密★10年</p><p>{MOBILE}，a@example.com，{ID}</p>")
    rows = dict(ScreeningFinding.objects.filter(screening__revision=edition.revision).values_list("rule", "severity"))
    assert rows == {"mobile": "warn", "email": "block", "secrecy.mark": "block"}
    below = draft(cast.east_finance, cast.county_drafter, body=f"<p>{MOBILE}</p>")
    assert below.revision.screening.findings.get().severity == "warn", "a county without its own goes by the city's"
    other = draft(cast.elsewhere_office, cast.stranger, body=f"<p>{MOBILE}</p>")
    assert other.revision.screening.findings.get().severity == "block"


def test_a_superior_file_that_is_not_public_may_not_be_forwarded_or_quoted(cast):
    closed = live(cast.office, cast.office_drafter, title="关于内部事项安排的通知", attribute="withheld", ground="internal").document
    asked = live(
        cast.office, cast.office_drafter, title="关于某项调查的情况", attribute="on_request", doc_number="清政办发〔2026〕7号"
    ).document
    edition = draft(cast.reform, cast.drafter, body="<p>按照《关于内部事项安排的通知》办理，见清政办发〔2026〕7号。</p>")
    assert {(f.rule, f.severity) for f in edition.revision.screening.findings.all()} == {
        ("secrecy.quoted", "block"),
        ("secrecy.cited", "warn"),
    }
    for relation, expected in (("forwards", "secrecy.quoted"), ("cites", "secrecy.cited")):
        revision = revise(edition, cast.drafter, ask=False, body="<p>正文</p>")
        RevisionReference.objects.create(revision=revision, relation=relation, target=asked)
        screening_runs.ask(revision)
        row = revision.screening.findings.get()
        assert row.rule == expected and asked.editions.get().revision.title not in row.masked
    assert closed.pk


def test_an_edition_that_nobody_asked_for_is_found_by_the_tick(cast):
    edition = draft(cast.reform, cast.drafter)
    Screening.objects.all().delete()
    assert "还没有开始" in screening_gate.reasons(edition)[0]
    assert screening_runs.tick() == 1 and screening_gate.reasons(edition) == []


def test_a_file_beyond_every_limit_is_not_even_opened(cast, monkeypatch):
    """200 MB: told in one sentence; its bytes are never read into memory, the others are screened."""
    edition = with_files(cast, {"大.docx": paper("x"), "好.docx": paper(f"电话{MOBILE}")})
    big = edition.revision.attachment_links.get(version__name="大.docx").version
    type(big).objects.filter(pk=big.pk).update(size=200 * 1024 * 1024)
    opened = []
    real = screening_files.in_bytes
    monkeypatch.setattr(screening_files, "in_bytes", lambda data, name, held: opened.append(name) or real(data, name, held))
    looked(edition)
    assert "大.docx" not in opened and "好.docx" in opened
    row = ScreeningFinding.objects.get(rule="hidden.file")
    assert "200 MB" in row.why and "请拆分" in row.why
    assert "没有打开" in screening_gate.reasons(edition)[0] or "不能检查的文件" in screening_gate.reasons(edition)[0]


def test_a_document_with_a_broken_relationship_and_a_bomb_are_a_sentence_each(cast):
    import io
    import zipfile

    source = io.BytesIO(paper(f"电话{MOBILE}"))
    broken = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("document.xml.rels"):
                data = data.replace(b'Target="', b'Target="../../nowhere/')
            new.writestr(name, data)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("a.txt", b"0" * 40_000_000)
    edition = with_files(cast, {"断.docx": broken.getvalue(), "弹.zip": bomb.getvalue(), "好.docx": paper(f"身份证号{ID}")})
    looked(edition)
    found_there = {(row.version.name, row.rule) for row in ScreeningFinding.objects.select_related("version")}
    assert ("断.docx", "mobile") in found_there, "what can be read of it is read"
    assert ("弹.zip", "hidden.file") in found_there and ("好.docx", "id_number.18") in found_there
    assert "压缩炸弹" in ScreeningFinding.objects.get(rule="hidden.file").why

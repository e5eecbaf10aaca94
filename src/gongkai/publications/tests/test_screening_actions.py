"""遮盖、认定可以公开: by whom, with what left in the house, and nothing unmasked anywhere but in the text itself."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.core import serializers

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.publications.actions import drafting
from gongkai.publications.actions import screening as verbs
from gongkai.publications.metadata import labels_of
from gongkai.publications.models import Deed, Edition, Revision, ScreeningFinding, ScreeningPolicy, Wording, WordingList
from gongkai.publications.screening import gate as screening_gate
from gongkai.publications.screening import public_copies
from gongkai.publications.tests.making import draft
from gongkai.publications.tests.screened import ID, MASKED, MOBILE, key, looked, paper, with_files, workbook
from gongkai.publications.vocabularies import label_sets


def open_findings(edition, **where):
    rows = ScreeningFinding.objects.filter(screening__revision=edition.revision, decision="", **where)
    return list(rows.values_list("pk", flat=True))


def masked(cast, edition, findings, who="drafter"):
    made = verbs.mask(edition.revision, cast.user(who), key=key(), findings=findings)
    edition.refresh_from_db()
    return made


def test_masking_the_text_writes_a_new_revision_and_keeps_the_old_one(cast):
    rows = [{"姓名": "甲某", "身份证号": ID}]
    edition = draft(cast.reform, cast.drafter, title=f"关于{ID}的决定", body=f"<p>甲某<b>（{ID}）</b>，电话{MOBILE}。</p>", rows=rows)
    old = edition.revision
    new = masked(cast, edition, open_findings(edition, rule="id_number.18"))
    assert new.pk == edition.revision_id != old.pk
    assert new.body == f"<p>甲某<b>（{MASKED}）</b>，电话{MOBILE}。</p>".replace(
        "<b>", new.body[5:8] if "<b>" not in new.body else "<b>"
    ) or (MASKED in new.body and ID not in new.body and MOBILE in new.body)
    assert new.title == f"关于{MASKED}的决定" and new.rows == [{"姓名": "甲某", "身份证号": MASKED}]
    assert ID in Revision.objects.get(pk=old.pk).body, "the original stays inside"
    assert [f.rule for f in new.screening.findings.all()] == ["mobile"]
    masked(cast, edition, open_findings(edition))
    assert screening_gate.reasons(edition) == []


def test_masking_an_attachment_changes_only_the_public_copy(cast):
    edition = with_files(cast, {"名单.xlsx": workbook(f"身份证号{ID}", hidden=f"电话{MOBILE}")})
    looked(edition)
    before = edition.revision
    masked(cast, edition, open_findings(edition, severity="block"))
    assert edition.revision.body == before.body and edition.revision.redacted, "the document says that something was masked"
    looked(edition)
    public_copies.make_for(edition.revision)
    assert screening_gate.reasons(edition) == []
    link = edition.revision.attachment_links.get()
    copy = public_copies.public_of(link)
    assert copy is not None and copy.file.read() != link.version.original.read()


def test_text_and_attachments_in_one_go_and_twice_is_once(cast):
    edition = with_files(cast, {"a.docx": paper(f"身份证号{ID}")}, body=f"<p>{MOBILE}</p>")
    looked(edition)
    findings, old, same = open_findings(edition), edition.revision, key()
    first = verbs.mask(old, cast.user("drafter"), key=same, findings=findings)
    assert verbs.mask(old, cast.user("drafter"), key=same, findings=findings).pk == first.pk
    edition.refresh_from_db()
    assert edition.revisions.count() == 3 and first.screening.findings.get(rule="id_number.18").decision == "masked"


def test_overruling_is_for_a_reviewer_who_wrote_none_of_it(cast):
    edition = draft(cast.reform, cast.drafter, body=f"<p>热线{MOBILE}</p>")
    findings = open_findings(edition)
    for who, error in (
        ("drafter", NotAllowed),
        ("other_officer", NotAllowed),
        ("other_head", NotAllowed),
        ("openness_officer", NotAllowed),
    ):
        with pytest.raises(error):
            verbs.overrule(edition.revision, cast.user(who), key=key(), findings=findings, reason="公开的热线")
    with pytest.raises(ActionRefused, match="为什么可以公开"):
        verbs.overrule(edition.revision, cast.user("reviewer"), key=key(), findings=findings, reason=" ")
    verbs.overrule(edition.revision, cast.user("secrecy_reviewer"), key=key(), findings=findings, reason="公开的热线")
    row = ScreeningFinding.objects.get()
    assert (row.decision, row.decided_by, row.reason) == ("overruled", cast.secrecy_reviewer, "公开的热线")
    assert screening_gate.reasons(edition) == []
    written = draft(cast.reform, cast.reviewer, body=f"<p>热线{MOBILE}</p>")
    with pytest.raises(NotAllowed, match="拟稿人以外"):
        verbs.overrule(written.revision, cast.user("reviewer"), key=key(), findings=open_findings(written), reason="x")
    verbs.overrule(written.revision, cast.user("head"), key=key(), findings=open_findings(written), reason="x")


def test_what_cannot_be_masked_is_refused_and_nothing_is_done(cast):
    from gongkai.screening.tests import made

    edition = with_files(cast, {"a.pdf": made.pdf_file()}, body=f"<p>机密★10年</p><p>{MOBILE}</p>")
    looked(edition)
    for rule, words in (("secrecy.mark", "不能遮盖后公开"), ("id_number.18", "这种文件里不能遮盖")):
        ids = open_findings(edition, rule=rule) + open_findings(edition, rule="mobile")
        with pytest.raises(ActionRefused, match=words):
            masked(cast, edition, ids)
    assert not ScreeningFinding.objects.exclude(decision="").exists() and edition.revisions.count() == 2
    masked(cast, edition, open_findings(edition, rule="hidden.layer"))
    with pytest.raises(ActionRefused, match="还没有处理"):
        masked(cast, edition, [0])


def test_only_the_present_text_while_it_is_worked_on(cast):
    edition = draft(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>")
    old, findings = edition.revision, open_findings(edition)
    masked(cast, edition, findings)
    with pytest.raises(ActionRefused, match="不是正在办理"):
        verbs.mask(old, cast.user("drafter"), key=key(), findings=findings)
    live = draft(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>")
    Edition.objects.filter(pk=live.pk).update(state="live", published_at="2026-01-01T00:00+08:00")
    live.refresh_from_db()
    with pytest.raises(ActionRefused, match="不是正在办理"):
        verbs.overrule(live.revision, cast.user("reviewer"), key=key(), findings=open_findings(live), reason="x")


def test_again_takes_todays_rules(cast):
    edition = draft(cast.reform, cast.drafter, body="<p>阳光</p>")
    words = WordingList.objects.create(jurisdiction=cast.city, name="表", effective_from="2026-01-01")
    Wording.objects.create(wordings=words, text="阳光")
    verbs.again(edition.revision, cast.user("drafter"), key=key())
    assert screening_gate.reasons(edition) == [] and ScreeningFinding.objects.get().rule == "wording"


def test_nothing_unmasked_is_kept_but_in_the_text_and_the_original(cast, caplog):
    """S0-27: findings, deeds, journal, seen files, log. The text itself, and the original, are where the value belongs."""
    caplog.set_level(logging.DEBUG)
    content = {"title": f"关于甲某{ID}的决定", "body": f"<p>{ID}</p><p>{MOBILE}</p>", "rows": [{"号码": ID}]}
    document = drafting.start(cast.reform, cast.user("drafter"), key=key(), content=content)
    edition = document.editions.get()
    looked(edition)
    files = with_files(cast, {f"身份证{ID}.docx": paper(f"身份证号{ID}"), "坏.docx": b"PK\x03\x04" + ID.encode()})
    looked(files)
    with pytest.raises(ActionRefused):
        masked(cast, files, open_findings(files))
    verbs.overrule(files.revision, cast.user("reviewer"), key=key(), findings=open_findings(files), reason=f"{ID}是本人同意的")
    masked(cast, edition, open_findings(edition))
    own = {"Revision", "AttachmentVersion", "RevisionAttachment"}
    for model in apps.get_models():
        if model.__name__ in own:
            continue
        dump = serializers.serialize("json", model._default_manager.all())
        assert ID not in dump and MOBILE not in dump, model
    assert ID not in caplog.text and MOBILE not in caplog.text
    assert Deed.objects.filter(kind="overruled").get().text == f"{MASKED}是本人同意的"
    assert ScreeningPolicy.objects.count() == 0


def test_what_was_masked_says_so_and_is_printed_with_the_label_for_it(cast):
    edition = draft(cast.reform, cast.drafter, body=f"<p>电话{MOBILE}。</p>", label="此件公开发布")
    assert not edition.revision.redacted
    new = masked(cast, edition, open_findings(edition))
    assert new.redacted
    said = {one.text for one in labels_of(cast.city) if one.redacted}
    assert new.label in said if said else new.label == "此件公开发布"


def test_what_was_taken_out_without_a_word_being_masked_is_not_called_redacted(cast):
    edition = with_files(cast, {"a.docx": paper("没有个人信息")})
    looked(edition)
    findings = open_findings(edition, kind="metadata")
    if findings:
        masked(cast, edition, findings)
    assert not edition.revision.redacted


def test_a_place_whose_labels_tell_redaction_gets_that_label(cast, monkeypatch):
    monkeypatch.setattr("gongkai.publications.actions.screening.metadata.labels_of", lambda _place: label_sets()["four"].labels)
    edition = draft(cast.reform, cast.drafter, body=f"<p>电话{MOBILE}。</p>", label="此件公开发布")
    assert masked(cast, edition, open_findings(edition)).label == "此件删减后公开"

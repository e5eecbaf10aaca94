"""专题专栏 and booklets (S3-10): gathered, opened, bound as docx and PDF, and never saying more than the public may read."""

from __future__ import annotations

import io
from typing import Any

import docx
import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.publications.actions import topics as actions
from gongkai.publications.actions.validity import mark
from gongkai.publications.models import Booklet, Document, Topic
from gongkai.publications.tests import making
from gongkai.publications.tests.marking import key, normative, withheld
from gongkai.publications.topics import binding, booklets_docx, booklets_pdf
from gongkai.publications.topics import queries as topics
from gongkai.publications.topics.booklets_blocks import Cell, blocks
from gongkai.publications.topics.booklets_content import single


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Public pages of an earlier test are not these."""
    cache.clear()


BODY = (
    "<h2>一、总则</h2><p>第一条　为了<strong>规范</strong>管理。</p><ol><li>甲项</li><li>乙项</li></ol>"
    '<table><tr><th>项目</th><th>金额</th></tr><tr><td rowspan="2">供水</td><td>3</td></tr><tr><td>4</td></tr></table>'
)


@pytest.fixture
def topic(cast: Any) -> Topic:
    made = actions.start(cast.reform, cast.drafter, key=key(), kind="rules", title="清河市发改委制度文件汇编", introduction="现行制度。")
    first = normative(cast, title="甲管理办法", doc_number="清发改规〔2024〕1号", body=BODY)
    second = normative(cast, title="乙管理办法", doc_number="清发改规〔2024〕2号", body="<p>第一条　示例。</p>")
    actions.gather(made, cast.drafter, key=key(), documents=[first], heading="综合类")
    return actions.gather(made, cast.drafter, key=key(), documents=[second], heading="业务类")


def bound(topic: Topic, actor: Any, form: str) -> Booklet:
    """Bound as the worker binds it."""
    made = actions.bind(topic, actor, key=key(), form=form)
    binding.run(made.pk)
    made.refresh_from_db()
    return made


def words_of(booklet: Booklet) -> list[str]:
    with booklet.file.open("rb") as file:
        return [p.text for p in docx.Document(io.BytesIO(file.read())).paragraphs]


def test_a_booklet_has_cover_contents_metadata_and_marks(cast: Any, topic: Topic) -> None:
    """S3-10: the compilation, as Word."""
    second = Document.objects.get(editions__revision__title="乙管理办法")
    mark(second, cast.head, key=key(), effect="amended", on=timezone.localdate(), cause_words="清政发〔2026〕3号")
    made = bound(topic, cast.drafter, "docx")
    assert (made.done, made.total, made.problem) == (2, 2, "")
    text = words_of(made)
    assert "清河市发改委制度文件汇编" in text and "制度文件汇编" in text and "目录" in text
    assert text.index("综合类") < text.index("业务类")
    assert any(line.startswith("1. 甲管理办法") for line in text) and any(line.startswith("2. 乙管理办法（已修改）") for line in text)
    assert any("本文件已修改" in line and "清政发〔2026〕3号" in line for line in text)
    with made.file.open("rb") as file:
        document = docx.Document(io.BytesIO(file.read()))
    facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert facts["发文字号"] == "清发改规〔2024〕1号" and facts["有效性"] == "有效"
    source = document.element.xml
    assert "PAGEREF chapter1" in source and 'w:name="chapter2"' in source, "the contents count their pages"
    assert "PAGE" in document.sections[0].footer._element.xml


def test_a_booklet_as_pdf_counts_its_pages(cast: Any, topic: Topic) -> None:
    made = bound(topic, cast.drafter, "pdf")
    assert made.problem == "" and made.file
    with made.file.open("rb") as file:
        pdf = pypdfium2.PdfDocument(file.read())
    pages = [pdf[n].get_textpage().get_text_range() for n in range(len(pdf))]
    assert len(pages) == 4 and "制度文件汇编" in pages[0] and "目录" in pages[1]
    assert "甲管理办法" in pages[2] and "— 3 —" in pages[2] and "乙管理办法" in pages[3]
    contents = "".join(pages[1].split())
    assert "甲管理办法" in contents and contents.index("3") > contents.index("甲管理办法") and "4" in contents


def test_without_the_system_libraries_one_sentence(cast: Any, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise booklets_pdf.NoBooklet(booklets_pdf.MISSING)

    monkeypatch.setattr(booklets_pdf, "_weasyprint", missing)
    made = bound(topic, cast.drafter, "pdf")
    assert made.problem == booklets_pdf.MISSING and not made.file
    document = Document.objects.filter(topic_entries__topic=topic).first()
    assert document is not None
    response = Client().get(reverse("documents:download", args=[document.pk, "pdf"]))
    assert response.status_code == 503 and "请下载 Word 版" in response.content.decode()


def test_pdf_fetches_nothing(cast: Any) -> None:
    with pytest.raises(ValueError, match="not fetched"):
        booklets_pdf._nothing("http://169.254.169.254/latest")
    with pytest.raises(ValueError, match="not fetched"):
        booklets_pdf._nothing("file:///etc/passwd")


def test_one_document_as_word_and_pdf(cast: Any) -> None:
    document = normative(cast, title="甲管理办法", doc_number="清发改规〔2024〕1号", body=BODY)
    chapter = single(document.pk)
    assert chapter is not None
    for write, head in ((booklets_docx.write_single, b"PK"), (booklets_pdf.write_single, b"%PDF")):
        buffer = io.BytesIO()
        write(chapter, buffer)
        assert buffer.getvalue().startswith(head)
    assert single(withheld(cast).pk) is None
    assert single(making.draft(cast.reform, cast.drafter).document.pk) is None


def test_html_becomes_blocks() -> None:
    found = blocks(BODY)
    assert [(b.kind, b.text) for b in found] == [
        ("heading", "一、总则"),
        ("text", "第一条　为了规范管理。"),
        ("item", "1. 甲项"),
        ("item", "2. 乙项"),
        ("table", ""),
    ]
    assert [run.bold for run in found[1].runs] == [False, True, False]
    places, width = booklets_docx.layout(found[4].cells)
    assert width == 2 and [(y, x) for y, x, _cell in places] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1)]


@pytest.mark.parametrize(
    "rows",
    [
        ((Cell("a", columns=3),), (Cell("b"), Cell("c", rows=9), Cell("d"))),
        ((Cell("a", rows=2), Cell("b", columns=2, rows=2)), (Cell("c", columns=4),)),
        ((Cell("a", rows=50, columns=50),),),
    ],
)
def test_spans_never_overlap(rows: Any) -> None:
    places, _width = booklets_docx.layout(rows)
    taken = [(y + dy, x + dx) for y, x, cell in places for dy in range(cell.rows) for dx in range(cell.columns)]
    assert len(taken) == len(set(taken)) and all(y < len(rows) for y, _x in taken)


def test_only_what_the_public_reads_is_gathered_shown_and_bound(cast: Any, topic: Topic) -> None:
    draft = making.draft(cast.reform, cast.drafter).document
    for record in (draft, withheld(cast)):
        with pytest.raises(ActionRefused, match="没有公开，不能编入"):
            actions.gather(topic, cast.drafter, key=key(), documents=[record])
    first = Document.objects.get(editions__revision__title="甲管理办法")
    actions.open_up(topic, cast.head, key=key())
    booklet = bound(topic, cast.drafter, "docx")
    address = reverse("documents:booklet", args=[topic.pk, "docx"])
    assert Client().get(address).status_code == 200
    first.editions.update(state="withdrawn", ended_at=timezone.now())
    assert topics.is_stale(booklet)
    assert Client().get(address).status_code == 404, "a booklet never says what was taken down"
    shown = Client().get(reverse("documents:topic", args=[topic.pk])).content.decode()
    assert "甲管理办法" not in shown and "乙管理办法" in shown
    again = bound(topic, cast.drafter, "docx")
    assert not any("甲管理办法" in line for line in words_of(again)) and Client().get(address).status_code == 200


def test_a_mark_or_another_entry_makes_the_booklet_stale(cast: Any, topic: Topic) -> None:
    booklet = bound(topic, cast.drafter, "docx")
    assert not topics.is_stale(booklet)
    bound(topic, cast.drafter, "pdf")
    assert not topics.is_stale(booklet), "another form changes nothing"
    actions.gather(topic, cast.drafter, key=key(), documents=[normative(cast)])
    assert topics.is_stale(booklet)
    second = bound(topic, cast.drafter, "docx")
    mark(
        Document.objects.get(editions__revision__title="甲管理办法"),
        cast.head,
        key=key(),
        effect="repealed",
        on=timezone.localdate(),
        cause_words="甲",
    )
    assert topics.is_stale(second)


def test_a_task_that_runs_twice_makes_one_file(cast: Any, topic: Topic) -> None:
    booklet = bound(topic, cast.drafter, "docx")
    name = booklet.file.name
    binding.run(booklet.pk)
    booklet.refresh_from_db()
    assert booklet.file.name == name


def test_who_may_do_what(cast: Any, topic: Topic) -> None:
    for who, verb in (("drafter", actions.open_up), ("other_head", actions.open_up), ("county_officer", actions.close)):
        with pytest.raises(NotAllowed):
            verb(topic, cast.user(who), key=key())
    with pytest.raises(NotAllowed):
        actions.gather(topic, cast.other_officer, key=key(), documents=[normative(cast)])
    with pytest.raises(ActionRefused, match="已经编入"):
        actions.gather(topic, cast.drafter, key=key(), documents=[entry.document for entry in topic.entries.all()])
    with pytest.raises(ActionRefused, match="同名"):
        actions.start(cast.reform, cast.drafter, key=key(), kind="rules", title=topic.title)


def test_an_archived_topic_keeps_its_page(cast: Any, topic: Topic) -> None:
    address = reverse("documents:topic", args=[topic.pk])
    assert Client().get(address).status_code == 404
    actions.open_up(topic, cast.head, key=key())
    actions.close(topic, cast.head, key=key())
    shown = Client().get(address).content.decode()
    assert "归档" in shown and "甲管理办法" in shown
    with pytest.raises(ActionRefused, match="已经归档"):
        actions.gather(topic, cast.drafter, key=key(), documents=[normative(cast)])


def test_a_topic_walked_through_its_pages(cast: Any, client: Client, django_capture_on_commit_callbacks: Any) -> None:
    document = normative(cast, title="办事指南", doc_number="清发改规〔2024〕7号")
    other = normative(cast, title="第二件")
    client.force_login(cast.head)
    form = {"key": key(), "agency": cast.reform.pk, "kind": "services", "title": "办事一本通"}
    assert client.post(reverse("topics:start"), form | {"title": ""}).status_code == 422
    assert client.post(reverse("topics:start"), form).status_code == 302
    topic = Topic.objects.get()
    gather = reverse("topics:gather", args=[topic.pk])
    wrong = client.post(gather, {"key": key(), "documents": "清发改规〔2024〕7号\n没有的文号"})
    assert wrong.status_code == 422 and "第 2 行" in wrong.content.decode()
    assert (
        client.post(gather, {"key": key(), "documents": f"清发改规〔2024〕7号\n{other.index_number}", "heading": "通用"}).status_code == 302
    )
    first, second = topic.entries.order_by("position")
    assert first.document == document
    sent = {f"position-{first.pk}": "9", f"heading-{first.pk}": "后", f"position-{second.pk}": "1", f"heading-{second.pk}": "前"}
    client.post(reverse("topics:press", args=[topic.pk, "arrange"]), {"key": key()} | sent)
    assert [(e.document_id, e.heading) for e in topic.entries.order_by("position")] == [(other.pk, "前"), (document.pk, "后")]
    client.post(reverse("topics:remove", args=[topic.pk, second.pk]), {"key": key()})
    client.post(reverse("topics:change", args=[topic.pk]), {"key": key(), "title": "办事一本通（2026）"})
    client.post(reverse("topics:press", args=[topic.pk, "open"]), {"key": key()})
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("topics:bind", args=[topic.pk]), {"key": key(), "form": "docx"}).status_code == 302
    booklet = Booklet.objects.get()
    assert booklet.finished_at and booklet.file
    assert client.get(reverse("topics:booklet", args=[topic.pk, booklet.pk])).status_code == 200
    page = client.get(reverse("topics:topic", args=[topic.pk])).content.decode()
    assert "办事一本通（2026）" in page and "办事指南" in page
    assert "办事一本通（2026）" in Client().get(reverse("documents:topics")).content.decode()
    assert client.get(reverse("topics:list")).status_code == 200

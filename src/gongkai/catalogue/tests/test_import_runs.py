"""A long table through its pages: read and taken over by the worker, left and found again, taken up after a kill; hostile files."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from gongkai.agencies.errors import ActionRefused
from gongkai.catalogue import import_runs, taking_over
from gongkai.catalogue.actions import importing as actions
from gongkai.catalogue.models import Deed, Import, Item
from gongkai.catalogue.tests import making
from gongkai.catalogue.tests import tables as made
from gongkai.journal.models import Entry

KEY = re.compile(r'name="key" value="([^"]+)"')
N = 25


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """What is long is short here, so that every road of the worker is walked by a table of some rows."""
    monkeypatch.setattr(import_runs, "AT_ONCE", 5)
    monkeypatch.setattr("gongkai.catalogue.views_importing.AT_ONCE", 5)
    monkeypatch.setattr(taking_over, "PIECE", 4)


@pytest.fixture
def version(cast, client):
    client.force_login(cast.other_officer, backend="django.contrib.auth.backends.ModelBackend")
    return making.version(cast.finance, rows=0)


def key() -> str:
    return str(uuid.uuid4())


def table(n: int = N, bad: tuple[int, ...] = ()) -> bytes:
    """`n` rows; the `bad` ones repeat the item of the first row."""
    return made.book([made.row(k, "供水", "停水通知1" if k in bad else f"停水通知{k}") for k in range(1, n + 1)])


def page(client, name, pk, status=200) -> str:
    response = client.get(reverse(f"catalogue:{name}", args=[pk]))
    assert response.status_code == status
    return response.content.decode()


def send(client, name, pk, status=302, **data) -> str:
    response = client.post(reverse(f"catalogue:{name}", args=[pk]), {"key": key(), **data})
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def hand_in(client, version, data: bytes, name: str = "目录.xlsx", status: int = 302, **more) -> str:
    return send(client, "upload", version.pk, status, file=SimpleUploadedFile(name, data), **more)


def names(version) -> list[str]:
    return list(version.standards.order_by("position", "pk").values_list("level2", flat=True))


def test_a_long_table_is_read_and_taken_over_by_the_worker_and_can_be_left(client, version, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        hand_in(client, version, table())
    kept = Import.objects.get()
    assert kept.rows >= N and kept.read_at is None
    assert "正在读表" in page(client, "import", kept.pk) and "正在读表" in page(client, "upload", version.pk)
    assert "表还没有读完" in send(client, "import", kept.pk, 409)
    polled = client.get(reverse("catalogue:import_progress", args=[kept.pk]))
    assert "正在读表" in polled.content.decode() and "HX-Refresh" not in polled

    assert import_runs.run(kept.pk) and not import_runs.run(kept.pk)
    assert client.get(reverse("catalogue:import_progress", args=[kept.pk]))["HX-Refresh"] == "true"
    seen = page(client, "import", kept.pk)
    assert "确认导入" in seen and not version.standards.exists()

    with django_capture_on_commit_callbacks():
        send(client, "import", kept.pk)
    assert "正在导入" in page(client, "import", kept.pk) and "正在导入“目录.xlsx”" in page(client, "version", version.pk)
    assert "正在导入" in send(client, "add_item", version.pk, 409, level1="供热")
    assert import_runs.run(kept.pk)
    assert names(version) == [f"停水通知{k}" for k in range(1, N + 1)]
    assert f"新增 {N} 项" in page(client, "import", kept.pk)
    assert Deed.objects.filter(kind="imported").count() == 1 and Deed.objects.filter(kind="import_asked").count() == 1
    assert Entry.objects.filter(action="catalogue.added").count() == N
    assert not import_runs.run(kept.pk), "run again it does nothing"
    assert Entry.objects.filter(action="catalogue.added").count() == N


def ready(client, version, data: bytes, capture, **more) -> Import:
    """Handed in, and read by the worker."""
    with capture(execute=True):
        hand_in(client, version, data, **more)
    kept = Import.objects.latest("pk")
    assert kept.read_at
    return kept


def test_the_good_rows_are_taken_and_the_others_come_back_to_be_mended(client, version, django_capture_on_commit_callbacks):
    capture = django_capture_on_commit_callbacks
    kept = ready(client, version, table(bad=(7, 20)), capture)
    seen = page(client, "import", kept.pk)
    assert "2 行要改" in seen and f"只导入没有错的 {N - 2} 行" in seen and "确认导入" not in seen
    assert "第 10 行" in seen and "二级事项" in seen and "与工作表“市政服务”第 4 行是同一个事项" in seen and "请合并成一行" in seen
    assert "表里有 2 行要改" in send(client, "import", kept.pk, 409), "all or nothing unless one chooses otherwise"
    with capture(execute=True):
        send(client, "import", kept.pk, partial="1")
    assert len(names(version)) == N - 2
    assert "2 行没有导入" in page(client, "import", kept.pk)

    download = client.get(reverse("catalogue:import_rejected", args=[kept.pk]))
    book = load_workbook(io.BytesIO(b"".join(download.streaming_content)))
    sheet = book.worksheets[0]
    assert sheet.max_row == 4 and sheet.cell(3, 15).value.startswith("工作表“市政服务”第 10 行：与")
    sheet["C3"], sheet["C4"] = "停水通知7", "停水通知20"
    kept = ready(client, version, made.saved(book), capture)
    assert kept.outlook["counts"] == {"new": 2, "changed": 0, "same": 0, "wrong": 0} and not kept.rejected
    send(client, "import", kept.pk)
    assert len(names(version)) == N


def test_nothing_is_dropped_when_only_a_part_is_taken(client, version, django_capture_on_commit_callbacks):
    making.row(version, 1, level1="供热", level2="热价")
    kept = ready(client, version, table(bad=(7,)), django_capture_on_commit_callbacks, drop_missing="on")
    assert "这次不删去" in page(client, "import", kept.pk)
    with django_capture_on_commit_callbacks(execute=True):
        send(client, "import", kept.pk, partial="1")
    assert "热价" in names(version)


def asked(client, version, capture) -> Import:
    kept = ready(client, version, table(), capture)
    with capture():
        send(client, "import", kept.pk)
    return kept


def killed(monkeypatch, kept, after: int) -> None:
    """The worker dies after so many pieces: its lease stays behind and grows old."""
    write, pieces = taking_over.Writer.write, []

    def dying(self, steps):
        pieces.append(1)
        if len(pieces) > after:
            raise SystemExit
        write(self, steps)

    with monkeypatch.context() as patch:
        patch.setattr(taking_over.Writer, "write", dying)
        with pytest.raises(SystemExit):
            import_runs.run(kept.pk)
    Import.objects.filter(pk=kept.pk).update(lease="dead", leased_at=timezone.now())


def test_a_killed_worker_is_followed_by_another_and_the_end_is_the_same(client, version, monkeypatch, django_capture_on_commit_callbacks):
    making.row(version, 1, level1="供热", level2="热价")
    kept = asked(client, version, django_capture_on_commit_callbacks)
    killed(monkeypatch, kept, 2)
    assert len(names(version)) == 1 + 8
    assert import_runs.tick() == 0 and not import_runs.run(kept.pk), "whoever held it may still be at it"
    Import.objects.update(leased_at=timezone.now() - import_runs.STALE - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert import_runs.tick() == 1
    assert names(version) == ["热价", *(f"停水通知{k}" for k in range(1, N + 1))]
    kept.refresh_from_db()
    assert kept.applied_at and kept.summary["new"] == N and kept.lease == ""
    assert Entry.objects.filter(action="catalogue.added").count() == N
    assert Item.objects.filter(catalogue=version.catalogue).count() == N + 1


def test_a_worker_that_lost_its_lease_writes_nothing_more(client, version, monkeypatch, django_capture_on_commit_callbacks):
    kept = asked(client, version, django_capture_on_commit_callbacks)
    write = taking_over.Writer.write

    def robbed(self, steps):
        write(self, steps)
        Import.objects.filter(pk=kept.pk).update(lease="another")

    monkeypatch.setattr(taking_over.Writer, "write", robbed)
    assert not import_runs.run(kept.pk)
    assert len(names(version)) == 4
    kept.refresh_from_db()
    assert kept.lease == "another" and kept.applied_at is None


def test_a_file_that_kills_its_reader_is_given_up(client, version, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        hand_in(client, version, table())
    kept = Import.objects.get()
    Import.objects.update(attempts=import_runs.ATTEMPTS)
    assert import_runs.run(kept.pk)
    assert "中断了 3 次" in page(client, "import", kept.pk)
    assert "中断了" in send(client, "import", kept.pk, 409)


def test_two_imports_of_one_file_at_once(client, version, cast, django_capture_on_commit_callbacks):
    capture = django_capture_on_commit_callbacks
    first, second = ready(client, version, table(), capture), ready(client, version, table(), capture)
    with capture():
        send(client, "import", first.pk)
    assert "正在导入" in send(client, "import", second.pk, 409)
    with pytest.raises(ActionRefused, match="正在导入"):
        actions.upload(version, cast.other_officer, key=key(), file=ContentFile(table(), "目录.xlsx"))
    import_runs.run(first.pk)
    with capture(execute=True):
        send(client, "import", second.pk)
    second.refresh_from_db()
    assert second.summary == {"new": 0, "changed": 0, "same": N, "wrong": 0, "dropped": 0}
    assert len(names(version)) == N


def hidden_book(n: int = 3) -> bytes:
    book = load_workbook(io.BytesIO(made.book([made.row(1, "供水", "停水通知")])))
    sheet = book.create_sheet("内部底稿")
    for line in (made.TOP, made.SUB, *(made.row(k, "供热", f"热价{k}") for k in range(1, n + 1))):
        sheet.append(list(line))
    sheet.sheet_state = "veryHidden"
    return made.saved(book)


@pytest.mark.parametrize("n", [1, 20])
def test_hidden_sheets_are_named_and_read_only_when_chosen(client, version, n, django_capture_on_commit_callbacks):
    capture = django_capture_on_commit_callbacks
    kept = ready(client, version, hidden_book(n), capture)
    seen = page(client, "import", kept.pk)
    assert f"工作表“内部底稿”（{n + 2} 行）" in seen and "隐藏的工作表也读" in seen and "热价" not in seen
    with capture(execute=True):
        send(client, "import_hidden", kept.pk, include="1")
    seen = page(client, "import", kept.pk)
    assert "热价1" in seen and "不读隐藏的工作表" in seen
    with capture(execute=True):
        send(client, "import", kept.pk)
    assert len(names(version)) == n + 1
    assert (
        "已经导入"
        in client.post(reverse("catalogue:import_hidden", args=[kept.pk]), {"key": key(), "include": ""}, follow=True).content.decode()
    )


def million() -> bytes:
    """A sheet of a million rows, written by hand: some kB when packed."""
    source = zipfile.ZipFile(io.BytesIO(made.plain_book([["公开事项"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for member in source.namelist():
            data = source.read(member)
            if member.startswith("xl/worksheets/"):
                rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001))
                data = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode()
            package.writestr(member, data)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300):
                part.write(b" " * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (lambda: "序号,公开事项\n1,供水\n".encode("gb18030"), "纯文本"),
        (million, "超过 50000 行"),
        (bomb, "MB"),
        (lambda: b"PK\x03\x04" + b"0" * 100, "目录.xlsx"),
    ],
)
def test_hostile_files_are_refused_in_one_sentence_and_nothing_stays(client, version, data, says):
    seen = hand_in(client, version, data(), status=409)
    assert says in seen
    assert not Import.objects.exists() and not version.standards.exists()


def test_a_workbook_broken_inside_is_told_by_the_worker(client, version, django_capture_on_commit_callbacks):
    data = table()
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for member in source.namelist():
            package.writestr(member, b"<broken" if member == "xl/workbook.xml" else source.read(member))
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(client, version, out.getvalue())
    assert "不是能读的 xlsx" in page(client, "import", Import.objects.get().pk)


def test_script_and_formulas_in_cells_stay_text(client, version, django_capture_on_commit_callbacks):
    evil = "<script>alert(1)</script>"
    rows = [made.row(1, evil, evil), made.row(2, evil, evil), made.row(3, "供水", "=HYPERLINK(1)")]
    rows += [made.row(k, "供水", f"停水通知{k}") for k in range(4, 10)]
    kept = ready(client, version, made.book(rows), django_capture_on_commit_callbacks)
    seen = page(client, "import", kept.pk)
    assert evil not in seen and "&lt;script&gt;" in seen
    book = load_workbook(io.BytesIO(b"".join(client.get(reverse("catalogue:import_rejected", args=[kept.pk])).streaming_content)))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "n"}


def test_merged_ranges_that_overlap_do_not_hold_the_worker(version):
    book = Workbook()
    assert book.active is not None
    for line in (made.TOP, made.SUB, *(made.row(k, "供水", f"停水{k}") for k in range(1, 40))):
        book.active.append(list(line))
    data = made.saved(book)
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    ranges = "<mergeCells>" + '<mergeCell ref="A1:N40"/>' * 6000 + "</mergeCells>"
    with zipfile.ZipFile(out, "w") as package:
        for member in source.namelist():
            text = source.read(member)
            package.writestr(member, text.replace(b"</sheetData>", b"</sheetData>" + ranges.encode()) if "sheet1" in member else text)
    with pytest.raises(ActionRefused, match="重叠"):
        actions.look(version, out.getvalue(), "目录.xlsx")


def test_the_page_asks_no_more_for_more_rows(client, version, django_capture_on_commit_callbacks):
    counts = []
    for n in (10, 40):
        kept = ready(client, version, table(n, bad=(2, 3)), django_capture_on_commit_callbacks)
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            page(client, "import", kept.pk)
        counts.append(len(asked_for))
    assert counts[0] == counts[1]

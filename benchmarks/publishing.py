"""A document of 300 pages with 20 attachments is saved, screened and published: what the page answers, and what the worker does meanwhile.

    python -m benchmarks.publishing

Server time: the request through the whole of Django in this process, without the network. The worker's time is that of its queue, from the
first task to the last; its progress is when each part was done. Beside the time that passed stands the processor time of this process, so
that a figure taken beside other work can be judged. On SQLite, in a data folder of its own.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks.texts import text_of

PAGE_LIMIT = 1.0
PAGES = 300
PAGE_CHARS = 700
FILES = 20
PAPER = text_of(20_000).splitlines()
"""Of an attached paper."""
Times = tuple[float, float]
"""Seconds that passed, seconds of processor."""
BASIS = "政府信息公开条例第十七条"


def run() -> None:
    """Prints the figures against the limits."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.publishing", "--inside"]
        environment = {**os.environ, "GONGKAI_DATA": folder, "GONGKAI_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"publishing a document of {PAGES} pages ({found['chars']:,} characters of html) with {FILES} attachments ({found['mb']:.1f} MB)")
    for name, (took, busy) in found["pages"].items():
        late = "" if took <= PAGE_LIMIT else "  TOO SLOW"
        print(f"page       {name}: {took:.3f} s, {busy:.3f} s of processor (limit {PAGE_LIMIT:g} s){late}")
    took, busy = found["worker"]
    progress = ", ".join(f"{at:.1f}" for at in found["progress"])
    print(f"worker     screening and copies: {took:.1f} s, {busy:.1f} s of processor; parts done after {progress} s")
    print(f"worker     the next revision with the same files: {found['again'][0]:.2f} s, {found['read']} files read")
    print(f"findings   {found['findings']} in all, {found['open']} blocking before they were masked, {found['left']} after")


def body_of(size: int) -> str:
    """Paragraphs of about so many bytes of text."""
    lines = [line for line in text_of(size).splitlines() if line.strip()]
    return "".join(f"<p>{line}</p>" for line in lines) + "<p>联系人手机13812345678。</p>"


def word(number: int) -> bytes:
    """Some 30 pages of text, an author, an identity number."""
    from docx import Document

    document = Document()
    document.core_properties.author = "林小舟"
    for line in PAPER:
        document.add_paragraph(line)
    document.add_paragraph(f"第 {number} 份，领取人身份证号330102199003071230。")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(number: int) -> bytes:
    """2,000 rows of ten columns, and a hidden sheet."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    shown = book.create_sheet(f"清单{number}")
    for row in range(2000):
        shown.append([f"第{number}份第{row}行", *range(row, row + 9)])
    hidden = book.create_sheet("底稿")
    hidden.append(["不公开的底稿"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Desk:
    """One agency with its people, and the client each of them works with."""

    def __init__(self) -> None:
        from gongkai.agencies.models import Agency, Jurisdiction, Membership, User

        place = Jurisdiction.objects.create(code="990100", name="清河市", short_name="清河", level="city")
        self.office = self._agency(Agency, place, 2, "office", True)
        self.agency = self._agency(Agency, place, 3, "department", False)
        self.people = {}
        for role in ("drafter", "reviewer", "secrecy_reviewer", "head", "openness_office"):
            user = User.objects.create(username=role, display_name=role)
            home = self.office if role == "openness_office" else self.agency
            Membership.objects.create(user=user, agency=home, role=role)
            self.people[role] = user

    def _agency(self, model: Any, place: Any, number: int, kind: str, competent: bool) -> Any:
        name = f"清河市第{number}局"
        return model.objects.create(
            jurisdiction=place, code=f"990100-{number:03}", name=name, short_name=name, kind=kind, is_competent=competent
        )

    def user(self, role: str) -> Any:
        from gongkai.agencies.models import User

        return User.objects.get(pk=self.people[role].pk)

    def client(self, role: str) -> Any:
        from django.test import Client

        client = Client()
        client.force_login(self.user(role), backend="django.contrib.auth.backends.ModelBackend")
        return client


def timed(work: Callable[[], Any]) -> tuple[Times, Any]:
    begin, busy = time.perf_counter(), time.process_time()
    made = work()
    return (time.perf_counter() - begin, time.process_time() - busy), made


def answered(response: Any) -> Any:
    if response.status_code not in (200, 302):
        raise SystemExit(f"{response.request['PATH_INFO']} answered {response.status_code}")
    return response


def form_of(client: Any, url: str, field: str) -> dict[str, Any]:
    """The values of the form on a page that has this field, as a browser would send them."""
    import lxml.html

    root: Any = lxml.html.fromstring(answered(client.get(url)).content.decode())
    form = next(form for form in root.forms if field in form.fields)
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def work_off_queue() -> Times:
    """How long a worker takes to empty the queue."""
    from django.core.management import call_command

    return timed(lambda: call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0))[0]


def inside() -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.urls import reverse

    from gongkai.publications.actions import drafting
    from gongkai.publications.models import Edition, ScreenedFile
    from gongkai.publications.screening import gate as screening_gate

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    desk = Desk()
    drafter = desk.client("drafter")
    body = body_of(PAGES * PAGE_CHARS * 3)
    made = {f"附件{n}.{'docx' if n % 4 else 'xlsx'}": word(n) if n % 4 else workbook(n) for n in range(FILES)}
    files = [SimpleUploadedFile(name, data) for name, data in made.items()]
    pages: dict[str, Times] = {}

    content = {"title": "关于做好示例工作的通知", "body": "<p>待写</p>"}
    document = drafting.start(desk.agency, desk.user("drafter"), key=str(uuid.uuid4()), content=content)
    edition: Any = document.editions.get()
    edit = reverse("drafting:edit", args=[edition.pk])
    typed = {**form_of(drafter, edit, "body"), "body": body}
    pages["保存 300 页正文"], _ = timed(lambda: answered(drafter.post(edit, typed)))
    sizes = sum(len(data) for data in made.values())
    key = str(uuid.uuid4())
    pages["上传 20 个附件"], _ = timed(lambda: drafting.attach(edition, desk.user("drafter"), key=key, files=files))
    edition.refresh_from_db()
    screening = reverse("screening:page", args=[edition.revision_id])
    pages["检查页面（进行中）"], _ = timed(lambda: answered(drafter.get(screening)))
    begun = time.time()
    worker = work_off_queue()
    edition = Edition.objects.get(pk=edition.pk)
    found = edition.revision.screening
    progress = sorted(part.done_at.timestamp() - begun for part in found.parts.all())
    blocking = found.findings.filter(severity="block", decision="").count()
    pages["检查页面（完成）"], page = timed(lambda: answered(drafter.get(screening)))
    key = re.findall(r'name="key" value="([^"]+)"', page.content.decode())[0]
    data = {"key": key, "verb": "mask", "whole": "1"}
    pages["全部遮盖"], _ = timed(lambda: answered(drafter.post(reverse("screening:decide", args=[edition.revision_id]), data)))
    copying = work_off_queue()
    edition = Edition.objects.get(pk=edition.pk)
    left = screening_gate.reasons(edition)
    before = ScreenedFile.objects.count()
    typed = {**form_of(drafter, edit, "body"), "body": edition.revision.body + "<p>补一句。</p>"}
    pages["再保存一次"], _ = timed(lambda: answered(drafter.post(edit, typed)))
    again = work_off_queue()
    edition = Edition.objects.get(pk=edition.pk)
    pages |= published(desk, edition, document)
    return {
        "chars": len(body),
        "mb": sizes / 1e6,
        "pages": pages,
        "worker": [worker[0] + copying[0], worker[1] + copying[1]],
        "progress": progress[:: max(1, len(progress) // 5)],
        "again": again,
        "read": ScreenedFile.objects.count() - before,
        "findings": found.findings.count(),
        "open": blocking,
        "left": len(left),
    }


def published(desk: Desk, edition: Any, document: Any) -> dict[str, Times]:
    """The reviews as people make them, then the verb 发布 and the public page."""
    from django.urls import reverse

    from gongkai.publications.actions import publishing, reviewing
    from gongkai.publications.actions.reviewing import Verdict, parts_of
    from gongkai.publications.models import Edition
    from gongkai.publications.reviewing import workflow

    told = {"doc_number": "清发改〔2026〕8号", "theme": "0201", "genre": "notice", "label": "此件公开发布", "abstract": "要求。"}
    told |= {"issued_on": "2026-03-02", "effective_on": "2026-04-01"}
    drafter = desk.client("drafter")
    edit = reverse("drafting:edit", args=[edition.pk])
    answered(drafter.post(edit, {**form_of(drafter, edit, "body"), "body": edition.revision.body, **told}))
    work_off_queue()
    edition = Edition.objects.get(pk=edition.pk)
    edition = reviewing.submit(edition, desk.user("drafter"), key=str(uuid.uuid4()))
    for step in workflow.steps_for(edition):
        edition = Edition.objects.get(pk=edition.pk)
        items = [Verdict(part, "passed", BASIS) for part in parts_of(edition.revision)] if step.kind == "secrecy" else []
        role = {"own": step.role, "competent": "openness_office"}[step.reach]
        facts = {"step": step.id, "revision_id": edition.revision_id, "conclusion": "passed", "basis": BASIS, "items": items}
        reviewing.review(edition, desk.user(role), key=str(uuid.uuid4()), **facts)
    edition = Edition.objects.get(pk=edition.pk)
    took, _ = timed(lambda: publishing.publish(edition, desk.user("head"), key=str(uuid.uuid4())))
    public, page = timed(lambda: answered(drafter.get(reverse("documents:document", args=[document.pk]))))
    if "附件19" not in page.content.decode():
        raise SystemExit("the public page does not show its attachments")
    return {"发布": took, "公开页面": public}


if __name__ == "__main__":
    if "--inside" in sys.argv:
        print(json.dumps(inside()))
    else:
        run()

"""Public pages of a city with 20,000 documents: processor time of a request, and queries, beside a plain Django view and a file server.

    python -m benchmarks.pages            20,000 documents
    python -m benchmarks.pages 2000       fewer

Server time: the request through the whole of Django in this process, as the web process answers it, without the network; the median of
ROUNDS requests. Cold: the page is made: kept pages are thrown away before each request, and each document is another one that nobody has
read yet; what a process keeps longer than a page (its statements, its templates, the figures beside the facets of a minute, the table of
hosts) stays. Warm: the page as the next reader gets it. 304: as who has it already gets it. The plain view has the same middleware and a
template of the same rows from two queries. nginx, where it is installed, else Python's own file server, answers the same bytes as a file
over a socket of this machine; its figure is the time that passed, with the client's.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

DOCUMENTS = 20_000
ROUNDS = 30
LIMITS = {"document": 5.0, "list": 8.0, "home": 8.0}
"""Milliseconds of processor for a request of a public page, warm and cold."""
PAGES = ("public:", "accountability:")
"""What the keys of kept pages have in them."""


def run(documents: int = DOCUMENTS) -> None:
    """Prints the figures against the limits."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.pages", "--inside", folder, str(documents)]
        environment = {**os.environ, "GONGKAI_DATA": folder, "GONGKAI_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        served = _files(Path(folder) / "pages")
    print(f"public pages with {documents:,} documents on SQLite; milliseconds of processor, median of {ROUNDS} (queries)")
    for name, row in found["pages"].items():
        limit = LIMITS.get(name.split()[0], LIMITS["list"])
        late = "" if row["warm"] <= limit else "  TOO SLOW"
        late = late or ("" if row["cold"] <= limit else "  slow when cold")
        print(
            f"  {name:26} cold {row['cold']:6.2f} ({row['cold_queries']:2})  warm {row['warm']:5.2f} ({row['warm_queries']})"
            f"  304 {row['known']:5.2f}  {row['bytes'] / 1000:6.1f} kB  limit {limit:g}{late}"
        )
    plain = found["plain"]
    times = found["pages"]["list"]["cold"] / plain["ms"]
    print(f"  {'a plain Django view':26} {plain['ms']:6.2f} (2), the list cold is {times:.1f} times that")
    for name, ms in served["ms"].items():
        print(f"  {name:26} {ms:6.2f} ms passed as a file from {served['server']}")
    print(f"  machine busy with {os.getloadavg()[0]:.1f} processes on {os.cpu_count()} cores")


def inside(folder: str, documents: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from gongkai.site import memory

    settings.ALLOWED_HOSTS = ["*"]
    logging.getLogger("django.request").setLevel(logging.ERROR)  # the page that is not there is measured too
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    pk = _fill(documents)
    addresses = {
        "home": "/",
        "document": f"/documents/{pk}/",
        "list": "/documents/",
        "list by theme": "/documents/themes/04/",
        "list by genre, year": "/documents/?genre=notice&year=2026",
        "list, page 400": "/documents/?page=400",
        "list by validity": "/documents/validity/in_force/",
        "list of repealed": "/documents/validity/repealed/",
        "list of an agency": "/documents/agencies/990100-004/",
        "browse": "/documents/browse/",
        "feed.atom": "/documents/feed.atom",
        "feed.json": "/documents/feed.json",
        "sitemap part": "/sitemap-documents-1.xml",
        "404": "/documents/999999999/",
    }
    unread = [f"/documents/{n}/" for n in range(pk + 1, pk + 1 + ROUNDS)]
    for path in addresses.values():
        _client().get(path)
    memory.settle()  # what a web process does once it is warm (site/web.py)
    pages = {name: _page(path, unread if name == "document" else []) for name, path in addresses.items()}
    kept = Path(folder) / "pages"
    kept.mkdir()
    for name in ("document", "list"):
        (kept / f"{name}.html").write_bytes(_client().get(addresses[name]).content)
    return {"pages": pages, "plain": {"ms": _plain()}}


def _client() -> Any:
    from django.test import Client

    return Client()


def _page(path: str, unread: list[str]) -> dict[str, Any]:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _client()
    client.get(path)  # templates compiled, vocabularies read, figures of the facets made

    def forget() -> None:
        for key in list(cache._cache):  # type: ignore[attr-defined]
            if any(name in key for name in PAGES):
                cache.delete(key.split(":", 2)[2])

    forget()
    with CaptureQueriesContext(connection) as cold:
        answer = client.get(path)
    cold_queries = len(cold)  # now: the log is emptied when the next request begins
    with CaptureQueriesContext(connection) as warm:
        client.get(path)
    warm_queries = len(warm)
    tag = answer.headers.get("ETag")
    headers = {"if-none-match": tag} if tag else {}
    return {
        "cold": _median(lambda: client.get(unread.pop() if unread else path), forget),
        "warm": _median(lambda: client.get(path)),
        "known": _median(lambda: client.get(path, headers=headers)),
        "cold_queries": cold_queries,
        "warm_queries": warm_queries,
        "bytes": len(answer.content),
    }


def _median(work: Callable[[], Any], before: Callable[[], None] | None = None) -> float:
    taken = []
    for _n in range(ROUNDS):
        if before is not None:
            before()
        begin = time.process_time()
        work()
        taken.append((time.process_time() - begin) * 1000)
    return median(taken)


def _plain() -> float:
    """The same twenty rows by the same middleware, from two queries and a template without a frame."""
    from django.http import HttpRequest, HttpResponse
    from django.template import Context, Template
    from django.urls import path

    from gongkai.publications.models import Edition
    from gongkai.site import urls

    template = Template(
        "<!doctype html><html><body><p>{{ n }}</p><ul>{% for row in rows %}<li><a href='/documents/{{ row.document_id }}/'>"
        "{{ row.revision.title }}</a> {{ row.document.agency.name }} <time>{{ row.published_at|date:'Y-m-d' }}</time></li>{% endfor %}</ul>"
    )

    def view(request: HttpRequest) -> HttpResponse:
        rows = Edition.objects.filter(state="live").select_related("document__agency", "revision").defer("revision__body")
        found = rows.order_by("-published_at", "-pk")[:20]
        return HttpResponse(template.render(Context({"rows": found, "n": Edition.objects.filter(state="live").count()})))

    urls.urlpatterns.insert(0, path("plain/", view))
    from django.urls import clear_url_caches

    clear_url_caches()
    client = _client()
    client.get("/plain/")
    return _median(lambda: client.get("/plain/"))


def _fill(total: int) -> int:
    """So many live documents of thirty agencies over ten years, with five-page bodies; the number of one in the middle."""
    from datetime import timedelta

    from django.utils import timezone

    from benchmarks.publishing import BASIS, body_of
    from gongkai.agencies.models import Agency, Jurisdiction, User
    from gongkai.publications.models import Document, Edition, Revision, RevisionIssuer
    from gongkai.publications.vocabularies import genres, themes

    place = Jurisdiction.objects.create(code="990100", name="清河市", short_name="清河", level="city")
    names = [f"清河市第{n}局" for n in range(30)]
    agencies = [
        Agency.objects.create(jurisdiction=place, code=f"990100-{n:03}", name=name, short_name=name, kind="department")
        for n, name in enumerate(names)
    ]
    author = User.objects.create(username="bench", display_name="经办")
    body, now = body_of(6000), timezone.now()
    kinds, subjects = list(Document.Kind.values), [code for code in themes() if len(code) == 4]
    sorts = list(genres())
    for begin in range(0, total, 1000):
        numbers = range(begin, min(total, begin + 1000))
        at = {n: now - timedelta(hours=4 * n) for n in numbers}
        documents = Document.objects.bulk_create(
            Document(
                jurisdiction=place,
                agency=agencies[n % 30],
                kind=kinds[n % len(kinds)],
                index_number=f"B{n:06}",
                created_by=author,
                first_published_at=at[n],
            )
            for n in numbers
        )
        editions = Edition.objects.bulk_create(
            Edition(document=one, number=1, state="live", author=author, published_at=at[n], published_by=author)
            for n, one in zip(numbers, documents, strict=True)
        )
        revisions = Revision.objects.bulk_create(
            Revision(
                edition=one,
                number=1,
                author=author,
                saved_at=at[n],
                sha256=f"{n:064}",
                title=f"清河市第{n % 30}局关于做好第{n}项工作的通知",
                body=body,
                doc_number=f"清发〔2026〕{n}号",
                theme=subjects[n % len(subjects)],
                genre=sorts[n % len(sorts)],
                issued_on=at[n].date(),
                abstract=BASIS,
                source=names[n % 30],
            )
            for n, one in zip(numbers, editions, strict=True)
        )
        for edition, revision in zip(editions, revisions, strict=True):
            edition.revision = revision
        Edition.objects.bulk_update(editions, ["revision"], batch_size=500)
        RevisionIssuer.objects.bulk_create(
            RevisionIssuer(revision=one, agency=agencies[n % 30]) for n, one in zip(numbers, revisions, strict=True)
        )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Document.objects.order_by("pk").values_list("pk", flat=True)[total // 2]


def _files(folder: Path) -> dict[str, Any]:
    """Median milliseconds of a request for each page as a file, from nginx or else from Python's own server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    nginx = shutil.which("nginx")
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder), "--protocol", "HTTP/1.1"]
    if nginx:
        conf = folder / "nginx.conf"
        conf.write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
        )
        command = [nginx, "-c", str(conf), "-p", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return {
            "server": "nginx" if nginx else "http.server",
            "ms": {path.stem: _fetched(port, path.name) for path in folder.glob("*.html")},
        }
    finally:
        server.terminate()
        server.wait()


def _fetched(port: int, name: str) -> float:
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    taken = []
    for _n in range(ROUNDS * 5):
        begin = time.perf_counter()
        connection.request("GET", f"/{name}")
        connection.getresponse().read()
        taken.append((time.perf_counter() - begin) * 1000)
    return median(taken)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(inside(sys.argv[2], int(sys.argv[3]))))
    else:
        run(*map(int, sys.argv[1:2]))

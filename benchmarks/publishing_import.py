"""Pages of an old site with attachments, by the second, beside the limit: `python -m benchmarks.publishing_import`.

Every page is some 4 kB of html as content systems of the 2010s export it, every one has a PDF of 60 kB, every fifth a picture as well.
Measured is the import alone, by one process, the text of each page screened within it; the attachments are the worker's afterwards. The
rate by processor time says what the machine could do that does nothing else.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

PAGES = int(os.environ.get("GONGKAI_BENCH_PAGES", "2000"))
LIMIT = 50.0
"""Pages a second (issue 4)."""
STYLED = "<p class=MsoNormal style='text-indent:32pt'><span style='font-family:仿宋'>{}</span></p>"
WORDS = "各单位应当按照《政务公开办法》的要求做好第{n}项工作。"


def write_site(folder: Path, pages: int) -> None:
    """An export: manifest.jsonl, html files in GB 18030, PDF files that all differ."""
    (folder / "html").mkdir()
    (folder / "files").mkdir()
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 20_000
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for n in range(pages):
            body = "".join(STYLED.format(WORDS.format(n=k)) for k in range(24)) + f"<a href='../files/{n}.pdf'>附件</a>"
            page = f"<html><head><meta charset=gb2312></head><body><div class=TRS>{body}</div></body></html>"
            (folder / "html" / f"{n}.html").write_bytes(page.encode("gb18030"))
            (folder / "files" / f"{n}.pdf").write_bytes(b"%PDF-1.4\n" + str(n).encode() * 10 + b"0" * 60_000 + b"\n%%EOF\n")
            attached = [f"files/{n}.pdf"]
            if not n % 5:
                (folder / "files" / f"{n}.png").write_bytes(picture + str(n).encode())
                attached.append(f"files/{n}.png")
            row = {"标题": f"关于做好第{n}项工作的通知", "网址": f"http://old.example/{n}.html"}
            row["日期"] = f"2018-{n % 12 + 1:02}-{n % 27 + 1:02}"
            manifest.write(json.dumps({**row, "正文": f"html/{n}.html", "附件": ";".join(attached)}, ensure_ascii=False) + "\n")


def measure(pages: int = PAGES) -> list[tuple[float, float]]:
    """(pages a second by the clock, by processor time) of a first run, and of a second that finds them all there."""
    from gongkai.agencies.models import Agency, Jurisdiction, Membership, User
    from gongkai.publications.legacy.importing import run
    from gongkai.publications.legacy.manifest import open_source

    place = Jurisdiction.objects.create(code="990900", name="测速市", short_name="测速", level="city")
    agency = Agency.objects.create(jurisdiction=place, code="990900-003", name="测速市发展和改革委员会", short_name="市发改委")
    user = User.objects.create(username="bench")
    Membership.objects.create(user=user, agency=agency, role="drafter")
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder), pages)
        for wanted in ("导入", "已有"):
            begun, used = time.perf_counter(), time.process_time()
            outcomes = list(run(open_source(Path(folder)), agency, user))
            rates.append((pages / (time.perf_counter() - begun), pages / (time.process_time() - used)))
            if [one.what for one in outcomes] != [wanted] * pages:
                raise SystemExit(f"not every page is {wanted}")
    return rates


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"GONGKAI_DATA": data, "DJANGO_SETTINGS_MODULE": "gongkai.site.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        first, again = measure()
    print(f"{PAGES} pages with attachments: {first[0]:.0f} pages/s, {first[1]:.0f} by processor time (limit {LIMIT:.0f})")
    print(f"looked at again: {again[0]:.0f} pages/s, {again[1]:.0f} by processor time")
    if first[0] < LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()

"""The editor without a build step: what our module takes from the package is there, and nothing on the page is inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from gongkai.publications.drafting.cleaning import rules
from gongkai.publications.tests import making


def source(name: str) -> str:
    found = finders.find(name)
    assert found, name
    return Path(found).read_text("utf-8")


def test_every_name_is_exported_by_the_package():
    ours = source("publications/editor.js")
    names, path = re.search(r'import \{([^}]+)\} from "([^"]+)"', ours).groups()
    assert path == "../django_prose_editor/editor.js"  # relative: no import map, which would have to be inline
    exported = set(re.findall(r"\bas (\w+)", source("django_prose_editor/editor.js").rsplit("export{", 1)[1]))
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    assert len(wanted) > 20 and wanted <= exported


def test_the_editor_makes_only_what_the_server_keeps():
    levels = re.search(r"levels: \[([^\]]+)\]", source("publications/editor.js")).group(1)
    assert [f"h{level.strip()}" for level in levels.split(",")] == rules()["headings"]


@pytest.mark.django_db
def test_nothing_on_the_editing_page_is_inline(client, cast):
    client.force_login(cast.drafter)
    edition = making.draft(cast.reform, cast.drafter)
    response = client.get(reverse("drafting:edit", args=[edition.pk]))
    page = response.content.decode()
    assert re.findall(r"<script[^>]*>[^<]", page) == [] and " style=" not in page and not re.search(r"\son\w+=", page)
    assert re.search(r'<script type="module" src="[^"]*publications/editor[^"]*\.js"></script>', page)
    assert "script-src 'self'" in response["Content-Security-Policy"]

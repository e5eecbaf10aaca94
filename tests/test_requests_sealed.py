"""Keys changed by the command, and error reports without a word of an applicant: what rests on the command line and the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.views.debug import ExceptionReporter

from gongkai.cli.main import main
from gongkai.conftest import *  # noqa: F403
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions.filing import applicant_digest
from gongkai.disclosure_requests.models import Applicant
from gongkai.disclosure_requests.tests.cases import ID_CARD, filed
from gongkai.sealing import keys
from gongkai.site import settings as site

SECRETS = ("赵申请", "11010519491231002X", "13800138000")


def test_a_kept_key_is_changed_by_the_command(cast: Cast, settings: Any, tmp_path: Path, capsys: Any) -> None:
    settings.DATA_DIR, settings.SEAL_KEYS = tmp_path, ""
    filed(cast)
    before = keys.key_list()
    assert main(["seal", "rotate", "--new", "--drop"]) == 0
    assert "换了" in capsys.readouterr().out
    after = keys.key_list()
    assert len(after) == 1
    assert after != before
    assert Applicant.objects.get().name == "赵申请"
    assert Applicant.objects.get().digest == applicant_digest("赵申请", ID_CARD)
    assert main(["seal", "check"]) == 0
    assert "打不开的 0" in capsys.readouterr().out
    assert (tmp_path / keys.FILE).stat().st_mode & 0o077 == 0


def test_the_settings_keep_statements_and_variables_out_of_what_is_reported(settings: Any, rf: Any) -> None:
    assert site.LOGGING["loggers"]["django.db.backends"]["level"] == "WARNING"
    settings.DEBUG = False
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = site.DEFAULT_EXCEPTION_REPORTER_FILTER
    try:
        name = SECRETS[0]
        raise ValueError(name[:0] or "x")
    except ValueError as error:
        request = rf.post("/requests/", {"name": SECRETS[0], "phone": SECRETS[2]})
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
        text, page = reporter.get_traceback_text(), reporter.get_traceback_html()
    assert SECRETS[2] not in text + page
    frames = reporter.get_traceback_data()["frames"]
    assert all("赵申请" not in str(frame["vars"]) for frame in frames)

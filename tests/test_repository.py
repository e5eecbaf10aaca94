"""What must hold of the repository itself."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def committed() -> list[Path]:
    """Files under version control, and files that are about to be."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    """Relative name → text of every committed text file."""
    found = {}
    for path in committed():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            found[str(path.relative_to(ROOT))] = data.decode("utf-8", "replace")
    return found


def sources() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.startswith("src/") and name.endswith(".py")}


def test_ci_runs_make_test_and_nothing_else():
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]


def test_no_file_names_a_package_index_or_a_path_of_this_machine():
    # Written apart, so that this file does not name them either.
    hosts = [
        "pypi" + ".org",
        "files.python" + "hosted.org",
        "registry.npm" + "js.org",
        "deb.deb" + "ian.org",
        "--extra-index" + "-url",
        "--find" + "-links",
    ]
    places = ["/ro" + "ot/", "/wo" + "rk/main", "/wo" + "rk/shared", "/ho" + "me/", "/opt/py" + "pi"]
    found = [f"{name}: {word}" for name, text in texts().items() for word in hosts + places if word in text]
    assert found == []
    assert [name for name, text in texts().items() if name.startswith("requirements/") and re.search(r"https?://|--index", text)] == []


def test_every_locked_package_has_a_hash():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        blocks = re.split(r"(?m)^(?=[a-z0-9])", path.read_text())
        assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == [], path.name


def test_every_requirement_is_locked():
    for path in sorted((ROOT / "requirements").glob("*.in")):
        wanted = {
            re.match(r"[A-Za-z0-9_.-]+", line)[0].lower().replace("_", "-").replace(".", "-")
            for line in path.read_text().splitlines()
            if line[:1].isalnum()
        }  # type: ignore[index]
        locked = {name.replace(".", "-") for name in re.findall(r"(?m)^([a-z0-9.-]+)==", path.with_suffix(".txt").read_text())}
        assert wanted <= locked, path.name


def test_no_source_file_is_long():
    """A file that passes 400 lines is asking to become a folder; a file of tests, at 600."""
    lengths = {name: text.count("\n") for name, text in sources().items() if "/migrations/" not in name}
    assert {name: length for name, length in lengths.items() if length >= (600 if "/tests/" in name else 400)} == {}


def test_the_day_of_a_kept_time_is_that_of_beijing():
    """A time from the database is in UTC: its own date is yesterday's until eight in the morning."""
    pattern = re.compile(r"_at\.date\(\)|\bdate\.today\(\)")
    assert [f"{name}: {found}" for name, text in sources().items() for found in pattern.findall(text)] == []


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    assert [
        name for name, text in texts().items() if name.startswith(("src/", "benchmarks/", "tests/", "docs/")) and words.search(text)
    ] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "CONTRIBUTING.md"])
def test_every_command_it_names_exists(name):
    text = (ROOT / name).read_text("utf-8")
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", text))
    assert named
    assert named <= targets
    from typer.main import get_command

    from gongkai.cli.main import app

    commands = get_command(app)
    for words in re.findall(r"gongkai ([a-z]+(?: [a-z]+)?)", text):
        group = commands
        for word in words.split():
            children = getattr(group, "commands", {})
            if not children:
                break
            assert word in children, f"{name}: gongkai {words}"
            group = children[word]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_is_one_screen_with_a_picture(name):
    text = (ROOT / name).read_text("utf-8")
    assert text.count("\n") <= 60
    assert re.search(r"!\[[^\]]+\]\(docs/[^)]+\.png\)", text)


def test_links_between_our_pages_lead_somewhere():
    broken = []
    for name, text in texts().items():
        if name.endswith(".md"):
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
                if not re.match(r"[a-z]+:", target) and not (ROOT / name).parent.joinpath(target).exists():
                    broken.append(f"{name}: {target}")
    assert broken == []


def test_pictures_are_small():
    assert [str(path) for path in committed() if path.suffix == ".png" and path.stat().st_size > 200_000] == []


def test_it_is_licensed_and_says_so():
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache" in (ROOT / "README.md").read_text()


def test_the_changelog_knows_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    log = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"(?m)^## {re.escape(version)}\b", log)
    assert log.count("\n- ") >= 5


def test_the_shell_scripts_may_be_run():
    scripts = [path for path in committed() if path.suffix == ".sh"] + [ROOT / ".ci" / "run"]
    assert [str(path) for path in scripts if not os.access(path, os.X_OK)] == []
    for path in scripts:
        subprocess.run(["bash", "-n", str(path)], check=True)

"""The command line from outside: results on stdout, one line for what went wrong on stderr, exit status 0, 1 or 2, never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import types
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.cli_runner import SOURCE, call, complaint, run

PLAN = """海云市人民政府办公室关于印发2026年政务公开工作要点的通知
海政办发〔2026〕8号

各县（区）人民政府，市政府各部门：
现将《海云市2026年政务公开工作要点》印发给你们，请认真贯彻执行。

一、主要任务
（一）推进财政信息公开
1.公开政府预算、决算和“三公”经费，细化到项级科目，6月底前在市政府门户网站公布。（市财政局牵头，各县（区）人民政府配合）
2.每季度召开新闻发布会，全年不少于4次，主要负责人带头解读。（市委宣传部牵头，市政府办公室负责落实）
（二）推进基层试点
3.编制征地补偿、拆迁安置领域标准目录，年底前完成。（责任单位：市自然资源局、市住房城乡建设局）

海云市人民政府办公室
2026年3月1日
"""
LATER = PLAN.replace("6月底前", "10月底前").replace("海云市", "青石县").replace("每季度", "每半年")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, "utf-8")
    return path


# --- plan read -------------------------------------------------------------------------------------------------------------------


def test_read_json_is_the_contract(plan):
    result = run("plan", "read", plan, "--format", "json")
    assert (result.returncode, result.stderr) == (0, b"")
    data = json.loads(result.stdout)
    assert data["source"] == "plan.txt" and data["doc_number"] == "海政办发〔2026〕8号" and data["issued_on"] == "2026-03-01"
    first = data["tasks"][0]
    assert first["lead"] == ["市财政局"] and first["deadlines"][0]["due"] == "2026-06-30"
    for task in data["tasks"]:
        assert task["text_start"] == task["text"][:12] and PLAN[slice(*task["span"])]
        for deadline in task["deadlines"]:
            assert PLAN[slice(*deadline["span"])] == deadline["raw"]


def test_read_standard_input(plan):
    result = run("plan", "read", "-", "--format", "json", stdin=PLAN.encode("gb18030"))
    assert result.returncode == 0 and json.loads(result.stdout)["source"] == "-"
    assert json.loads(result.stdout)["title"] == json.loads(run("plan", "read", plan, "-f", "json").stdout)["title"]


def test_several_files_give_a_line_each_and_survive_a_bad_one(plan, tmp_path):
    other, broken = tmp_path / "b.txt", tmp_path / "broken.docx"
    other.write_text(LATER, "utf-8")
    broken.write_bytes(b"PK\x03\x04" + bytes(range(256)))
    result = run("plan", "read", plan, broken, tmp_path / "none.txt", other, "--format", "json")
    assert result.returncode == 2
    assert [json.loads(line)["source"] for line in result.stdout.decode().splitlines()] == ["plan.txt", "b.txt"]
    errors = result.stderr.decode().splitlines()
    assert len(errors) == 2 and "broken.docx" in errors[0] and "none.txt" in errors[1] and all(e.endswith("。") for e in errors)


def test_files_of_one_name_are_told_apart(plan, tmp_path):
    second = tmp_path / "下级" / "plan.txt"
    second.parent.mkdir()
    second.write_text(LATER, "utf-8")
    sources = [json.loads(line)["source"] for line in run("plan", "read", plan, second, "-f", "json").stdout.decode().splitlines()]
    assert sources == [str(plan), str(second)]


def test_a_zip_gives_a_line_a_member(tmp_path):
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("a.txt", PLAN)
        z.writestr("b.txt", LATER)
        z.writestr("bad.docx", b"PK\x03\x04garbage")
    result = run("plan", "read", archive, "--format", "json")
    assert result.returncode == 2 and "bad.docx" in complaint(result)
    assert [json.loads(line)["source"] for line in result.stdout.decode().splitlines()] == ["all.zip!a.txt", "all.zip!b.txt"]


def test_a_document_that_is_no_plan_is_no_error(tmp_path):
    path = tmp_path / "news.txt"
    path.write_text("昨日，本市举行植树活动，市民踊跃参加。\n天气晴朗。\n", "utf-8")
    result = run("plan", "read", path, "-f", "json")
    assert result.returncode == 0 and json.loads(result.stdout)["tasks"] == []
    assert "没有读到任务" in run("plan", "read", path).stdout.decode()


def test_table_is_for_people(plan):
    result = run("plan", "read", plan)
    text = result.stdout.decode()
    assert result.returncode == 0 and "海政办发〔2026〕8号" in text and "市财政局" in text and "共 3 项任务" in text and "\x1b" not in text


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx", "json"])
def test_output_files(plan, tmp_path, form):
    target = tmp_path / f"out.{form}"
    result = run("plan", "read", plan, "-o", target)  # the ending says the format
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert run("plan", "read", plan, "--format", form).stdout[:3] == target.read_bytes()[:3]
    if form == "csv":
        data = target.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") and len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))) == 4
    elif form == "xlsx":
        assert openpyxl.load_workbook(target).worksheets[0].max_row >= 6
    elif form == "docx":
        assert len(docx.Document(target).tables) == 1
    assert stat.S_IMODE(target.stat().st_mode) & 0o400 and sorted(p.name for p in tmp_path.iterdir()) == [target.name, "plan.txt"]


def test_output_replaces_whole_or_not_at_all(plan, tmp_path):
    target = tmp_path / "out.json"
    target.write_text("before")
    target.chmod(0o640)
    assert "none.txt" in complaint(run("plan", "read", tmp_path / "none.txt", "-o", target)) and target.read_text() == "before"
    assert run("plan", "read", plan, "-o", target).returncode == 0
    assert json.loads(target.read_text("utf-8")) and stat.S_IMODE(target.stat().st_mode) == 0o640
    assert "不能写入" in complaint(run("plan", "read", plan, "-o", tmp_path / "no" / "out.json"))
    assert "文件夹" in complaint(run("plan", "read", plan, "-o", tmp_path))
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert run("plan", "read", plan, "-o", link).returncode == 0 and link.is_symlink()
    assert run("plan", "read", plan, "-f", "json", "-o", "/dev/null").returncode == 0 and not Path("/dev/null").is_file()


def ole_document() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


def encrypted_pdf() -> bytes:
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    encryption = b"3 0 obj<</Filter/Standard/V 1/R 2/O(" + b"x" * 32 + b")/U(" + b"y" * 32 + b")/P -4>>endobj\n"
    return body + encryption + b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[(a)(b)]>>\n%%EOF"


BAD = {
    "empty.txt": b"",
    "blank.txt": b"  \n\n ",
    "binary.bin": bytes(range(256)) * 20,
    "nul.txt": b"\x00" * 4000,
    "encrypted.doc": ole_document(),
    "encrypted.pdf": encrypted_pdf(),
    "damaged.pdf": b"%PDF-1.7\n\x00\x01 broken",
    "damaged.docx": b"PK\x03\x04" + b"\x00" * 300,
    "damaged.zip": b"PK\x05\x06" + b"\x01" * 30,
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(500),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    result = call("plan", "read", path, "--format", "json")
    assert complaint(result).startswith(name) and result.stdout == b""


def test_folders_missing_files_and_forbidden_ones(tmp_path):
    assert "文件夹" in complaint(run("plan", "read", tmp_path))
    assert "没有这个文件" in complaint(run("plan", "read", tmp_path / "x.txt"))
    assert "打不开" in complaint(run("plan", "read", tmp_path / ("长" * 300)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "reed"], "没有 reed 这个命令"),
        (["plan", "read"], "缺少 FILE"),
        (["plan", "read", "x", "--fromat", "json"], "--format"),
        (["plan", "read", "x", "--format", "odt"], "没有这种格式"),
        (["plan", "read", "-", "-"], "只能读一次"),
        (["plan", "compare", "a"], "缺少 LOWER"),
        (["plan", "compare", "-", "-"], "只能读一次"),
        (["plan", "import", "a"], "缺少 --jurisdiction"),
        (["plan", "schema", "extra"], "多出的参数 extra"),
        (["serve", "--port", "99999"], "--port 的值不对：超出范围"),
        (["nothing"], "没有 nothing 这个命令"),
    ],
)
def test_usage_errors(arguments, words):
    assert words in complaint(call(*arguments))


def test_help_and_version():
    assert run("--help").returncode == 0 and "deadline" in run("--help").stdout.decode()
    assert run("--version").stdout.startswith(b"gongkai ")
    bare = run()
    assert bare.returncode == 2 and b"Commands" in bare.stderr and bare.stdout == b""


def test_schema():
    schema = json.loads(run("plan", "schema").stdout)
    assert schema["$schema"].endswith("2020-12/schema") and "tasks" in schema["required"]


def test_broken_pipe_is_silent(plan):
    files = " ".join([f"'{plan}'"] * 40)
    command = f"'{sys.executable}' -m gongkai.cli plan read {files} -f json | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, env=environment, check=False)
    assert result.stdout.decode().strip() == "141"
    assert not any("Traceback" in line or "BrokenPipe" in line for line in result.stderr.decode().splitlines())


def test_many_files_show_progress_on_stderr_only(plan, tmp_path):
    files = []
    for n in range(5):
        files.append(tmp_path / f"p{n}.txt")
        files[-1].write_text(PLAN, "utf-8")
    result = run("plan", "read", *files, "-f", "json")
    assert result.returncode == 0 and len(result.stdout.splitlines()) == 5 and "[5/5] p4.txt" in result.stderr.decode()
    assert run("plan", "read", *files[:2], "-f", "json").stderr == b""


def test_reading_loads_no_django(plan):
    code = "import sys; from gongkai.cli.main import main; s = main(sys.argv[1:]); sys.exit(s or ('django' in sys.modules) * 9)"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    assert (
        subprocess.run(
            [sys.executable, "-c", code, "plan", "read", str(plan)], env=environment, stdout=subprocess.DEVNULL, check=False
        ).returncode
        == 0
    )


def test_posix_locale_still_writes_utf_8(plan):
    result = run("plan", "read", plan, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0 and "市财政局" in result.stdout.decode("utf-8")
    assert run("plan", "read", "/无", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}).returncode == 2


# --- plan compare ----------------------------------------------------------------------------------------------------------------


def test_compare(plan, tmp_path):
    lower = tmp_path / "lower.txt"
    lower.write_text(LATER, "utf-8")
    same = run("plan", "compare", plan, plan, "-f", "json")
    assert same.returncode == 0 and json.loads(same.stdout)["similarity"] == 1.0
    result = run("plan", "compare", plan, lower, "--format", "json")
    data = json.loads(result.stdout)
    assert result.returncode == 1 and data["summary"]["unanswered"] == 0
    assert {slip["kind"] for task in data["tasks"] for slip in task["slips"]} == {"later", "slower"}
    assert "时限放宽或缺失 2 项" in run("plan", "compare", plan, lower).stdout.decode()
    assert "晚 123 天" in run("plan", "compare", plan, lower, "-f", "csv").stdout.decode("utf-8-sig")
    for form in ("csv", "xlsx", "docx"):
        target = tmp_path / f"c.{form}"
        assert run("plan", "compare", plan, lower, "-o", target).returncode == 1 and target.stat().st_size > 200


def test_compare_bad_input(plan, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    assert "empty.txt" in complaint(run("plan", "compare", plan, tmp_path / "empty.txt"))
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as z:
        z.writestr("a.txt", PLAN)
        z.writestr("b.txt", PLAN)
    assert "2 份文件" in complaint(run("plan", "compare", plan, tmp_path / "two.zip"))


# --- commands that hand over ------------------------------------------------------------------------------------------------------


def test_check_reports_and_mends(monkeypatch, capsysbinary):
    from gongkai.cli.main import main

    fake = types.ModuleType("gongkai.site.check")
    fake.check = lambda: [("数据库", True, "可用"), ("磁盘", False, "剩余不足：清理 /data")]
    monkeypatch.setitem(sys.modules, "gongkai.site.check", fake)
    assert main(["check"]) == 1
    assert "有误  磁盘  剩余不足" in capsysbinary.readouterr().out.decode()
    assert main(["check", "--format", "json"]) == 1
    assert json.loads(capsysbinary.readouterr().out)["checks"][0] == {"name": "数据库", "ok": True, "mend": "可用"}


def test_serve_hands_over_and_turns_its_refusal_into_a_line(monkeypatch, capsys):
    from gongkai.cli.main import main

    class ServeError(Exception):
        pass

    def serve(host, port):
        if port == 1:
            raise ServeError("没有权限使用端口 1。")
        assert (host, port) == ("127.0.0.1", 9000)
        return 0

    fake = types.ModuleType("gongkai.site.serve")
    fake.serve, fake.worker = serve, lambda: None
    monkeypatch.setitem(sys.modules, "gongkai.site.serve", fake)
    assert main(["serve", "--port", "9000"]) == 0 and main(["worker"]) == 0
    assert main(["serve", "--port", "1"]) == 2 and capsys.readouterr().err == "没有权限使用端口 1。\n"


def test_a_defect_is_a_line_too(monkeypatch, capsys):
    from gongkai.cli import main as cli

    fake = types.ModuleType("gongkai.site.check")
    fake.check = lambda: 1 / 0
    monkeypatch.setitem(sys.modules, "gongkai.site.check", fake)
    assert cli.main(["check"]) == 2
    assert capsys.readouterr().err.startswith("程序出错（ZeroDivisionError") and True

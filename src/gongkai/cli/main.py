"""`gongkai`: the commands, and the one place where errors become a line and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from gongkai.cli import calendar, catalogue, deadline, documents, founding, journal, plan, report, screen, seal, search, service, site
from gongkai.cli.problems import BAD, BROKEN_PIPE, Problem, say, usage_sentence

app = typer.Typer(
    name="gongkai",
    help="公开：政务公开的任务、时限和证据。结果写到标准输出，提示写到标准错误；退出状态 0 完成，1 发现问题，2 输入或用法有误。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(plan.app)
app.add_typer(calendar.app)
app.add_typer(founding.agencies)
app.add_typer(founding.people)
app.add_typer(journal.app)
app.add_typer(catalogue.app)
app.add_typer(documents.app)
app.add_typer(search.app)
app.add_typer(report.app)
app.add_typer(site.app)
app.add_typer(seal.app)
app.command("setup")(founding.setup)
app.command("deadline")(deadline.deadline)
app.command("screen")(screen.screen)
app.command("serve")(service.serve)
app.command("worker")(service.worker)
app.command("check")(service.check)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("gongkai")
        except PackageNotFoundError:
            number = "0"
        sys.stdout.write(f"gongkai {number}\n")
        raise typer.Exit


@app.callback()
def _options(_: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False) -> None:
    """公开：政务公开的任务、时限和证据。

    结果写到标准输出，提示写到标准错误。退出状态：0 完成，1 发现问题，2 输入或用法有误。
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status; prints one line for every failure, and raises nothing."""
    from gongkai.clocks.errors import ClockError
    from gongkai.reading.errors import ReadingError

    try:
        status = app(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="gongkai", standalone_mode=False)
    except (Problem, ReadingError, ClockError) as error:
        say(str(error))
        return BAD
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(error.format_message() + "\n")
        else:
            say(usage_sentence(error))
        return BAD
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return BROKEN_PIPE
    except MemoryError:
        say("内存不够，没有做完。把文件拆小，或换一台内存更大的机器。")
        return BAD
    except Exception as error:
        say(f"程序出错（{type(error).__name__}：{error}）。没有改动任何数据；把这句话和用的命令发给维护者。")
        return BAD
    return status if isinstance(status, int) else 0


def run() -> NoReturn:
    """Entry point of the console script."""
    sys.exit(main())

"""Whatever goes wrong ends as one line on standard error: what, where, the mend. Never a traceback."""

from __future__ import annotations

import re
import sys

import typer

DONE, FOUND, BAD = 0, 1, 2
"""Exit status: done; done and something found or overdue; bad input or usage."""
BROKEN_PIPE = 141
"""128 + SIGPIPE, what a shell expects of a program whose reader went away."""


class Problem(Exception):
    """Bad input or usage. `str(problem)` is one Chinese sentence or two, the mend included."""


def say(message: str) -> None:
    """One line on standard error; a closed or ASCII-only stream loses characters, never the program."""
    line = " ".join(message.split())
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except UnicodeEncodeError:
        sys.stderr.write(line.encode("ascii", "backslashreplace").decode("ascii") + "\n")
    except (OSError, ValueError):
        pass


def usage_sentence(error: typer.TyperException) -> str:
    """typer's complaint in Chinese, with the command whose --help to read."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "gongkai"
    message = error.format_message()
    name = type(error).__name__
    option = getattr(error, "option_name", "")
    parameter = getattr(error, "param", None)
    shown = _parameter_name(parameter)
    if name == "NoSuchOption":
        near = getattr(error, "possibilities", None)
        problem = f"没有 {option} 这个选项" + (f"，是不是 {sorted(near)[0]}" if near else "")
    elif name == "MissingParameter":
        problem = f"缺少 {shown}"
    elif name == "BadOptionUsage":
        problem = f"选项 {option} 后面缺少值或写法不对"
    elif name == "BadParameter":
        problem = f"{shown or '参数'} 的值不对：{_reason(message)}"
    elif found := re.search(r"No such command '?([^'.]*)'?", message):
        problem = f"没有 {found[1]} 这个命令"
    elif found := re.search(r"unexpected extra argument(?:s|\(s\))? \((.*)\)", message):
        problem = f"多出的参数 {found[1]}"
    elif "Missing command" in message:
        problem = "缺少命令"
    else:
        problem = message.rstrip("。.")
    return f"{command}：{problem}。用 {command} --help 查看用法。"


_REASONS = (
    ("valid integer|not a valid int", "要写整数"),
    ("greater than|less than|not in the range", "超出范围"),
    ("valid number|not a valid float", "要写数字"),
    ("does not exist", "没有这个文件"),
)


def _reason(message: str) -> str:
    text = re.sub(r"^Invalid value(?: for [^:]*)?:\s*", "", message).rstrip("。.")
    for pattern, words in _REASONS:
        if re.search(pattern, text, re.IGNORECASE):
            return words
    return text


def _parameter_name(parameter: object) -> str:
    if parameter is None:
        return ""
    options = getattr(parameter, "opts", None) or []
    if getattr(parameter, "param_type_name", "") == "option" and options:
        return str(max(options, key=len))
    return str(getattr(parameter, "metavar", "") or getattr(parameter, "human_readable_name", "") or getattr(parameter, "name", "") or "")

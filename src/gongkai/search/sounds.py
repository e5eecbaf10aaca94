"""How words sound, without tones: what is typed by sound (gongre) or with a wrong character of the same sound (公热) is found by it."""

from __future__ import annotations

import re

_SYLLABLE = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|ve|er|a|o|e|i|u|v)"
)


def syllables(text: str) -> list[str]:
    """One for each character of a title, in order: 供热办法 → gong re ban fa. Other signs stand for themselves."""
    from pypinyin import Style, pinyin  # loads a large table: only where something is indexed or not found

    found: list[str] = []
    for at, run in enumerate(re.split("([\u3400-\u9fff]+)", text)):
        found += [one[0] for one in pinyin(run, style=Style.NORMAL)] if at % 2 else list(run)
    return found


def typed_syllables(text: str) -> list[str]:
    """gongreguanli → [gong, re, guan, li], the longest syllable first at each place; empty where the letters are no pinyin."""
    found: list[str] = []
    at = 0
    letters = text.lower().replace("'", "")
    while at < len(letters):
        match = _SYLLABLE.match(letters, at)
        if match is None:
            return []
        found.append(match.group())
        at = match.end()
    return found

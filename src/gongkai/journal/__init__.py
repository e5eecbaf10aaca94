"""Append-only record of every change, chained so that nobody can alter it unnoticed. Write with `gongkai.journal.actions.record`."""

"""The road of every verb pressed in a form: a row that says who did what, and a key that makes pressing twice one deed (invariants 6, 8).

A line of work keeps its own table (`class Deed(AbstractDeed)` with its kinds) and passes it to `perform`.
"""

"""Gongkai: open government as obligations with one owner, one clock and one proof."""

__version__ = "0.1.0"

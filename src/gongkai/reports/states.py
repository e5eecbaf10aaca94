"""The state of a report, computed from its dates; the same words everywhere."""

from __future__ import annotations

from gongkai.reports.models import AnnualReport

STATES = {"drafting": "编制中", "proposed": "待批准", "approved": "待公布", "published": "已公布", "imported": "已导入"}
CSS = {"drafting": "wait", "proposed": "warn", "approved": "warn", "published": "ok", "imported": "wait"}
"""Colour of the state, as a class of .state."""


def state_of(report: AnnualReport) -> str:
    if report.imported:
        return "imported"
    if report.published_at is not None:
        return "published"
    if report.approved_at is not None:
        return "approved"
    return "proposed" if report.proposed_at is not None else "drafting"

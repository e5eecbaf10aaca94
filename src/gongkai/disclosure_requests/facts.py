"""What the rules of law hear of requests (obligations/rules/facts.toml). All of it is told inside the transaction of the verb."""

from __future__ import annotations

KINDS = (
    "request_arrived",
    "request_received",
    "request_unclear",
    "third_party_asked",
    "third_party_overruled",
    "joint_makers_asked",
    "fee_noticed",
    "correction_requested",
    "asked_by_many",
    "request_shows_problem",
    "reconsideration_filed",
    "suit_served",
    "refusal_served",
    "pi_assessed",
)

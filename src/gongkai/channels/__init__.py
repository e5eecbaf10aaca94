"""Where what is published also goes: connectors, deliveries with a log, and the ledger of 政务新媒体 accounts (S1-11, S4-35)."""

"""Read by Python at the start of every process that has this folder in PYTHONPATH (tests/running.py, `clock_at`), by none else: the clock
of the process stands CLOCK_AHEAD_BY_TESTS seconds beside that of the machine and goes on from there. Nothing of the product knows of it."""

import os
import sys
import time

if ahead := os.environ.get("CLOCK_AHEAD_BY_TESTS"):
    sys.modules["pytest"] = None  # type: ignore[assignment]  # time_machine would load it, which a server does not need
    import time_machine

    del sys.modules["pytest"]
    time_machine.travel(time.time() + float(ahead), tick=True).start()

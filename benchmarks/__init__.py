"""Speed against named peers and limits, measured in one run. Nothing here is asserted in the tests."""

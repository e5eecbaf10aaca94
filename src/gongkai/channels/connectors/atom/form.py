from __future__ import annotations

from gongkai.channels.connectors.base import SettingsForm


class AtomForm(SettingsForm):
    """Nothing to set."""

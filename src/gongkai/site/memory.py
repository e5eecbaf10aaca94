"""What a process has loaded to stay is no longer looked through for garbage.

Python looks through everything it holds when enough of it is new: with the code, the rules and the templates of Gongkai a tenth of a
second, which one request in some dozens had to wait for.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Clears what is garbage now and takes the rest out of every later search."""
    gc.collect()
    gc.freeze()

"""Inner loops in C where govtext was built with a compiler; each has a twin in Python with the same results (编译).

`kernels` is the compiled module. It is None where there is none, where it was compiled from other sources than those
beside it (after `git pull`, install again), and where `GOVTEXT_NATIVE=0` asks for the twins.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any


def sources() -> str:
    """Return what names the sources that lie here, as the compiled module has it (源码摘要)."""
    folder = Path(__file__).parent
    files = sorted((*folder.glob("*.c"), *folder.glob("*.h")))
    return "s" + hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _loaded() -> Any:
    if os.environ.get("GOVTEXT_NATIVE") == "0":
        return None
    try:
        from govtext.native import _kernels
    except ImportError:
        return None
    return _kernels if sources() == _kernels.SOURCES else None


kernels: Any = _loaded()  # the module, or None: every use asks which

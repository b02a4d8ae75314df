"""Inner loops in C where govtext was built with a compiler; each has a twin in Python with the same results (编译).

`kernels` is the compiled module, or None where there is none or `GOVTEXT_NATIVE=0` asks for the twins.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

kernels: ModuleType | None = None
if os.environ.get("GOVTEXT_NATIVE") != "0":
    try:
        from govtext.native import _kernels as kernels
    except ImportError:
        kernels = None

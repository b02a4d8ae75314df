from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

class Dictionary:
    def __init__(
        self,
        points: NDArray[Any],
        starts: NDArray[Any],
        ends: NDArray[Any],
        frequencies: NDArray[Any],
        total: float,
        /,
    ) -> None: ...
    def mark(self, points: NDArray[Any], mask: bytearray, /) -> None: ...

def csv_rows(columns: tuple[list[Any], ...], risky: str, plain: Callable[[object], object], /) -> bytes | None: ...

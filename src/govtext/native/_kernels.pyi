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

def adjacency(
    names: list[str],
    stops: NDArray[Any],
    neighbours: NDArray[Any],
    edge: NDArray[Any],
    keys: tuple[str, ...],
    columns: tuple[list[Any], ...],
    /,
) -> list[dict[str, dict[str, Any]]]: ...
def shared(
    starts: NDArray[Any], units: NDArray[Any], firsts: NDArray[Any], nodes: NDArray[Any], least: int, /
) -> tuple[bytes, bytes, bytes]: ...

class Trie:
    def __init__(
        self,
        number: NDArray[Any],
        base: NDArray[Any],
        parent: NDArray[Any],
        string: NDArray[Any],
        first: NDArray[Any],
        size: NDArray[Any],
        lengths: NDArray[Any],
        tail: NDArray[Any],
        kept: NDArray[Any],
        /,
    ) -> None: ...
    def find(self, points: NDArray[Any], /) -> bytes: ...

def ids(
    points: NDArray[Any],
    starts: NDArray[Any],
    ends: NDArray[Any],
    numbers: NDArray[Any],
    first: NDArray[Any],
    second: NDArray[Any],
    /,
) -> bytes: ...
def plain(table: NDArray[Any], mask: bytearray, /) -> bytes: ...
def unknown(
    points: NDArray[Any],
    mask: bytearray,
    first: bytes,
    second: bytes,
    plausible: int,
    row: NDArray[Any],
    columns: NDArray[Any],
    sets: NDArray[Any],
    thresholds: NDArray[Any],
    /,
) -> bytes: ...
def csv_rows(columns: tuple[list[Any], ...], risky: str, plain: Callable[[object], object], /) -> bytes | None: ...

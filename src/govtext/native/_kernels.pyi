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

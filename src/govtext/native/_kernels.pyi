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

def shortest_paths(
    starts: NDArray[Any], others: NDArray[Any], weights: NDArray[Any], between: NDArray[Any], away: NDArray[Any], /
) -> None: ...
def move_to_communities(
    starts: NDArray[Any],
    others: NDArray[Any],
    weights: NDArray[Any],
    degrees: NDArray[Any],
    order: NDArray[Any],
    home: NDArray[Any],
    half: float,
    square: float,
    resolution: float,
    /,
) -> None: ...
def repulsion(
    x: NDArray[Any], y: NDArray[Any], mass: NDArray[Any], across: NDArray[Any], down: NDArray[Any], /
) -> None: ...
def rising(numbers: NDArray[Any], order: NDArray[Any], /) -> None: ...

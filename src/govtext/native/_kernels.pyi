from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

SOURCES: str

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

class Grams:
    def __init__(self, keys: NDArray[Any], weights: NDArray[Any], /) -> None: ...
    def weigh(
        self,
        points: NDArray[Any],
        starts: NDArray[Any],
        longest: int,
        sums: NDArray[Any],
        counts: NDArray[Any],
        shares: NDArray[Any],
        /,
    ) -> None: ...

class Words:
    def __init__(self, points: NDArray[Any], /) -> None: ...
    def find(self, points: NDArray[Any], words: NDArray[Any], starts: NDArray[Any], /) -> int: ...

def stretches(
    points: NDArray[Any],
    starts: NDArray[Any],
    weights: NDArray[Any],
    marks: NDArray[Any],
    most: int,
    first: NDArray[Any],
    length: NDArray[Any],
    sums: NDArray[Any],
    counts: NDArray[Any],
    /,
) -> None: ...
def shingles(points: NDArray[Any], size: int, hashes: NDArray[Any], /) -> None: ...
def recurring(hashes: NDArray[Any], mask: NDArray[Any], /) -> None: ...
def bigrams(points: NDArray[Any], starts: NDArray[Any], columns: NDArray[Any], /) -> int: ...
def overlap(
    starts_a: NDArray[Any],
    starts_b: NDArray[Any],
    columns: NDArray[Any],
    size: int,
    by_frequency: NDArray[Any],
    total_a: NDArray[Any],
    total_b: NDArray[Any],
    shared: NDArray[Any],
    /,
) -> None: ...
def forward_backward(
    emissions: NDArray[Any],
    matrices: NDArray[Any],
    chosen: bytes,
    labels: int,
    ahead: NDArray[Any],
    behind: NDArray[Any],
    /,
) -> None: ...
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

"""The distinct values of a column of whole numbers, and where each occurs (去重)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.native import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class Distinct(NamedTuple):
    """The distinct values of a column, rising, as columns.

    Attributes:
        values: int64[values].
        first, last: int64[values], where each occurs first and last.
        times: int64[values], how often it occurs.
        number: int64[rows], the number of the value of each row.
    """

    values: Ints
    first: Ints
    last: Ints
    times: Ints
    number: Ints


def distinct(column: Ints) -> Distinct:
    """Return the distinct values of an int64 column: what `numpy.unique` returns, in half of its time (去重).

    >>> found = distinct(np.array([7, 5, 7]))
    >>> found.values.tolist(), found.first.tolist(), found.last.tolist(), found.times.tolist(), found.number.tolist()
    ([5, 7], [1, 0], [1, 2], [1, 2], [1, 0, 1])
    """
    order = _rising(column)
    sorted_ = column[order]
    is_new = np.ones(len(column), np.bool_)
    np.not_equal(sorted_[1:], sorted_[:-1], out=is_new[1:])
    starts = np.flatnonzero(is_new)
    times = np.diff(starts, append=len(column))
    number = np.empty(len(column), np.int64)
    number[order] = np.cumsum(is_new) - 1
    return Distinct(sorted_[starts], order[starts], order[starts + times - 1], times, number)


def _rising(column: Ints) -> Ints:
    """Return the rows by rising value, of equals the first first."""
    if not kernels:
        return np.argsort(column, kind="stable")
    order = np.empty(len(column), np.int64)
    kernels.rising(np.ascontiguousarray(column, np.int64), order)
    return order

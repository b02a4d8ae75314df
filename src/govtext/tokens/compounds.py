"""Dictionary entries that are free phrases: 认真学习, 全面推广, 省人民政府 (自由组合).

jieba's dictionary holds many word pairs that were merely frequent in some corpus. Whether an entry is a word shows in
its pointwise mutual information (Church & Hanks 1990), ln(f(ab) N / (f(a) f(b))), by the dictionary's own frequencies:
where it is low, the parts meet no more often than words do in free speech, and the entry is cut.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TOTAL = 60_101_967  # the sum of all frequencies in jieba's dictionary
# Below this information an entry of so many characters is cut; chosen on the People's Daily lines of January 1998
# (see docs/segmentation.md). Longer entries count as 6.
LEAST = {3: 2.5, 4: 5.5, 5: 7.0, 6: 10.0}


SHORT = (b"", b"\x01", b"\x00\x01")  # the masks of words too short to be phrases
MOST_WORDS = 500_000  # remembered; numbers are without end


class WordMasks(dict[str, bytes]):
    """The part of a mask that each word makes: 0 inside, 1 where it ends or a free phrase is cut.

    Looking a word up decides it once.

    Args:
        frequency: the look-up of a dictionary word's frequency.
        known: whether a string is a dictionary word.
    """

    def __init__(self, frequency: Callable[[str], int], known: Callable[[str], bool]) -> None:
        super().__init__()
        self._frequency = frequency
        self._known = known

    def __missing__(self, word: str) -> bytes:
        if len(self) >= MOST_WORDS:
            self.clear()
        at = self._cut(word)
        self[word] = mask = self[word[:at]] + self[word[at:]] if at else bytes(len(word) - 1) + b"\x01"
        return mask

    def _cut(self, word: str) -> int:
        """Return where a free phrase is to be cut; 0 for a true word."""
        if len(word) not in range(3, 13) or not self._known(word):
            return 0
        least, at = min(((self._information(word, i), i) for i in self._places(word)), default=(math.inf, 0))
        return at if least < LEAST[min(len(word), 6)] else 0

    def _places(self, word: str) -> list[int]:
        """Return where a word may be cut: into known words of two characters and more; 附|图片 for three."""
        places = (1,) if len(word) == 3 else range(2, len(word) - 1)
        return [i for i in places if self._known(word[:i]) and self._known(word[i:])]

    def _information(self, word: str, at: int) -> float:
        whole, left, right = (max(self._frequency(w), 1) for w in (word, word[:at], word[at:]))
        return math.log(whole * TOTAL / (left * right))

"""Make `src/govtext/data/phrases.txt`: the entries of jieba's dictionary that are free phrases (认真学习, 省委书记).

Whether an entry is a word shows in its pointwise mutual information (Church & Hanks 1990), ln(f(ab) N / (f(a) f(b))),
by the dictionary's own frequencies: where it is low, the parts meet no more often than words do in free speech. An
entry is judged by its weakest joint; parts are dictionary words of two characters and more, and 1+2 for three.

usage: python benchmarks/phrases.py > src/govtext/data/phrases.txt
"""

import math
from pathlib import Path

import jieba

# Below this information an entry of so many characters is no word; chosen on the People's Daily lines of January 1998
# (see docs/segmentation.md). Longer entries count as 6.
LEAST = {3: 2.5, 4: 5.5, 5: 7.0, 6: 10.0}
LONGEST = 12


def frequencies():
    rows = Path(jieba.get_module_res("dict.txt").name).read_text(encoding="utf-8").splitlines()
    return {word: int(frequency) for word, frequency, *_ in map(str.split, rows)}


def information(word, found, total):
    """Return the information of the weakest joint of a word; infinity where it has none."""
    places = (1,) if len(word) == 3 else range(2, len(word) - 1)
    joints = [(word[:i], word[i:]) for i in places if word[:i] in found and word[i:] in found]
    whole = max(found[word], 1) * total
    return min((math.log(whole / (max(found[a], 1) * max(found[b], 1))) for a, b in joints), default=math.inf)


def main():
    found = frequencies()
    total = sum(found.values())
    print("# 词典里的自由组合：由 benchmarks/phrases.py 从 jieba 词典（MIT）的词频算出。")
    print("# Free phrases among the entries of jieba's dictionary (MIT), made by benchmarks/phrases.py.")
    for word in sorted(found):
        if 3 <= len(word) <= LONGEST and information(word, found, total) < LEAST[min(len(word), 6)]:
            print(word)


if __name__ == "__main__":
    main()

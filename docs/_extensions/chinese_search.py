"""Search that finds any string of Chinese characters (中文检索).

Sphinx cuts pages into the words of jieba but leaves a query whole: 营商环境, which jieba cuts in two, is not found; and
in Sphinx 9.0 its script for Chinese names a stemmer that is not there, so that nothing is found. Here pages and queries
alike become overlapping pairs of characters, as in the CJK analysers of search engines; no dictionary decides what can
be found, and nothing is stemmed.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage, js_index
from sphinx.util import logging

HAN = "\u3400-\u9fff"
RUNS = re.compile(rf"[{HAN}]+|[a-z0-9_]+", re.IGNORECASE)
SPLITTER = """
function splitQuery(query) {
  const out = [];
  for (const run of query.match(/[\\u3400-\\u9fff]+|[a-z0-9_]+/gi) || []) {
    if (run.length < 3 || !/[\\u3400-\\u9fff]/.test(run)) out.push(run);
    else for (let i = 0; i + 1 < run.length; i++) out.push(run.slice(i, i + 2));
  }
  return out;
}
"""
SOUGHT = "营商环境"  # a string on our pages that jieba cuts in two


class SearchPairs(SearchLanguage):
    """Pairs of Chinese characters, and Latin words in lower case."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:  # noqa: A002 - Sphinx's name
        """Return the words to index."""
        return [word for run in RUNS.findall(input) for word in pairs(run)]

    def stem(self, word: str) -> str:
        """Return a word as queries have it."""
        return word.lower()


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of a run of Chinese characters; a Latin word, or a single character, as it is."""
    return [run] if run.isascii() or len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def found(index: dict[str, dict[str, int | list[int]]], query: str) -> set[int]:
    """Return the pages that have all pairs of a query in their text, by the index that readers search."""
    terms = index["terms"]
    pages = [terms.get(word, []) for run in RUNS.findall(query) for word in pairs(run.lower())]
    return set.intersection(*({page} if isinstance(page, int) else set(page) for page in pages))


def _check(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        index = js_index.loads((Path(app.outdir) / "searchindex.js").read_text(encoding="utf-8"))
        if not found(index, SOUGHT):
            logging.getLogger(__name__).warning("the search of the site does not find %s", SOUGHT)


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the place of the Chinese search of Sphinx."""
    app.add_search_language(SearchPairs)
    app.connect("build-finished", _check, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

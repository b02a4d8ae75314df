"""Search that finds any string of Chinese characters (中文检索).

Sphinx cuts pages into the words of jieba, but leaves a query whole: 营商环境, which jieba cuts in two, is not found.
Here pages and queries alike become overlapping pairs of characters, as in the CJK analysers of search engines; no
dictionary decides what can be found.
"""

import re

from sphinx.application import Sphinx
from sphinx.search.zh import SearchChinese

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


class SearchPairs(SearchChinese):
    """Pairs of Chinese characters, and Latin words."""

    js_splitter_code = SPLITTER

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__({"dict": "", **options})  # jieba stays unloaded

    def split(self, input: str) -> list[str]:  # noqa: A002 - Sphinx's name
        """Return the words to index; single characters, too, for a query of one."""
        out = []
        for run in RUNS.findall(input):
            if run[0].isascii():
                self.latin_terms.add(run)
                out.append(run)
            else:
                out += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        return out


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the place of the Chinese search of Sphinx."""
    app.add_search_language(SearchPairs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

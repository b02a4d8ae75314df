"""Policy terms with their variants and categories, and the stop words: plain data, only stored and looked up (词典)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from govtext.errors import LexiconError, OptionError
from govtext.text import decode, normalise, one_to_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

COLUMNS = ("term", "category", "variants", "year", "note")
STOPWORD_LISTS = ("general", "official")
NEVER_INSIDE = "\t\n\r"  # of any field: they part the fields and lines of a file


@dataclass(frozen=True, slots=True)
class Term:
    """A policy term in its canonical form (术语).

    Attributes:
        text: the canonical form.
        category: the policy field it belongs to; empty if none.
        variants: other forms that mean the same, sorted.
        year: the year of first official use where it is known.
        note: a remark for people.
    """

    text: str
    category: str = ""
    variants: tuple[str, ...] = ()
    year: int | None = None
    note: str = ""


class Lexicon:
    """An immutable set of policy terms (词典).

    Args:
        terms: `Term` values or plain strings. Full-width letters and digits in their forms become ASCII, as in every
            document.

    Raises:
        LexiconError: a string stands for two different terms, a form is empty, has blanks around it or a | inside, any
            field has a tab or line end inside, or the terms or variants are one string instead of many.

    >>> lexicon = Lexicon([Term("双随机、一公开", "行政执法", ("双随机一公开",)), "法治政府"])
    >>> lexicon.canonical("双随机一公开"), "法治政府" in lexicon, len(lexicon)
    ('双随机、一公开', True, 2)
    """

    def __init__(self, terms: Iterable[Term | str] = ()) -> None:
        if isinstance(terms, str):
            raise LexiconError(f"the terms are one string, {terms!r}", remedy="give a list of terms")
        self._terms = tuple(sorted(_narrowed({t if isinstance(t, Term) else Term(t) for t in terms}), key=_fields))
        self._forms = MappingProxyType(_forms(self._terms))
        self._file: bytes | None = None

    @classmethod
    def default(cls) -> Lexicon:
        """Return the lexicon that ships with govtext (默认词典)."""
        return _default()

    @classmethod
    def read(cls, path: str | Path) -> Lexicon:
        r"""Read a lexicon from a TSV file with a header line (读取词典).

        The column `term` is needed; `category`, `variants` (parted by |), `year` and `note` are optional.

        Raises:
            LexiconError: the file cannot be read, or a line is malformed, repeated or contradicts another.
        """
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise LexiconError(f"the lexicon cannot be read ({error.strerror})", where=path) from error
        return cls.parse(data, where=str(path))

    @classmethod
    def parse(cls, data: bytes, *, where: str = "lexicon.tsv") -> Lexicon:
        r"""Return the lexicon that the bytes of a TSV file hold, as `read` does (解析词典).

        Raises:
            LexiconError: a line is malformed, repeated or contradicts another.

        >>> len(Lexicon.parse("term\n法治政府\n".encode()))
        1
        """
        lexicon = cls(_parse_tsv(decode(data, where=where)[0], where))
        lexicon._file = data
        return lexicon

    def __iter__(self) -> Iterator[Term]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __contains__(self, form: object) -> bool:
        return form in self._forms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and self._terms == other._terms

    def __hash__(self) -> int:
        return hash(self.sha256)  # which is made once; every look-up of what was made of a lexicon asks for it

    def __or__(self, other: Lexicon) -> Lexicon:
        """Return the union; where both hold a term, this lexicon's entry stays, completed by the other one.

        It has the variants of both, and the other's category, year or note where it has none itself. `conflicts` tells
        beforehand where the two entries of a term say different things.

        Raises:
            LexiconError: the two give one form to different terms.
        """
        if not isinstance(other, Lexicon):
            return NotImplemented
        merged = {term.text: term for term in other}
        for term in self:
            merged[term.text] = _completed(term, merged.get(term.text, term))
        return Lexicon(merged.values())

    def __repr__(self) -> str:
        return f"Lexicon({len(self)} terms, {len(self._forms)} forms, sha256 {self.sha256[:12]})"

    def __reduce__(self) -> tuple[object, ...]:
        if _default.cache_info().currsize and self is _default():  # worker processes have it, too
            return Lexicon.default, ()
        return Lexicon, (self._terms,), {"_file": self._file}

    def get(self, form: str) -> Term | None:
        """Return the term that a form (the term itself or a variant) stands for, or None."""
        return self._forms.get(form)

    def canonical(self, form: str) -> str:
        """Return the canonical form of a term or variant; any other string as it is (规范形式)."""
        term = self._forms.get(form)
        return term.text if term else form

    @property
    def forms(self) -> Mapping[str, Term]:
        """Every form (terms and variants) with its term."""
        return self._forms

    @cached_property
    def sha256(self) -> str:
        """A digest of what the lexicon holds, whatever file it came from."""
        rows = ("\t".join(_fields(term)) for term in self._terms)
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()

    @property
    def file_sha256(self) -> str | None:
        """The sha256 of the file it was read from with `read`; None for any other."""
        return None if self._file is None else hashlib.sha256(self._file).hexdigest()

    @property
    def file(self) -> bytes | None:
        """The bytes of the file it was read from with `read`; None for any other."""
        return self._file


def _narrowed(terms: set[Term]) -> set[Term]:
    """Return terms with the full-width letters and digits of their forms as ASCII, for so every document has them."""
    for term in terms:
        if isinstance(term.variants, str):
            what = f"the variants are one string, {term.variants!r}"
            raise LexiconError(what, where=term.text, remedy="give a tuple")
    forms = "".join(form for term in terms for form in (term.text, *term.variants))
    if one_to_one(forms) == forms:
        return terms
    return {replace(t, text=one_to_one(t.text), variants=tuple(map(one_to_one, t.variants))) for t in terms}


def _fields(term: Term) -> tuple[str, str, str, str, str]:
    """Return a term as the fields of its line in a file."""
    return term.text, term.category, "|".join(term.variants), str(term.year or ""), term.note


def _completed(ours: Term, theirs: Term) -> Term:
    """Return an entry with the variants of both, and what it does not say taken from another entry of the term."""
    variants = tuple(sorted({*ours.variants, *theirs.variants}))
    category, year, note = ours.category or theirs.category, ours.year or theirs.year, ours.note or theirs.note
    return Term(ours.text, category, variants, year, note)


def _forms(terms: tuple[Term, ...]) -> dict[str, Term]:
    forms: dict[str, Term] = {}
    for term in terms:
        if any(mark in term.category + term.note for mark in NEVER_INSIDE):
            raise LexiconError("a category or note has a tab or a line end inside", where=term.text)
        for form in (term.text, *term.variants):
            if not form.strip() or form != form.strip():
                raise LexiconError("a term is empty or has blanks around it", where=repr(form))
            if any(mark in form for mark in NEVER_INSIDE + "|"):
                raise LexiconError("a term has a tab, a line end or | inside", where=repr(form))
            other = forms.setdefault(form, term)
            if other is not term:
                raise LexiconError(
                    f"“{form}” stands for two terms, {other.text} ({other.category}) and {term.text} ({term.category})",
                    remedy="keep it in one entry",
                )
    return forms


@dataclass(frozen=True, slots=True)
class Conflict:
    """A term of which two lexicons say different things (词条冲突).

    Attributes:
        form: the term, or the variant that they give to different terms.
        field: in what they differ: term, category, year or note.
        ours: what the first lexicon says.
        theirs: what the second one says.
    """

    form: str
    field: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.form}: the {self.field} is {self.ours} in the one, {self.theirs} in the other"


def conflicts(ours: Lexicon, theirs: Lexicon) -> list[Conflict]:
    """Return where two lexicons contradict each other, by form; a field that is empty contradicts nothing (词条冲突).

    >>> conflicts(Lexicon([Term("网格员", "基层治理")]), Lexicon([Term("网格员", "机构")]))
    [Conflict(form='网格员', field='category', ours='基层治理', theirs='机构')]
    """
    out = []
    for form in sorted(ours.forms.keys() & theirs.forms.keys()):
        a, b = ours.forms[form], theirs.forms[form]
        if a.text != b.text:
            out.append(Conflict(form, "term", a.text, b.text))
        elif form == a.text:
            pairs = (("category", a.category, b.category), ("year", a.year, b.year), ("note", a.note, b.note))
            out += [Conflict(form, name, str(x), str(y)) for name, x, y in pairs if x and y and x != y]
    return out


def to_tsv(lexicon: Lexicon) -> str:
    r"""Return a lexicon as the text that `Lexicon.read` reads: a header, then one term a line, sorted (词典文本).

    >>> to_tsv(Lexicon([Term("双随机、一公开", "行政执法", ("双随机一公开",), 2015)]))
    'term\tcategory\tvariants\tyear\tnote\n双随机、一公开\t行政执法\t双随机一公开\t2015\n'
    """
    return "".join("\t".join(row).rstrip("\t") + "\n" for row in (COLUMNS, *map(_fields, lexicon)))


def write(lexicon: Lexicon, path: str | Path) -> None:
    """Write a lexicon as a TSV file (写出词典).

    Raises:
        OptionError: the name of the file does not end in .tsv.
    """
    if Path(path).suffix.lower() != ".tsv":
        raise OptionError(f"no lexicon is written as {Path(path).name}", remedy="end it in .tsv")
    Path(path).write_text(to_tsv(lexicon), encoding="utf-8", newline="\n")


def _parse_tsv(text: str, where: str) -> Iterator[Term]:
    first, *rows = (line.split("\t") for line in normalise(text).split("\n"))
    header = [name.strip() for name in first]
    unknown = [name for name in header if name not in COLUMNS]
    if "term" not in header or unknown or len(set(header)) < len(header):
        raise LexiconError(
            f"the header is {' '.join(header)[:80] or 'missing'}",
            where=f"{where}, line 1",
            remedy=f"the first line names the columns: term, and any of {' '.join(COLUMNS[1:])}, parted by tabs",
        )
    seen: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        place = f"{where}, line {number}"
        if len(row) > len(header):
            remedy = f"give at most {' '.join(header)}, parted by tabs"
            raise LexiconError(f"{len(row)} fields, but the header has {len(header)}", where=place, remedy=remedy)
        term = _term(dict(zip(header, row, strict=False)), place)
        for form in (term.text, *term.variants):
            _check_form(form, term, place, seen)
            seen[form] = number, term.text
        yield term


def _term(cells: dict[str, str], place: str) -> Term:
    variants = sorted(variant for variant in cells.get("variants", "").split("|") if variant)
    year = parse_year(cells.get("year", ""), place)
    return Term(cells["term"], cells.get("category", ""), tuple(variants), year, cells.get("note", ""))


def _check_form(form: str, term: Term, place: str, seen: Mapping[str, tuple[int, str]]) -> None:
    """Refuse a form that is malformed, or that an earlier line or this one has already."""
    if not form.strip() or form != form.strip():
        what = f"a form is empty or has blanks around it: {form!r}"
        raise LexiconError(what, where=place, remedy="write the term in the column `term`, variants parted by |")
    line, other = seen.get(form, (0, ""))
    if other == term.text and form != term.text:
        raise LexiconError(f"the variant “{form}” is given twice", where=place, remedy="give it once")
    if line:
        of = "" if other == form else f", for {other}"
        raise LexiconError(f"“{form}” stands in line {line}, too{of}", where=place, remedy="keep it in one entry")


def parse_year(year: str, place: str) -> int | None:
    """Return a year of four digits as a number, an empty one as None.

    Raises:
        LexiconError: it is neither.
    """
    if year and not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise LexiconError(f"the year is {year!r}", where=place, remedy="write four digits or leave it empty")
    return int(year) if year else None


@lru_cache(maxsize=1)
def _default() -> Lexicon:
    file = resources.files("govtext") / "data" / "lexicon.tsv"
    return Lexicon(_parse_tsv(file.read_text(encoding="utf-8"), "lexicon.tsv"))


@lru_cache(maxsize=4)
def stopwords(*names: str) -> frozenset[str]:
    """Return the words of the stop lists named, by default of all: general, official (停用词).

    >>> "的" in stopwords("general"), "的" in stopwords("official")
    (True, False)
    """
    unknown = set(names) - set(STOPWORD_LISTS)
    if unknown:
        raise LexiconError(f"no stop list {sorted(unknown)}", remedy=f"choose from {' '.join(STOPWORD_LISTS)}")
    words: set[str] = set()
    for name in names or STOPWORD_LISTS:
        file = resources.files("govtext") / "data" / f"stopwords-{name}.txt"
        rows = file.read_text(encoding="utf-8").splitlines()
        words.update(row.strip() for row in rows if row.strip() and not row.startswith("#"))
    return frozenset(words)


def read_stopwords(path: str | Path) -> frozenset[str]:
    """Read a stop list of your own: one word a line, lines that begin with # are comments (读取停用词).

    Raises:
        LexiconError: the file cannot be read, a line holds more than one word, or there is no word at all.
    """
    try:
        text = normalise(decode(Path(path).read_bytes(), where=path)[0])
    except OSError as error:
        raise LexiconError(f"the stop list cannot be read ({error.strerror})", where=path) from error
    words = set()
    for number, row in enumerate(text.split("\n"), start=1):
        word = row.strip()
        if len(word.split()) > 1 and not word.startswith("#"):
            raise LexiconError(f"{word!r} is no single word", where=f"{path}, line {number}", remedy="one word a line")
        if word and not word.startswith("#"):
            words.add(word)
    if not words:
        raise LexiconError("there is no word in it", where=path, remedy="write one word a line")
    return frozenset(words)

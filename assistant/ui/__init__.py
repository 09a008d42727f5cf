"""The chat page; `mount` puts it on an application.

Importing this package keeps Gradio from reporting to its makers, which it reads from the
environment when it is imported itself: not before a page is wanted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.service import Assistant

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# Else Gradio sums up with pandas, after every event, how long events took: for a page not served.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)


def mount(app: FastAPI, assistant: Assistant, *, feedback: Path | None = None) -> FastAPI:
    """Serve the chat page at `/` of an application; see `assistant.ui.page.mount`."""
    from assistant.ui import page

    return page.mount(app, assistant, feedback=feedback)

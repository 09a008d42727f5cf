"""A real browser for the tests of this folder, which are marked and skipped where there is none."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from assistant.api import create_app
from assistant.opening import open_assistant
from assistant.settings import load_settings
from assistant.ui import mount

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {
    "laptop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}


def pytest_collection_modifyitems(items):
    absent = pytest.mark.skipif(
        CHROMIUM is None,
        reason="Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)",
    )
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(absent)


@pytest.fixture(params=SIZES)
def width(request):
    """The name of a screen's size."""
    return request.param


@pytest.fixture
def visit(tmp_path):
    """Opens a page in a new browser; at the end it must have stayed at home, without complaints."""
    from playwright.sync_api import sync_playwright

    @contextmanager
    def visited(address, is_home, *, width="laptop", may_say=("log",), **options):
        requested, complaints = [], []
        profile = tmp_path / "-".join([width, *map(str, options.values())])
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(profile),
                executable_path=CHROMIUM,
                args=FLAGS,
                viewport=SIZES[width],
                has_touch=width == "phone",
                **options,
            )
            page = context.pages[0]
            page.on("request", lambda request: requested.append(request.url))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda said: complaints.append(said.text) if said.type not in may_say else None,
            )
            page.goto(address)
            yield page
            context.close()
        assert requested
        assert [url for url in requested if not is_home(url)] == []
        assert complaints == []

    return visited


@pytest.fixture(scope="session")
def site(prepared_model, cache_dir, tmp_path_factory):
    """Address of the whole application, and the file of its feedback."""
    folder = tmp_path_factory.mktemp("site")
    settings = load_settings(cache=cache_dir, store=str(folder / "store"), composer="quotes")
    assistant = open_assistant(settings)
    app = mount(create_app(assistant), assistant, feedback=folder / "feedback.jsonl")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, (
                "the application did not start"
            )
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", folder / "feedback.jsonl"
    finally:
        server.should_exit = True
        thread.join(30)

"""The page at `/docs`: every endpoint of `/openapi.json`, readable and to be tried.

One self-contained page: the usual Swagger page loads its code from another host.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def page() -> str:
    """The page, with its style and script in it."""
    style = (_FOLDER / "docs.css").read_text(encoding="utf-8")
    script = (_FOLDER / "docs.js").read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Policy Assistant · API</title>
<style>{style}</style>
</head>
<body>
<main id="docs"><p>Reading <a href="openapi.json">openapi.json</a>…</p></main>
<noscript>Needs JavaScript; <a href="openapi.json">openapi.json</a> says the same.</noscript>
<script>{script}</script>
</body>
</html>
"""

"""Question → answer with citations; the command line, the HTTP API and the chat page."""

"""Errors of the assistant.

    AssistantError
    ├── InputError            a question, a file or an option that cannot be used
    ├── ConfigurationError    settings that cannot work
    └── ChatModelError        the chat model did not do its work
        ├── ChatModelUnreachableError   no connection, refused, or timed out
        └── ChatModelReplyError         it replied with something that cannot be used

Every message names the thing, the place and the mend.
"""


class AssistantError(Exception):
    """Base of all errors that the `assistant` package raises on purpose."""


class InputError(AssistantError):
    """A question, a file or an option cannot be used as it was given."""


class ConfigurationError(AssistantError):
    """The settings cannot work as they are."""


class ChatModelError(AssistantError):
    """The chat model did not do its work."""


class ChatModelUnreachableError(ChatModelError):
    """No connection to the chat model, or no reply in time."""


class ChatModelReplyError(ChatModelError):
    """The chat model replied with something that cannot be used."""

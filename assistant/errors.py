"""Errors of the assistant.

    AssistantError
    ├── InputError            a question, a file or an option that cannot be used
    │   └── MeasureError      a file of facts or measures is wrong; names file, line and mend
    ├── ConfigurationError    settings that cannot work
    ├── LocalModelError       a model for this machine is not there, or cannot be fetched or run
    └── ChatModelError        the chat model did not do its work
        ├── ChatModelUnreachableError   no connection, refused, or timed out
        └── ChatModelReplyError         it replied with something that cannot be used

Every message names the thing, the place and the mend.
"""


class AssistantError(Exception):
    """Base of all errors that the `assistant` package raises on purpose."""


class InputError(AssistantError):
    """A question, a file or an option cannot be used as it was given."""


class MeasureError(InputError):
    """A file of facts or measures is wrong; every fault is a line of its own."""


class ConfigurationError(AssistantError):
    """The settings cannot work as they are."""


class LocalModelError(AssistantError):
    """The chat model that is to run on this machine is not there, or cannot be fetched or run."""


class ChatModelError(AssistantError):
    """The chat model did not do its work."""


class ChatModelUnreachableError(ChatModelError):
    """No connection to the chat model, or no reply in time."""


class ChatModelReplyError(ChatModelError):
    """The chat model replied with something that cannot be used."""

"""What went wrong when a chat model was asked, told in our own errors.

Providers' libraries raise their own classes for the same few mishaps. They are recognised by HTTP
status and by class name, base classes included, because most of these libraries are not installed.
"""

from __future__ import annotations

from assistant.errors import ChatModelError, ChatModelReplyError, ChatModelUnreachableError

# LangChain's names, Python's, those of the openai and anthropic clients, and httpx's.
_TIMED_OUT = {"ModelTimeoutError", "TimeoutError", "APITimeoutError", "TimeoutException"}
_NO_CONNECTION = {"ModelConnectionError", "OSError", "APIConnectionError", "TransportError"}
_TOO_LONG = {"LengthFinishReasonError"}
# Raised by clients that trip over a reply which is not what their protocol says.
_UNREADABLE = {"ModelError", "OpenAIError", "AnthropicError", "HTTPError"}
_UNREADABLE |= {"ValueError", "TypeError", "LookupError", "AttributeError", "AssertionError"}


def failure_of(error: Exception, where: str, received: str) -> ChatModelError | None:
    """Say what an exception of a chat model's library means.

    Args:
        error: What the library raised.
        where: The model and its address, for the message.
        received: What had arrived of the reply.

    Returns:
        The error to raise, or `None` where the exception is none of a chat model's mishaps.
    """
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _failure_of_status(status, error, where)
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & _TIMED_OUT:
        return ChatModelUnreachableError(
            f"{where} sent nothing in time: see whether the server is busy, or raise"
            " POLICY_LLM_TIMEOUT"
        )
    if names & _NO_CONNECTION and not received:
        return ChatModelUnreachableError(
            f"{where} cannot be reached: see whether the server runs and the address is right"
            f" ({in_short(str(error.__cause__ or error))})"
        )
    if names & _NO_CONNECTION:
        return ChatModelReplyError(
            f"{where} broke off in mid-answer, after {in_short(received)!r}: ask again, or see"
            " the server's log"
        )
    if names & _TOO_LONG:
        return cut_off(where, received)
    if names & _UNREADABLE:
        return ChatModelReplyError(
            f"{where} sent what cannot be read ({type(error).__name__}: {in_short(str(error))}),"
            f" after {in_short(received)!r}: see whether the address is that of a chat model's API"
        )
    return None


def cut_off(where: str, received: str) -> ChatModelReplyError:
    """The error for a reply that reached the limit on its length.

    Args:
        where: The model and its address.
        received: What had arrived.

    Returns:
        The error to raise.
    """
    return ChatModelReplyError(
        f"{where} reached its limit in mid-answer, after {in_short(received)!r}:"
        " raise POLICY_LLM_MAX_TOKENS"
    )


def in_short(text: str, characters: int = 120) -> str:
    """The beginning and the end of a text, on one line, for a message.

    Args:
        text: Any text.
        characters: The most that is kept.

    Returns:
        At most `characters` characters.
    """
    line = " ".join(text.split())
    if len(line) <= characters:
        return line
    half = (characters - 3) // 2
    return f"{line[:half]} … {line[-half:]}"


def _failure_of_status(status: int, error: Exception, where: str) -> ChatModelError:
    if status in (401, 403):
        return ChatModelUnreachableError(
            f"{where} refused the API key (HTTP {status}): set POLICY_LLM_API_KEY, or the"
            " provider's own variable, to a valid key"
        )
    if status == 404:
        return ChatModelUnreachableError(
            f"{where} was not found (HTTP 404): set POLICY_LLM to a model that the server has,"
            " and see whether the address ends as the server wants it (often /v1)"
        )
    if status in (408, 429) or status >= 500:
        return ChatModelUnreachableError(
            f"{where} cannot answer now (HTTP {status}: {in_short(str(error))}): try again later"
        )
    return ChatModelReplyError(
        f"{where} refused the request (HTTP {status}: {in_short(str(error))}): if it does not know"
        " the way in which structured output is asked for, set POLICY_LLM_STRUCTURED_OUTPUT to"
        " another"
    )

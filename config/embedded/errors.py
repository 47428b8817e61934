"""What can go wrong with the embedded servers, in words for the person at the keyboard."""


class EmbeddedServersError(RuntimeError):
    """An embedded server cannot be had; the text is one line that says what to do."""

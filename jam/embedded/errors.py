class EmbeddedError(Exception):
    """A server that cannot start or be found; the message is one line for the person at the terminal."""

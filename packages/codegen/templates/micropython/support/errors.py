class _WireError(ValueError):
    # A value that its type does not allow, or bytes that hold no such value.
    # path: where, such as "tags[3].corners[1].x", or "" for the whole; reason: what is wrong there.

    def __init__(self, path, reason):
        super().__init__(path + ": " + reason if path else reason)
        self.path = path
        self.reason = reason


def _inside(step, e):
    # The same error, seen from one step further out: a field's name or "[3]".
    if not isinstance(e, _WireError):
        return e
    dot = "." if e.path and e.path[0] != "[" else ""
    return _WireError(step + dot + e.path, e.reason)


def _shown(v):
    # Numbers and short texts as they are, anything else by its type: printing it could take all memory.
    if v is None or isinstance(v, (int, float, bool)) or isinstance(v, str) and len(v) <= 40:
        return repr(v)
    return "a value of type " + type(v).__name__

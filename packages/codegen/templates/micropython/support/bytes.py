def _blob(v, most=0, width=0):
    # Bytes to send: checked, not copied.
    if type(v) is not bytes:
        _check_blob(v)
    n = len(v)
    if width and (n > most or n != most and width < 0):
        raise _too_long(n, most, width, "bytes")
    return v


def _check_blob(v):
    if not isinstance(v, (bytes, bytearray, memoryview)):
        raise _WireError("", "%s is not bytes" % _shown(v))
    if isinstance(v, memoryview) and len(v) and len(bytes(v[:1])) != 1:
        raise _WireError("", "a memoryview of wider items is not bytes")


def _size_bytes(v, most, width):
    return len(_blob(v, most, width)) + width


def _put_bytes(b, p, v, most, width):
    n = len(_blob(v, most, width))
    if width > 0:
        p = _put_count(b, p, n, width)
    b[p : p + n] = v
    return p + n


def _get_bytes(r, most, width):
    # A view of the message, not a copy: keep bytes(view) of what must outlive the call.
    n = r.count(1, most, width)
    at = r.take(n)
    return r.data[at : at + n]

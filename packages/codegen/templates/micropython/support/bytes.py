def _blob(v, most=0, width=0):
    # Bytes to send: checked, not copied.
    if not isinstance(v, (bytes, bytearray, memoryview)):
        raise _WireError("", "%s is not bytes" % _shown(v))
    if isinstance(v, memoryview) and len(v) and len(bytes(v[:1])) != 1:
        raise _WireError("", "a memoryview of wider items is not bytes")
    _allowed(len(v), most, width, "bytes")
    return v


def _size_bytes(v, most, width):
    return len(_blob(v, most, width)) + _count_size(width)


def _put_bytes(b, p, v, most, width):
    n = len(_blob(v, most, width))
    p = _put_count(b, p, n, width)
    b[p : p + n] = v
    return p + n


def _get_bytes(r, most, width):
    # A view of the message, not a copy: keep bytes(view) of what must outlive the call.
    n = r.count(1, most, width)
    at = r.take(n)
    return r.data[at : at + n]

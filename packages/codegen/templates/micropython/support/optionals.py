def _size_optional(v, size):
    # size: bytes of the value, or the function that tells them.
    if v is None:
        return 1
    return 1 + (size if isinstance(size, int) else size(v))


def _put_optional(b, p, v, put):
    # The buffer is new and therefore zero: that is the presence byte of None.
    if v is None:
        return p + 1
    b[p] = 1
    return put(b, p + 1, v)


def _get_optional(r, get):
    presence = r.data[r.take(1)]
    if presence > 1:
        raise _WireError("", "a presence byte of %d" % presence)
    return get(r) if presence else None

def _length(v, most, width):
    # Length of a list, checked. width as for _Reader.count.
    try:
        n = -1 if isinstance(v, str) else len(v)
    except TypeError:
        n = -1
    if n < 0:
        raise _WireError("", "%s is not a list" % _shown(v))
    if width and (n > most or n != most and width < 0):
        raise _too_long(n, most, width, "items")
    return n


def _too_long(n, most, width, what):
    return _WireError("", "%d %s, %s%d" % (n, what, "not " if width < 0 else "at most ", most))


def _put_count(b, p, n, width):
    if width == 1:
        b[p] = n
        return p + 1
    while width > 0:
        b[p] = n & 255
        n >>= 8
        p += 1
        width -= 1
    return p

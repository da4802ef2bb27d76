def _length(v, most, width):
    # Length of a list, checked. width as for _Reader.count.
    try:
        n = len(v)
    except TypeError:
        n = -1
    if n < 0 or isinstance(v, (str, dict)):
        raise _WireError("", "%s is not a list" % _shown(v))
    return _allowed(n, most, width, "items")


def _allowed(n, most, width, what):
    if width < 0 and n != most:
        raise _WireError("", "%d %s, not %d" % (n, what, most))
    if width > 0 and n > most:
        raise _WireError("", "%d %s, at most %d" % (n, what, most))
    return n


def _count_size(width):
    return width if width > 0 else 0


def _put_count(b, p, n, width):
    while width > 0:
        b[p] = n & 255
        n >>= 8
        p += 1
        width -= 1
    return p

def _size_list(v, size, most, width):
    # size: bytes of each item, or the function that tells them.
    n = _length(v, most, width)
    total = width if width > 0 else 0
    if isinstance(size, int):
        return total + n * size
    i = 0
    try:
        for item in v:
            total += size(item)
            i += 1
    except Exception as e:
        raise _inside("[%d]" % i, e)
    return total


def _put_list(b, p, v, put, most, width):
    n = _length(v, most, width)
    p = _put_count(b, p, n, width)
    i = 0
    try:
        for item in v:
            p = put(b, p, item)
            i += 1
    except Exception as e:
        raise _inside("[%d]" % i, e)
    return p


def _get_list(r, get, least, most, width):
    # least: bytes of an item; for the rest of a message 1, where items differ in size.
    n = r.count(least, most, width)
    items = []
    try:
        while r.at < r.end if width == 0 else len(items) < n:
            items.append(get(r))
    except Exception as e:
        raise _inside("[%d]" % len(items), e)
    return items

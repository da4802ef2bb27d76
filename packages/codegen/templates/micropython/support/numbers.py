def _put_numbers(b, p, v, kind, code, size, most, width):
    n = _length(v, most, width)
    p = _put_count(b, p, n, width)
    try:
        if n and kind[0] == "f":
            for x in v:
                if not -3.4e38 < x < 3.4e38:
                    _check_float(x, kind)
        elif n:
            # The builtins are many times quicker than a loop.
            half = 1 << 8 * size - 1
            low = -half if kind[0] == "i" else 0
            if min(v) < low or max(v) >= low + 2 * half:
                raise ValueError
        _pack_into("<%d%s" % (n, code), b, p, *v)
    except Exception as e:
        for i in range(n):
            if not _is_number(v[i], kind):
                raise _inside("[%d]" % i, _not_a(e, v[i], kind))
        raise e
    return p + n * size


def _get_numbers(r, code, size, most, width):
    # An array of its own. Boards are little-endian, as the wire is.
    n = r.count(size, most, width)
    at = r.take(n * size)
    return _array(code, bytes(r.data[at : at + n * size]))

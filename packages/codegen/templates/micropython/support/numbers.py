def _put_numbers(b, p, v, kind, code, size, most, width):
    n = _length(v, most, width)
    p = _put_count(b, p, n, width)
    if n:
        order = ">" if kind[-1] == "e" else "<"
        try:
            if kind[0] != "f":
                # The builtins are many times quicker than a loop.
                half = 1 << 8 * size - 1
                low = -half if kind[0] == "i" else 0
                if min(v) < low or max(v) >= low + 2 * half:
                    raise ValueError
            _pack_into("%s%d%s" % (order, n, code), b, p, *v)
            if kind[0] == "f" and _has_infinity(b, order + code, n * size):
                for x in v:
                    if not -3.4e38 < x < 3.4e38:
                        _check_float(x, kind)
        except Exception as e:
            for i in range(n):
                if not _is_number(v[i], kind):
                    raise _inside("[%d]" % i, _not_a(e, v[i], kind))
            raise e
    return p + n * size


def _has_infinity(b, format, size):
    # Whether a float of a list, packed into that many bytes, may have become an infinity. To search the buffer
    # takes far less than to compare each of them, unless the list is a small part of it.
    if 16 * size < len(b):
        return True
    t = bytearray(4 if format[1] == "f" else 8)
    _pack_into(format, t, 0, float("inf"))
    if t in b:
        return True
    t[0 if format[0] == ">" else -1] |= 0x80
    return t in b


def _get_numbers(r, code, size, most, width):
    # An array of its own. Boards are little-endian, as the wire is.
    n = r.count(size, most, width)
    at = r.take(n * size)
    return _array(code, bytes(r.data[at : at + n * size]))


def _get_turned_numbers(r, code, size, most, width):
    # As _get_numbers, of numbers with the most significant byte first.
    n = r.count(size, most, width)
    at = r.take(n * size)
    return _array(code, _unpack_from(">%d%s" % (n, code), r.data, at))

def _is_number(v, kind):
    # Whether a value is a number of that kind: "u8" to "i64", "f32", "f64", with "be" behind it where the most
    # significant byte comes first; "bool" or the name of an enum.
    if kind in _MEMBERS:
        return isinstance(v, (int, bool)) and v in _MEMBERS[kind]
    if kind == "bool":
        return isinstance(v, (int, bool)) and (v == 0 or v == 1)
    if kind[0] == "f":
        return isinstance(v, (int, float, bool)) and _fits_float(v, kind)
    if not isinstance(v, (int, bool)):
        return False
    half = 1 << int(kind[1:].rstrip("be")) - 1
    return -half <= v < half if kind[0] == "i" else 0 <= v < 2 * half


def _fits_float(v, kind):
    # Infinities and NaN are values; a finite number that would turn into an infinity is not.
    x = float(v)
    if x - x != 0:
        return not isinstance(v, int)
    if kind[1] == "6":
        return True
    b = bytearray(4)
    _pack_into("<f", b, 0, x)
    return b[3] & 0x7F != 0x7F or b[2] < 0x80


def _check_float(v, kind):
    # Called only where a quick comparison could not tell.
    if not _fits_float(v, kind):
        raise ValueError


def _check_range(v, kind, low, high):
    # Called only where a quick comparison could not tell. A float counts as what it is on the wire.
    if not _is_number(v, kind):
        raise ValueError
    x = v
    if kind[:3] == "f32":
        b = bytearray(4)
        _pack_into("<f", b, 0, v)
        x = _unpack_from("<f", b, 0)[0]
    if not low <= x <= high:
        raise _not_within(v, low, high)


def _in_range(v, low, high):
    if not low <= v <= high:
        raise _not_within(v, low, high)
    return v


def _not_within(v, low, high):
    return _WireError("", "%s is not within %s to %s" % (_shown(v), low, high))


def _not_a(e, v, kind):
    # Why one number could not be packed, or is not one of its enum.
    if isinstance(e, MemoryError):
        return e
    an = kind[0] in "aeioAEIO" or kind[:3] in ("f32", "f64")
    return _WireError("", "%s is not %s %s" % (_shown(v), "an" if an else "a", kind))


def _member(v, kind):
    if v not in _MEMBERS[kind]:
        raise _not_a(None, v, kind)
    return v


def _bool(v):
    if v > 1:
        raise _not_a(None, v, "bool")
    return v == 1

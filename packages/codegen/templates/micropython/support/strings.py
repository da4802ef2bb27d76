def _size_string(v, most, width):
    # Only where the size varies. That the text is valid is looked at when it is put.
    if not isinstance(v, str):
        raise _not_a_string(v)
    n = len(v.encode())
    if n > most and width:
        raise _too_long(n, most, width, "bytes of UTF-8")
    return n + width


def _encoded(v, most, width):
    # A string as the bytes of its content, checked. width as for _Reader.count.
    t = _utf8(v)
    if width and len(t) > most:
        raise _too_long(len(t), most, 1, "bytes of UTF-8")
    if width < 0 and "\0" in v:
        raise _WireError("", "U+0000 in a string of fixed size")
    return t


def _put_string(b, p, v, most, width):
    t = _encoded(v, most, width)
    n = len(t)
    if width > 0:
        p = _put_count(b, p, n, width)
    b[p : p + n] = t
    # The buffer is new and therefore zero: that is the padding.
    return p + (most if width < 0 else n)


def _get_string(r, most, width):
    n = r.count(1, most, width)
    at = r.take(n)
    t = bytes(r.data[at : at + n])
    return _text(_unpadded(t) if width < 0 else t)


def _unpadded(t):
    # Up to the first NUL. Without one, whoever packed it may have cut the last character: drop its beginning.
    end = t.find(b"\0")
    if end >= 0:
        return t[:end]
    lead = len(t) - 1
    while lead > 0 and lead > len(t) - 3 and 0x80 <= t[lead] < 0xC0:
        lead -= 1
    c = t[lead]
    if c < 0xC0 or len(t) - lead >= (2 if c < 0xE0 else 3 if c < 0xF0 else 4):
        return t
    _strict(t)
    return t[:lead]

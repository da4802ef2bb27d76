def _strict(t):
    # MicroPython checks no more of UTF-8 than that continuation bytes are where they should be. Refused
    # here: overlong forms, surrogates, numbers beyond U+10FFFF.
    last = 0
    for c in t:
        if (
            c in (0xC0, 0xC1)
            or c > 0xF4
            or last == 0xE0 and c < 0xA0
            or last == 0xED and c > 0x9F
            or last == 0xF0 and c < 0x90
            or last == 0xF4 and c > 0x8F
        ):
            raise _WireError("", "not valid UTF-8")
        last = c


def _utf8(v):
    # Text as UTF-8.
    if not isinstance(v, str):
        raise _not_a_string(v)
    t = v.encode()
    if len(t) != len(v):
        _strict(t)
    return t


def _text(t):
    # UTF-8 as text.
    try:
        v = str(t, "utf-8")
    except UnicodeError:
        raise _WireError("", "not valid UTF-8")
    if len(v) != len(t):
        _strict(t)
    return v


def _not_a_string(v):
    return _WireError("", "%s is not a string" % _shown(v))

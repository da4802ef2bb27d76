def _check_json(v):
    # json.dumps turns NaN, bytes and any object into something, but not into JSON.
    if isinstance(v, str):
        _utf8(v)
    elif isinstance(v, float) and v - v != 0:
        raise _WireError("", "%r is not JSON" % v)
    elif isinstance(v, dict):
        for key in v:
            if not isinstance(key, str):
                raise _WireError("", "a key of JSON is a string, not %s" % _shown(key))
            _check_json_at(key, v[key])
    elif isinstance(v, (list, tuple)):
        for i in range(len(v)):
            _check_json_at("[%d]" % i, v[i])
    elif v is not None and not isinstance(v, (int, bool, float)):
        raise _WireError("", "%s is not JSON" % _shown(v))


def _check_json_at(step, v):
    try:
        _check_json(v)
    except Exception as e:
        raise _inside(step, e)


def _json_text(v):
    _check_json(v)
    return _json.dumps(v, separators=(",", ":")).encode()


def _size_json(v):
    return len(_json_text(v))


def _put_json(b, p, v):
    t = _json_text(v)
    b[p : p + len(t)] = t
    return p + len(t)


def _get_json(r):
    at = r.take(r.end - r.at)
    t = bytes(r.data[at:])
    if len(t):
        _text(t)
    return _json.loads(_strict_json(t))


def _not_json():
    return _WireError("", "not valid JSON")


def _strict_json(t):
    # json.loads takes more than JSON, and makes two characters of an escaped pair of surrogates. Refuses what is not
    # JSON; gives the text with what such pairs stand for.
    n = len(t)
    i = 0
    ends = []  # of what is open: 93 "]" and 125 "}"
    want = 0  # 0 a value, 1 a value or "]", 2 a name or "}", 3 a name, 4 what follows a value
    out = bytearray()
    done = 0
    while True:
        i = _json_space(t, i)
        if i == n:
            break
        c = t[i]
        i += 1
        if want == 4 and ends and c == 44:
            want = 3 if ends[-1] == 125 else 0
        elif ends and c == ends[-1] and (want == 4 or want == (1 if c == 93 else 2)):
            ends.pop()
            want = 4
        elif want == 4:
            raise _not_json()
        elif c == 34:
            while i < n and t[i] != 34:
                start = i
                i, pair = _json_character(t, i)
                if pair:
                    out += t[done:start]
                    out += chr(pair).encode()
                    done = i
            if i == n:
                raise _not_json()
            i += 1
            if want > 1:
                i = _json_space(t, i)
                if i == n or t[i] != 58:
                    raise _not_json()
                i += 1
            want = 0 if want > 1 else 4
        elif want > 1:
            raise _not_json()
        elif c == 91 or c == 123:
            ends.append(c + 2)
            want = 1 if c == 91 else 2
        else:
            start = i - 1
            while i < n and t[i] not in (44, 93, 125, 32, 9, 10, 13):
                i += 1
            if not _is_json_word(t[start:i]):
                raise _not_json()
            want = 4
    if ends or want != 4:
        raise _not_json()
    return bytes(out) + t[done:] if done else t


def _json_space(t, i):
    while i < len(t) and t[i] in (32, 9, 10, 13):
        i += 1
    return i


def _json_character(t, i):
    # Where the character of a string that begins at i ends, and what it is where it is an escaped pair of surrogates.
    c = t[i]
    if c < 32:
        raise _not_json()
    if c != 92:
        return i + 1, 0
    if t[i + 1 : i + 2] != b"u":
        if t[i + 1 : i + 2] not in (b'"', b"\\", b"/", b"b", b"f", b"n", b"r", b"t"):
            raise _not_json()
        return i + 2, 0
    u = _hex4(t, i + 2)
    if u & 0xF800 != 0xD800:
        return i + 6, 0
    low = _hex4(t, i + 8) if t[i + 6 : i + 8] == b"\\u" else 0
    if u > 0xDBFF or low & 0xFC00 != 0xDC00:
        raise _WireError("", "a surrogate in JSON")
    return i + 12, 0x10000 + ((u & 0x3FF) << 10) + (low & 0x3FF)


def _hex4(t, i):
    u = 0
    for c in t[i : i + 4]:
        d = c - 48 if c < 58 else (c | 32) - 87
        if d < 0 or d > 15 or c > 57 and d < 10:
            raise _not_json()
        u = u << 4 | d
    if i + 4 > len(t):
        raise _not_json()
    return u


def _is_json_word(t):
    if t in (b"true", b"false", b"null"):
        return True
    i = 1 if t[0] == 45 else 0
    end = _digits(t, i)
    if end == i or t[i] == 48 and end > i + 1:
        return False
    i = end
    if t[i : i + 1] == b".":
        end = _digits(t, i + 1)
        if end == i + 1:
            return False
        i = end
    if t[i : i + 1] in (b"e", b"E"):
        i += 2 if t[i + 1 : i + 2] in (b"+", b"-") else 1
        end = _digits(t, i)
        if end == i:
            return False
        i = end
    return i == len(t)


def _digits(t, i):
    while i < len(t) and 48 <= t[i] < 58:
        i += 1
    return i

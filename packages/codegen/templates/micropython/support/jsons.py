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
    text = _text(bytes(r.data[at:]))
    try:
        return _json.loads(text)
    except ValueError:
        raise _WireError("", "not valid JSON")

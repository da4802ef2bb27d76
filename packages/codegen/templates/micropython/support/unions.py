def _variant(v, union, rows):
    # The row of a (kind, value) pair's kind.
    if not isinstance(v, (tuple, list)) or len(v) != 2 or not isinstance(v[0], str):
        raise _WireError("", "%s is not a (kind, value) pair of %s" % (_shown(v), union))
    if v[0] not in rows:
        raise _WireError("kind", "%s is no kind of %s" % (_shown(v[0]), union))
    return rows[v[0]]


def _size_union(v, width, union, sizes):
    # width: bytes of the tag. sizes: by kind, the bytes of its value or the function that tells them.
    size = _variant(v, union, sizes)
    if isinstance(size, int):
        return width + size
    try:
        return width + size(v[1])
    except Exception as e:
        raise _inside(v[0], e)


def _put_union(b, p, v, format, width, union, variants):
    # format: of the tag. variants: by kind, its tag and the function that puts its value, or None.
    tag, put = _variant(v, union, variants)
    _pack_into(format, b, p, tag)
    try:
        if put:
            return put(b, p + width, v[1])
        if v[1] is not None:
            raise _WireError("", "%s where there is no value" % _shown(v[1]))
    except Exception as e:
        raise _inside(v[0], e)
    return p + width


def _get_union(r, format, width, union, tags):
    # tags: by tag, its kind and the function that gets its value, or None.
    tag = _unpack_from(format, r.data, r.take(width))[0]
    if tag not in tags:
        raise _WireError("", "%d is no tag of %s" % (tag, union))
    kind, get = tags[tag]
    try:
        return kind, get(r) if get else None
    except Exception as e:
        raise _inside(kind, e)

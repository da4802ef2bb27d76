def _why(e, v, record, field):
    # Why a record could not be packed. Packing is quick and says little; this looks again for the culprit.
    # record: its name, then "name kind" for each number and text, and "name" for anything else.
    # field: which one was being packed when e was raised.
    if isinstance(e, MemoryError):
        return e
    name = record[field + 1].split(" ")[0]
    if isinstance(e, _WireError):
        return _inside(name, e)
    try:
        n = len(v)
        v[0]
    except Exception:
        n = -1
    if n < 0 or isinstance(v, (str, dict)):
        return _WireError("", "%s is not %s" % (_shown(v), record[0]))
    if n != len(record) - 1:
        return _WireError("", "%d values for the %d fields of %s" % (n, len(record) - 1, record[0]))
    for i in range(n):
        words = record[i + 1].split(" ")
        if len(words) > 1 and not (isinstance(v[i], str) if words[1] == "string" else _is_number(v[i], words[1])):
            return _inside(words[0], _not_a(e, v[i], words[1]))
    return _WireError(name, "%s: %s" % (type(e).__name__, e))


def _inside_field(e, record, field):
    # What could not be unpacked, by the name of its field.
    return _inside(record[field + 1].split(" ")[0], e)

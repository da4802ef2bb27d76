class _Function:
    # One function of an interface, from the bytes of its argument to the bytes of its answer.
    # least, most: bytes of its argument. throws: a status byte stands before the result.
    # empty: without a status byte, an answer of no bytes cannot be mistaken for a result.
    # errors: those that it may answer with, each with the function that makes its bytes.

    before = 0  # bytes of the argument that are not the handler's

    def __init__(self, name, wire, id, least, most, throws, empty, method, arguments, answer, errors):
        self.name = name
        self.wire = wire
        self.id = id
        self.least = least
        self.most = most
        self.throws = throws
        self.empty = empty
        self.method = method
        self.arguments = arguments
        self.answer = answer
        self.errors = errors

    def takes(self, size):
        return self.least <= size and (self.most is None or size <= self.most)

    def run(self, data, serving):
        # The answer, or None where there must be none.
        try:
            r = _Reader(data)
            r.take(self.before)
            arguments = self.arguments(r) if self.arguments else ()
            r.finish()
        except Exception as e:
            print("%s: the arguments do not decode: %s" % (self.name, e))
            return self.failed(254, str(e))
        try:
            return self.reply(self.method(*arguments), serving)
        except Exception as e:
            return self.refuse(e)

    def reply(self, result, serving):
        return self.encode(result)

    def encode(self, result):
        if self.answer:
            try:
                return self.answer(result)
            except Exception as e:
                raise _inside("result", e)
        if result is not None:
            raise _WireError("result", "%s where there is none to give" % _shown(result))
        return b"\0" if self.throws else b""

    def refuse(self, e):
        for declared, encode in self.errors:
            if isinstance(e, declared):
                try:
                    return encode(e)
                except Exception as other:
                    e = _inside(type(e).__name__, other)
                    break
        _report(self.name, e)
        return self.failed(255, "%s: %s" % (type(e).__name__.lstrip("_"), e))

    def failed(self, status, text):
        if self.throws:
            return bytes([status]) + _cut(text.encode(), 200)
        return b"" if self.empty else None


def _cut(t, most):
    # At most that many bytes, and no half character at the end.
    if len(t) > most:
        while 0x80 <= t[most] < 0xC0:
            most -= 1
        t = t[:most]
    return t


def _report(name, e):
    print(name + " failed:")
    _sys.print_exception(e)

class _Function:
    # One function of an interface, from the bytes of its argument to the bytes of its answer.
    # least, most: bytes of its argument. throws: a status byte stands before the result.
    # empty: without a status byte, an answer of no bytes cannot be mistaken for a result.

    def __init__(self, name, wire, id, least, most, throws, empty, method, arguments, answer):
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

    def takes(self, size):
        return self.least <= size and (self.most is None or size <= self.most)

    def run(self, data, slave, write_timeout_ms):
        # The answer, or None where there must be none.
        try:
            r = _Reader(data)
            arguments = self.arguments(r) if self.arguments else ()
            r.finish()
        except Exception as e:
            print("%s: the arguments do not decode: %s" % (self.name, e))
            return self.failed(254, str(e))
        try:
            return self.reply(self.method(*arguments), slave, write_timeout_ms)
        except Exception as e:
            _report(self.name, e)
            return self.failed(255, "%s: %s" % (type(e).__name__.lstrip("_"), e))

    def reply(self, result, slave, write_timeout_ms):
        if self.answer:
            try:
                return self.answer(result)
            except Exception as e:
                raise _inside("result", e)
        if result is not None:
            raise _WireError("result", "%s where there is none to give" % _shown(result))
        return b"\0" if self.throws else b""

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


class _Unanswered(Exception):
    # Leaves the library's loop without an answer: an empty one would pass for a result.
    pass


class _Registered:
    # What the library calls for one wire name, which it takes from __name__.

    def __init__(self, function, slave, write_timeout_ms):
        self.__name__ = function.wire
        self.functions = [function]
        self.slave = slave
        self.write_timeout_ms = write_timeout_ms

    def __call__(self, data):
        chosen = self.functions[0]
        for function in self.functions:
            if function.takes(len(data)):
                chosen = function
        answer = chosen.run(data, self.slave, self.write_timeout_ms)
        if answer is None:
            raise _Unanswered
        return answer


def _registrations(slave, implementations, write_timeout_ms):
    # One for each wire name. Names and ids of interfaces that are served together must differ.
    registered = {}
    for implementation in implementations:
        if isinstance(implementation, type) or not hasattr(implementation, "_rpcgen_functions"):
            raise TypeError("serve() takes objects of classes derived from the generated ones")
        here = {}
        for function in implementation._rpcgen_functions():
            if function.id in here:
                here[function.id].functions.append(function)
                continue
            if function.id in registered:
                other = registered[function.id].__name__
                raise ValueError("cannot serve %s and %s together: they have the same id" % (other, function.wire))
            here[function.id] = _Registered(function, slave, write_timeout_ms)
        registered.update(here)
    return registered.values()


def serve(slave, *implementations, recv_timeout=1000, send_timeout=1000, write_timeout_ms=5000):
    """Answers calls for ever. Failures are reported on the console and never end it; Ctrl-C does.

    slave: of the rpc library, such as rpc.rpc_uart_slave(baudrate=115200)
    implementations: one object for each interface, of a class derived from it
    recv_timeout, send_timeout: milliseconds, as for slave.loop()
    write_timeout_ms: of what follows a call, a stream's frames or bulk data
    """
    for registered in _registrations(slave, implementations, write_timeout_ms):
        slave.register_callback(registered)
    while True:
        try:
            slave.loop(recv_timeout, send_timeout)
        except _Unanswered:
            pass
        except Exception as e:
            _report("rpc", e)
            _gc.collect()
            _time.sleep_ms(10)  # lets Ctrl-C through where the failure is there to stay

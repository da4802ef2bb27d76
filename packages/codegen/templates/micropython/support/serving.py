class _Unanswered(Exception):
    # Leaves the library's loop without an answer: an empty one would pass for a result.
    pass


class _Serving:
    # What the functions of a slave share.

    def __init__(self, slave, write_timeout_ms, read_timeout_ms, queue_depth):
        self.slave = slave
        self.write_timeout_ms = write_timeout_ms
        self.read_timeout_ms = read_timeout_ms
        self.queue_depth = queue_depth
        self.last = None  # call and answer of a function that runs once
        self.next = None  # what follows the call

    def follow(self, transfer):
        self.next = transfer
        self.slave.schedule_callback(self.run_next)

    def run_next(self):
        transfer = self.next
        self.next = None
        transfer.run(self)

    def drop_next(self):
        # The library forgets what it was to run when the master does not fetch the answer.
        transfer = self.next
        self.next = None
        if transfer:
            transfer.drop()


class _Registered:
    # What the library calls for one wire name, which it takes from __name__.

    def __init__(self, function, serving):
        self.__name__ = function.wire
        self.functions = [function]
        self.serving = serving

    def __call__(self, data):
        self.serving.drop_next()
        chosen = self.functions[0]
        for function in self.functions:
            if function.takes(len(data)):
                chosen = function
        answer = chosen.run(data, self.serving)
        if answer is None:
            raise _Unanswered
        return answer


def _registrations(serving, implementations):
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
            here[function.id] = _Registered(function, serving)
        registered.update(here)
    return registered.values()


def serve(
    slave,
    *implementations,
    recv_timeout=1000,
    send_timeout=1000,
    write_timeout_ms=5000,
    read_timeout_ms=5000,
    queue_depth=1
):
    """Answers calls for ever. Failures are reported on the console and never end it; Ctrl-C does.

    slave: of the rpc library, such as rpc.rpc_uart_slave(baudrate=115200)
    implementations: one object for each interface, of a class derived from it
    recv_timeout, send_timeout: milliseconds, as for slave.loop()
    write_timeout_ms: of what is sent after a call, a stream's frames or bulk data
    read_timeout_ms: of each frame that the master streams after a call
    queue_depth: how many of those frames may be under way, each of which must fit the receive buffer
    """
    serving = _Serving(slave, write_timeout_ms, read_timeout_ms, queue_depth)
    for registered in _registrations(serving, implementations):
        slave.register_callback(registered)
    slave.register_callback(_Schema(implementations))
    while True:
        try:
            slave.loop(recv_timeout, send_timeout)
        except _Unanswered:
            pass
        except Exception as e:
            _report("rpc", e)
            _gc.collect()
            _time.sleep_ms(10)  # lets Ctrl-C through where the failure is there to stay

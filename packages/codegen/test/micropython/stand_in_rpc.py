# Stands in for the camera's rpc library as the wire protocol describes it to a script. It has no wire: calls
# wait in a list, and what a slave would send is printed, one line each.


def shown(data):
    # The hex of no bytes is b"" in MicroPython.
    return bytes(data).hex() if len(data) else ""


class Slave:
    def __init__(self, calls, frames_read=100, credits_after_end=True, streams=(), fetches=True):
        self.calls = calls  # (wire name, argument) each; an exception instead of a call is raised by loop()
        self.streams = list(streams)  # the frames of each stream that the master writes
        self.fetches = fetches  # False: the master goes away before it has the answer
        self.frames_read = frames_read  # the reader of a stream leaves after so many
        self.credits_after_end = credits_after_end
        self.callbacks = {}
        self.scheduled = None

    def register_callback(self, cb):
        self.callbacks[cb.__name__] = cb

    def schedule_callback(self, cb):
        self.scheduled = cb

    def loop(self, recv_timeout=1000, send_timeout=1000):
        while True:
            if not self.calls:
                raise KeyboardInterrupt
            call = self.calls.pop(0)
            if isinstance(call, BaseException):
                raise call
            name, argument = call
            self.scheduled = None
            print("call " + name)
            callback = self.callbacks.get(name)
            answer = callback(memoryview(argument)) if callback else b""
            # As the library does: a result without a length ends the loop.
            print("answer " + shown(answer))
            if self.scheduled and self.fetches:
                self.scheduled()

    def stream_writer(self, call_back, write_timeout_ms=5000):
        for _ in range(self.frames_read):
            frame = call_back()
            print("frame " + shown(frame))
            if not len(frame) and not self.credits_after_end:
                return  # the credit for it never came
        print("reader left")

    def stream_reader(self, call_back, queue_depth=1, read_timeout_ms=5000):
        print("read", queue_depth, read_timeout_ms)
        for frame in self.streams.pop(0):
            call_back(memoryview(frame))
        print("writer left")

    def put_bytes(self, data, timeout_ms):
        print("put " + shown(data), timeout_ms)

class _EndOfStream(Exception):
    # An exception in its callback is the way to stop the library's stream_writer.
    pass


class _Stream(_Function):
    # The handler gives the items; each becomes a frame, once the call has been answered.
    # item: from an item to its bytes.

    def reply(self, result, slave, write_timeout_ms):
        writer = _StreamWriter(self, iter(result))
        slave.schedule_callback(lambda: writer.write(slave, write_timeout_ms))
        return b"\0" if self.throws else b""


class _StreamWriter:
    def __init__(self, function, items):
        self.function = function
        self.items = items
        self.ended = False
        self.sent = 0

    def write(self, slave, write_timeout_ms):
        try:
            slave.stream_writer(self.frame, write_timeout_ms)
        except _EndOfStream:
            pass
        except Exception as e:
            _report(self.function.name, e)
        try:
            if hasattr(self.items, "close"):
                self.items.close()  # the reader may have left: let a generator put away what it holds
        except Exception as e:
            _report(self.function.name, e)

    def frame(self):
        if self.ended:
            raise _EndOfStream
        try:
            frame = self.function.answer(next(self.items))
            if not len(frame):
                raise _WireError("", "an item of no bytes would end the stream")
        except StopIteration:
            self.ended = True
            return b""  # the clean end
        except Exception as e:
            _report(self.function.name, _inside("item[%d]" % self.sent, e))
            raise _EndOfStream
        self.sent += 1
        return frame

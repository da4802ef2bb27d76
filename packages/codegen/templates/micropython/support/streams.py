class _Stream(_Transfer):
    # The handler gives the items; each becomes a frame. item: from an item to its bytes.

    def __init__(self, *function):
        super().__init__(*function[:-1])
        self.item = function[-1]

    def start(self, header, items):
        return _StreamWriter(self, iter(items))


class _StreamWriter:
    def __init__(self, function, items):
        self.function = function
        self.items = items
        self.ended = False
        self.sent = 0

    def run(self, serving):
        try:
            serving.slave.stream_writer(self.frame, serving.write_timeout_ms)
        except _Leave:
            pass
        except Exception as e:
            _report(self.function.name, e)
        self.drop()

    def drop(self):
        try:
            if hasattr(self.items, "close"):
                self.items.close()  # the reader may have left: let a generator put away what it holds
        except Exception as e:
            _report(self.function.name, e)

    def frame(self):
        if self.ended:
            raise _Leave
        try:
            frame = self.function.item(next(self.items))
            if not len(frame):
                raise _WireError("", "an item of no bytes would end the stream")
        except StopIteration:
            self.ended = True
            return b""  # the clean end
        except Exception as e:
            _report(self.function.name, _inside("item[%d]" % self.sent, e))
            raise _Leave
        self.sent += 1
        return frame

class _Accept(_Transfer):
    # The handler gives two functions: one for each item, and one for how it ended, which is called once with
    # True if all items came. item: from a frame's bytes to an item.

    gives = 2

    def __init__(self, *function):
        super().__init__(*function[:-1])
        self.item = function[-1]

    def start(self, header, on_item, on_end):
        if not callable(on_item) or not callable(on_end):
            raise _WireError("result", "two functions are wanted, for each item and for the end")
        return _StreamReader(self, on_item, on_end)


class _StreamReader:
    def __init__(self, function, on_item, on_end):
        self.function = function
        self.on_item = on_item
        self.on_end = on_end
        self.serving = None
        self.taken = 0
        self.credit = 0xFF
        self.complete = False

    def run(self, serving):
        self.serving = serving
        try:
            serving.slave.stream_reader(self.frame, serving.queue_depth, serving.read_timeout_ms)
        except _Leave:
            pass
        except Exception as e:
            _report(self.function.name, e)
        finally:
            self.drop()

    def drop(self):
        try:
            self.on_end(self.complete)
        except Exception as e:
            _report(self.function.name, e)

    def frame(self, data):
        if not len(data):
            self.complete = True
            self.leave(self.credit)
        try:
            r = _Reader(data)
            item = self.function.item(r)
            r.finish()
            self.on_item(item)
        except Exception as e:
            _report(self.function.name, _inside("item[%d]" % self.taken, e))
            self.leave(0)  # no credit is 0: the writer stops at once
        self.taken += 1
        # The library sends the same, but not for the frame that it leaves at.
        self.credit = self.credit >> 1 ^ (0xB8 if self.credit & 1 else 0)

    def leave(self, credit):
        self.serving.slave.put_bytes(bytes((credit,)), 1000)
        raise _Leave

class _Bulk(_Transfer):
    # The handler gives bytes, which go out bare. data: checks them. size: where the `with` part says how many
    # they are, or None.

    def __init__(self, *function):
        super().__init__(*function[:-2])
        self.data, self.size = function[-2:]

    def start(self, header, data):
        try:
            data = self.data(data)
            if self.size is not None and len(data) != header[self.size]:
                raise _WireError("", "%d bytes, but the size says %s" % (len(data), _shown(header[self.size])))
        except Exception as e:
            raise _inside("result", e)
        return _BulkWriter(self, data)


class _BulkWriter:
    def __init__(self, function, data):
        self.function = function
        self.data = data

    def run(self, serving):
        try:
            serving.slave.put_bytes(self.data, serving.write_timeout_ms)
        except Exception as e:
            _report(self.function.name, e)

    def drop(self):
        pass

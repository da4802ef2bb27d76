class _Bulk(_Function):
    # The handler gives bytes, which go out bare once the call has been answered.

    def reply(self, result, slave, write_timeout_ms):
        try:
            data = self.answer(result)
        except Exception as e:
            raise _inside("result", e)
        slave.schedule_callback(lambda: self.put(data, slave, write_timeout_ms))
        return b"\0" if self.throws else b""

    def put(self, data, slave, write_timeout_ms):
        try:
            slave.put_bytes(data, write_timeout_ms)
        except Exception as e:
            _report(self.name, e)

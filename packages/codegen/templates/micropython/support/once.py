class _Once(_Function):
    # A call number stands before the arguments. A master that asks again under the same number gets the
    # answer again, and the handler does not run. One answer is kept for all functions: a master ends one call
    # before it begins the next.

    before = 4

    def run(self, data, serving):
        if len(data) < 4:
            return _Function.run(self, data, serving)
        call = (self, bytes(data[:4]), _crc16(data))
        if serving.last is None or serving.last[0] != call:
            serving.last = None  # its memory may be needed
            serving.last = (call, _Function.run(self, data, serving))
        return serving.last[1]


def _crc16(data):
    crc = 0xFFFF
    for c in data:
        x = crc >> 8 ^ c
        x ^= x >> 4
        crc = (crc << 8 ^ x << 12 ^ x << 5 ^ x) & 0xFFFF
    return crc

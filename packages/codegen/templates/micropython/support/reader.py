class _Reader:
    # Walks through one message. Whatever it hands out has been checked to be there.

    def __init__(self, data):
        self.data = memoryview(data)
        self.at = 0
        self.end = len(data)

    def take(self, n):
        # Where the next n bytes begin.
        at = self.at
        if at + n > self.end:
            raise _WireError("", "%d bytes wanted, %d are left" % (n, self.end - at))
        self.at = at + n
        return at

    def count(self, least, most, width):
        # How many items follow, each of at least `least` bytes. width: bytes of the count on the wire,
        # 0 when there is none (the rest of the message), -1 when the number is fixed.
        if width == 0:
            return (self.end - self.at) // least
        n = most
        if width > 0:
            at = self.take(width)
            n = 0
            for i in range(width):
                n |= self.data[at + i] << 8 * i
            if n > most:
                raise _WireError("", "a count of %d, at most %d" % (n, most))
        if n * least > self.end - self.at:
            raise _WireError("", "%d do not fit into the %d bytes left" % (n, self.end - self.at))
        return n

    def finish(self):
        if self.at != self.end:
            raise _WireError("", "%d bytes left over" % (self.end - self.at))

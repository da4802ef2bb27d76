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
            raise _WireError("", "the message ends here: %s needed, %d left" % (_bytes_text(n), self.end - at))
        self.at = at + n
        return at

    def count(self, least, most, width):
        # How many items follow, each of at least `least` bytes, or of exactly so many where they are the rest of
        # the message. width: bytes of the count on the wire, 0 when there is none, -1 when the number is fixed.
        if width == 0:
            left = self.end - self.at
            if left % least:
                raise _WireError("", "%s left are not whole items of %d" % (_bytes_text(left), least))
            return left // least
        n = most
        if width > 0:
            at = self.take(width)
            n = 0
            for i in range(width):
                n |= self.data[at + i] << 8 * i
            if n > most:
                raise _WireError("", "a count of %d, at most %d allowed" % (n, most))
        left = self.end - self.at
        if n * least > left:
            few = "a count of %d needs %s or more, %d left" if width > 0 else "%d wanted, which take %s or more, %d left"
            raise _WireError("", few % (n, _bytes_text(n * least), left))
        return n

    def finish(self):
        if self.at != self.end:
            raise _WireError("", "%s came, %d of them left over" % (_bytes_text(self.end), self.end - self.at))


def _bytes_text(n):
    return "1 byte" if n == 1 else "%d bytes" % n

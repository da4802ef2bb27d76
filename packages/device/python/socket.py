"""The `socket` module of the virtual camera: TCP to the one connection that the host makes to it.

A listening socket gets that connection, whatever port it listens on; the host says which one leads here.
"""

import _board
from uctypes import addressof
from virtual_buses import expect_wire

AF_INET = 2
SOCK_STREAM = 1
SOL_SOCKET = 1
SO_REUSEADDR = 2
IPPROTO_TCP = 6

_EAGAIN = 11
_ETIMEDOUT = 110
_ECONNREFUSED = 111
_NOBODY = 0
_LEAVING = 2
_TICK_MS = 20

# The socket of the connection; one at a time.
_current = [None]


def getaddrinfo(host, port, af=0, type=0, proto=0, flags=0):
    return [(AF_INET, SOCK_STREAM, 0, "", (host, port))]


class socket:
    def __init__(self, af=AF_INET, type=SOCK_STREAM, proto=IPPROTO_TCP):
        self._listens = False
        self._timeout = None
        self._wired = expect_wire("tcp")

    def setsockopt(self, level, option, value):
        pass

    def bind(self, address):
        pass

    def listen(self, backlog=1):
        self._listens = True

    def setblocking(self, flag):
        self._timeout = None if flag else 0

    def settimeout(self, seconds):
        self._timeout = seconds

    def connect(self, address):
        raise OSError(_ECONNREFUSED)

    def accept(self):
        left = self._timeout
        while not self._readable():
            if left is not None and left <= 0:
                raise OSError(_EAGAIN if self._timeout == 0 else _ETIMEDOUT)
            _board.wire_wait(_TICK_MS)
            if left is not None:
                left -= _TICK_MS / 1000
        line = socket()
        _current[0] = line
        return line, ("127.0.0.1", 0)

    def readinto(self, buf, nbytes=-1):
        """None: nothing came in time. 0: the other end has gone."""
        length = len(buf) if nbytes < 0 else min(nbytes, len(buf))
        if _current[0] is not self:
            return 0
        timeout = self._timeout
        while not _board.wire_any():
            if _board.wire_connection() == _LEAVING:
                return 0
            if timeout is not None and timeout <= 0:
                return None
            _board.wire_wait(_TICK_MS)
            if timeout is not None:
                timeout -= _TICK_MS / 1000
        return _board.wire_read(addressof(buf), min(length, _board.wire_any()), 0, 0)

    def recv(self, nbytes):
        buf = bytearray(nbytes)
        count = self.readinto(buf)
        if count is None:
            raise OSError(_EAGAIN)
        return bytes(memoryview(buf)[:count])

    read = recv

    def write(self, buf):
        if _current[0] is not self:
            raise OSError(9)
        if len(buf):
            _board.wire_write(addressof(buf), len(buf))
        return len(buf)

    send = write
    sendall = write

    def close(self):
        if _current[0] is self:
            _current[0] = None
            _board.wire_hang_up()

    def _readable(self):
        """Of `select`: a connection to accept, bytes to read, or the end."""
        if not self._wired:
            return False
        if self._listens:
            return _current[0] is None and _board.wire_connection() != _NOBODY
        return _current[0] is self and (_board.wire_any() > 0 or _board.wire_connection() == _LEAVING)

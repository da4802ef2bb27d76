"""The `machine` module of the virtual camera: what a script needs of it to talk over its links.

A port behaves like the ones of real boards. One of them is wired, and leads to the host whatever `id` is
given; the others hang in the air. Bytes move as fast as the host takes them: rates are accepted and not
imitated.
"""

import _board
from uctypes import addressof
from virtual_buses import CAN, I2C, SPI, I2CTarget, Pin, dispatch, expect_wire  # noqa: F401 (of this module)

_UNIQUE_ID = b"rpcgen-virtual"


def unique_id():
    return _UNIQUE_ID


def reset():
    """Ends the script, as there is no power to cycle."""
    raise SystemExit


def idle():
    """Sleeps until something happens, for a tick of the board at the most."""
    _board.idle()
    dispatch()


class UART:
    def __init__(self, id, baudrate=9600, bits=8, parity=None, stop=1, **options):
        self._wired = expect_wire("uart")
        self._id = id
        self._timeout = 0
        self._timeout_char = 0
        self._open = False
        self.init(baudrate, bits, parity, stop, **options)

    def init(self, baudrate=9600, bits=8, parity=None, stop=1, *, timeout=0, timeout_char=0, **_):
        """`timeout`: ms to wait for the first byte, `timeout_char`: for each further one.

        Pins, buffer sizes and flow control belong to real boards; they are accepted here.
        """
        self._baudrate = baudrate
        self._timeout = timeout
        self._timeout_char = timeout_char
        self._open = True

    def deinit(self):
        self._open = False

    def any(self):
        self._check()
        return _board.wire_any() if self._wired else 0

    def readinto(self, buf, nbytes=-1):
        """Returns how many bytes came, or None if there was none in time."""
        self._check()
        length = len(buf) if nbytes < 0 else min(nbytes, len(buf))
        if not length:
            return 0
        if not self._wired:
            _board.sleep_ms(self._timeout)
            return None
        return _board.wire_read(addressof(buf), length, self._timeout, self._timeout_char) or None

    def read(self, nbytes=-1):
        """Up to `nbytes` bytes, or without it all that come without a pause; None if there was none."""
        if nbytes >= 0:
            buf = bytearray(nbytes)
            count = self.readinto(buf)
            return None if count is None else bytes(memoryview(buf)[:count])
        first = self.read(1)
        if first is None:
            return None
        parts = [first]
        while True:
            part = self.read(max(1, self.any()))
            if part is None:
                return b"".join(parts)
            parts.append(part)

    def readline(self):
        line = bytearray()
        while not line or line[-1] != 10:
            byte = self.read(1)
            if byte is None:
                break
            line += byte
        return bytes(line) if line else None

    def write(self, buf):
        self._check()
        if isinstance(buf, str):
            buf = buf.encode()
        if len(buf) and self._wired:
            _board.wire_write(addressof(buf), len(buf))
        return len(buf)

    def flush(self):
        """Returns at once: what was written is on its way to the host."""
        self._check()

    def txdone(self):
        self._check()
        return True

    def _readable(self):
        """Of `select`: is there a byte to read?"""
        return self.any() > 0

    def _check(self):
        if not self._open:
            raise OSError(19)

    def __repr__(self):
        return "UART({}, baudrate={}, timeout={}, timeout_char={})".format(
            self._id, self._baudrate, self._timeout, self._timeout_char
        )

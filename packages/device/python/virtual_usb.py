"""The USB serial port of the virtual camera: `sys.stdin` and `sys.stdout` of a board lead there as bytes.

What `print` says still goes to the console of the virtual camera, so that it can be read.
"""

import sys

import _board
from uctypes import addressof


class _Buffer:
    def readinto(self, buf, nbytes=-1):
        """Waits until all of it is there, as a board does."""
        length = len(buf) if nbytes < 0 else min(nbytes, len(buf))
        count = 0
        while count < length:
            _board.wire_wait(1000)
            part = min(length - count, _board.wire_any())
            count += _board.wire_read(addressof(buf) + count, part, 0, 0) if part else 0
        return count

    def read(self, nbytes):
        buf = bytearray(nbytes)
        self.readinto(buf)
        return bytes(buf)

    def write(self, buf):
        if len(buf):
            _board.wire_write(addressof(buf), len(buf))
        return len(buf)


class _Stdin:
    buffer = _Buffer()

    def _readable(self):
        return _board.wire_any() > 0


class _Stdout:
    buffer = _Buffer()
    write = sys.stdout.write


class _Sys:
    """The built-in module can't be changed: this takes its place."""


def install():
    module = _Sys()
    for name in dir(sys):
        if name[0] != "_":
            setattr(module, name, getattr(sys, name))
    module.stdin = _Stdin()
    module.stdout = _Stdout()
    sys.modules["sys"] = module

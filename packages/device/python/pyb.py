"""The `pyb` module of the virtual camera: the buses by their older names, slaves on I2C and SPI among them."""

import time

import _board
from machine import Pin  # noqa: F401 (of this module)
from uctypes import addressof
from virtual_buses import CAN as _MachineCAN
from virtual_buses import PybSPI as SPI  # noqa: F401 (of this module)
from virtual_buses import expect_wire

_ETIMEDOUT = 110
_END_READ = 1
_END_WRITE = 2

millis = time.ticks_ms
delay = time.sleep_ms
udelay = time.sleep_us


def elapsed_millis(start):
    return time.ticks_diff(time.ticks_ms(), start)


class CAN:
    NORMAL = 0
    LIST32 = 1
    DUAL = 2

    def __init__(self, bus, mode=NORMAL, *, baudrate=0, sample_point=75, auto_restart=False, **timing):
        self._can = _MachineCAN(bus, baudrate)
        self._next = None

    def setfilter(self, bank, mode, fifo, params, **options):
        self._can.set_filters([(id, 0x7FF, 0) for id in params])

    def any(self, fifo):
        if self._next is None:
            self._next = self._can.recv()
        return self._next is not None

    def recv(self, fifo, list=None, *, timeout=5000):
        """Five values: id, extended, remote, filter, data; `list` gets them, its last one the data."""
        start = time.ticks_ms()
        while not self.any(fifo):
            if elapsed_millis(start) >= timeout:
                raise OSError(_ETIMEDOUT)
            _board.idle()
        id, data, _, _ = self._next
        self._next = None
        if list is None:
            return id, False, False, 0, bytes(data)
        list[:4] = id, False, False, 0
        list[4][: len(data)] = data
        list[4] = list[4][: len(data)]
        return list

    def send(self, data, id, *, timeout=0, **options):
        if not self._can._offer(id, data, timeout):
            raise OSError(_ETIMEDOUT)


class I2C:
    """As a slave: one transaction of the master at a time."""

    MASTER = CONTROLLER = 0
    SLAVE = PERIPHERAL = 1

    def __init__(self, bus, mode=None, *, addr=0x12, **options):
        self._wired = expect_wire("i2c")
        self._addr = addr

    def init(self, mode, *, addr=0x12, **options):
        if mode != I2C.SLAVE:
            raise NotImplementedError("the virtual camera's pyb.I2C is a slave; machine.I2C is a master")
        self._addr = addr

    def deinit(self):
        pass

    def recv(self, recv, *, timeout=5000):
        buf = bytearray(recv) if isinstance(recv, int) else recv
        self._wait_for(_END_WRITE, buf, timeout)
        return buf

    def send(self, send, *, timeout=5000):
        self._wait_for(_END_READ, bytearray(send), timeout)

    def _wait_for(self, wanted, buf, timeout):
        start = time.ticks_ms()
        ends = 0
        if self._wired:
            _board.bus_open(self._addr, addressof(buf), len(buf))
        while not ends and elapsed_millis(start) < timeout:
            _board.idle()
            if self._wired:
                ends = _board.bus_ends(addressof(buf), len(buf))
        if self._wired:
            _board.bus_close()
        if not ends & wanted:
            raise OSError(_ETIMEDOUT)

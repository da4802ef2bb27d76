"""CAN, I2C, SPI and pins of the virtual camera's `machine`, and the slave side of its `pyb`.

An I2C or SPI master waits for the other side's answer; a device of one is served by the host the moment it is
clocked. Events reach their handlers where a script waits, as soft interrupts do.
"""

import _board
from uctypes import addressof

_ENOENT_WIRE = "The virtual camera's %s is not wired: it was started with %s.\n"
_EIO = 5
_ETIMEDOUT = 110
_unwired = set()


def expect_wire(kind):
    """Whether this kind of port is the wired one; a script that opens another is told once."""
    wired = _board.wire()
    if kind != wired and kind not in _unwired:
        _unwired.add(kind)
        print(_ENOENT_WIRE % (kind, wired), end="")
    return kind == wired


def _address_of(buf):
    return addressof(buf) if len(buf) else 0


class Pin:
    IN = 0
    OUT = 1
    OPEN_DRAIN = 2
    PULL_UP = 1
    PULL_DOWN = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None, **options):
        self._id = id
        self._mode = mode
        self._level = 1 if value is None else value

    def init(self, mode=-1, pull=-1, *, value=None, **options):
        self.__init__(self._id, mode, pull, value=value)

    def value(self, level=None):
        """An input is the wire by which an SPI master selects the board; others keep what they are set to."""
        if level is not None:
            self._level = 1 if level else 0
            return None
        if self._mode == Pin.IN and _board.wire() == "spi":
            # A script that looks at the pin again and again lets the processor go for a tick.
            return 0 if _board.bus_selected(1) else 1
        return self._level

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    high = on
    low = off


class I2C:
    """As master. Whoever the host lets answer."""

    def __init__(self, id=-1, *, freq=400000, **options):
        self._wired = expect_wire("i2c")

    def readfrom_into(self, addr, buf, stop=True):
        if not (self._wired and _board.bus_transact(addr, 0, 0, _address_of(buf), len(buf))):
            raise OSError(_EIO)

    def readfrom(self, addr, nbytes, stop=True):
        buf = bytearray(nbytes)
        self.readfrom_into(addr, buf)
        return bytes(buf)

    def writeto(self, addr, buf, stop=True):
        if not (self._wired and _board.bus_transact(addr, _address_of(buf), len(buf), 0, 0)):
            raise OSError(_EIO)
        return len(buf)


_targets = []


def dispatch():
    """Calls the handlers of what has happened: soft interrupts come between two steps of a script."""
    for target in list(_targets):
        target._dispatch()


class _Irq:
    def __init__(self):
        self.raised = 0

    def flags(self):
        return self.raised


class I2CTarget:
    """A device with memory: masters read it and write to it, from its start each time (`mem_addrsize=0`)."""

    IRQ_END_READ = 1
    IRQ_END_WRITE = 2

    def __init__(self, id=-1, addr=None, *, addrsize=7, mem=None, mem_addrsize=8, **pins):
        if mem is None or mem_addrsize != 0:
            raise NotImplementedError("the virtual camera's I2CTarget takes mem=… and mem_addrsize=0")
        mem[0] = mem[0]  # as the ports want it: memory that can be written to
        self._mem = mem
        self._irq = _Irq()
        self._handler = None
        self._trigger = 0
        self._wired = expect_wire("i2c")
        if self._wired:
            _board.bus_open(addr, addressof(mem), len(mem))
            _targets.append(self)

    def irq(self, handler=None, trigger=3, hard=False):
        if handler is not None:
            self._handler = handler
            self._trigger = trigger
        return self._irq

    def deinit(self):
        if self in _targets:
            _targets.remove(self)
            _board.bus_close()

    def _dispatch(self):
        ends = _board.bus_ends(addressof(self._mem), len(self._mem))
        self._irq.raised = ends & self._trigger
        if self._irq.raised and self._handler is not None:
            self._handler(self)
        if ends and self in _targets:
            _board.bus_again()


class SPI:
    """As master, of the one device that the host lets answer."""

    MSB = 0
    LSB = 1

    def __init__(self, id=-1, baudrate=1000000, *, polarity=0, phase=0, bits=8, firstbit=MSB, **pins):
        self._wired = expect_wire("spi")

    def init(self, baudrate=1000000, *, polarity=0, phase=0, bits=8, firstbit=MSB, **pins):
        pass

    def deinit(self):
        pass

    def write_readinto(self, write_buf, read_buf):
        if not (self._wired and len(write_buf)):
            return
        length = len(write_buf)
        if not _board.bus_transact(0, addressof(write_buf), length, addressof(read_buf), length):
            raise OSError(_EIO)

    def write(self, buf):
        self.write_readinto(buf, bytearray(len(buf)))

    def readinto(self, buf, write=0):
        self.write_readinto(bytes([write]) * len(buf), buf)

    def read(self, nbytes, write=0):
        buf = bytearray(nbytes)
        self.readinto(buf, write)
        return bytes(buf)


class PybSPI:
    """`pyb.SPI` as a slave: what a master clocks."""

    MASTER = CONTROLLER = 0
    SLAVE = PERIPHERAL = 1
    MSB = 0
    LSB = 1

    def __init__(self, bus, *args, **options):
        self._wired = expect_wire("spi")

    def init(self, mode, baudrate=328125, *, polarity=1, phase=0, **options):
        if mode != PybSPI.SLAVE:
            raise NotImplementedError("the virtual camera's pyb.SPI is a slave; machine.SPI is a master")

    def deinit(self):
        pass

    def send_recv(self, send, recv=None, *, timeout=5000):
        recv = bytearray(len(send)) if recv is None else recv
        if not (self._wired and _board.bus_shift(addressof(send), addressof(recv), len(send), timeout)):
            raise OSError(_ETIMEDOUT)
        return recv

    def send(self, send, *, timeout=5000):
        self.send_recv(send, timeout=timeout)

    def recv(self, recv, *, timeout=5000):
        buf = bytearray(recv) if isinstance(recv, int) else recv
        return self.send_recv(bytes(len(buf)), buf, timeout=timeout)


class CAN:
    """Frames of a CAN bus, on the wire as records of 16 bytes: id, length, 3 unused, 8 of data."""

    MODE_NORMAL = 0
    FLAG_RTR = 1
    FLAG_EXT_ID = 2
    FLAG_UNORDERED = 4

    def __init__(self, id, bitrate, mode=MODE_NORMAL, sample_point=75, **timing):
        self._wired = expect_wire("can")
        self._filters = ()
        self._frame = bytearray(16)

    def set_filters(self, filters):
        self._filters = filters

    def restart(self):
        pass

    def deinit(self):
        self._filters = ()

    def recv(self, arg=None):
        """The next frame that a filter lets through, as [id, data, flags, errors]; None if there is none."""
        frame = self._frame
        while self._wired and _board.wire_any() >= len(frame):
            _board.wire_read(addressof(frame), len(frame), 0, 0)
            word = int.from_bytes(memoryview(frame)[:4], "little")
            if word & 0xE0000000 == 0 and self._lets_through(word & 0x7FF):
                return [word & 0x7FF, memoryview(bytes(frame[8 : 8 + min(frame[4], 8)])), 0, 0]
        return None

    def send(self, id, data, flags=0):
        """0, or None while the controller has no room for another frame."""
        return 0 if self._offer(id, data, 1) else None

    def _offer(self, id, data, timeout):
        """Whether the controller took the frame, with a wait for room in it."""
        data = data.encode() if isinstance(data, str) else data
        frame = bytearray(16)
        frame[:4] = id.to_bytes(4, "little")
        frame[4] = len(data)
        frame[8 : 8 + len(data)] = data
        return not self._wired or _board.wire_offer(addressof(frame), len(frame), timeout)

    def _lets_through(self, id):
        if self._filters is None:
            return True
        for wanted, mask, _ in self._filters:
            if id & mask == wanted & mask:
                return True
        return False

"""OpenMV's `rpc` library for MicroPython boards: UART, CAN, I2C, SPI, USB and TCP, as master and as slave.

    import rpc
    interface = rpc.rpc_uart_slave(baudrate=115200, uart_port=1)
    interface.register_callback(face_detection)
    interface.loop()

Same classes, methods, defaults and bytes as the library on the cameras, and a link more: TCP. What differs
can't be seen by a peer that follows the protocol: waiting ends with the first byte, a command that comes
again because its acknowledgement was lost is acknowledged again and not run twice, and the header of a
stream's frame must be wholly right.

Another link is a class with `get_bytes`, `put_bytes` and `flush` beside `rpc_master` or `rpc_slave`, as
the classes in the second half of this file show. All of it is one file, as a board gets it by one copy; a
class that needs what the board has not says so when it is made, and the others work.
"""

import gc
import select
import struct
import sys
import time
from array import array

import machine
import micropython
from micropython import const

_COMMAND_HEADER = const(0x1209)
_COMMAND_DATA = const(0xABD1)
_RESULT_HEADER = const(0x9021)
_RESULT_DATA = const(0x1DBA)
_STREAM_SETUP = const(0xEDF6)
_STREAM_FRAME = const(0x542E)

# Magic and crc around the payload.
_OVERHEAD = const(4)
_COMMAND_HEADER_LENGTH = const(12)

# Milliseconds. How long a master waits for its first answer (a third longer with each try), how long
# either side waits for the data of a packet, and for a stream's headers and credits.
_FIRST_WAIT = const(3)
# The answers that follow data take a slave its crc and perhaps a garbage collection; and it sends its
# result only once, so who asks for it again too soon has lost it.
_DATA_ANSWER_WAIT = const(25)
_DATA_WAIT = const(5000)
_STREAM_WAIT = const(1000)
# The second part of a packet that has begun to come, over the bytes of a UART and the frames of CAN.
_REST_WAIT = const(2)
_REST_FRAMES_WAIT = const(10)
# Bits of a CAN frame of 8 bytes, at the most.
_FRAME_BITS = const(135)
# A result-header request this soon after its answer was sent before that answer arrived.
_CROSSING = const(4)
# A silence on a UART that ends a packet which has begun to come. A long one comes in pieces, and a host
# may be busy between them: it gets a millisecond for so many bytes, up to the limit.
_PAUSE = const(5)
_PAUSE_BYTES_PER_MS = const(64)
_LONGEST_PAUSE = const(500)
# On I2C and SPI: how long an acknowledgement is held out to the master, and how long the header of a
# command is waited for that was just seen to go by.
_ANSWER_WAIT = const(100)
_HEADER_AGAIN = const(100)
# There nothing says that a packet was lost: a side that waits for one that never comes is out of step, so
# it waits long enough for a late master or slave, and no longer.
_EXACT_DATA_WAIT = const(250)
# There the master clocks, and may be slow: a millisecond for so many bytes (80 kHz on I2C, 250 kHz on SPI).
_I2C_BYTES_PER_MS = const(8)
_SPI_BYTES_PER_MS = const(32)
# The most that one transaction on I2C may have, and how long a master pauses before it, in microseconds.
_LARGEST_TRANSACTION = const(65535)
_BEFORE_TRANSACTION = const(100)
# Bytes whose crc a slow peer works out in a millisecond, so long as it is silent.
_CRC_BYTES_PER_MS = const(16)


def _make_crc_table():
    table = array("H", bytes(512))
    for index in range(256):
        crc = index << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        table[index] = crc & 0xFFFF
    return table


_CRC_TABLE = _make_crc_table()


def _crc16(data):
    table = _CRC_TABLE
    crc = 0xFFFF
    for byte in data:
        crc = ((crc << 8) & 0xFF00) ^ table[(crc >> 8) ^ byte]
    return crc


def _hash(name):
    """The id of a function, of its name or of the `__name__` of anything that can be called."""
    if not isinstance(name, str):
        name = name.__name__
    value = 5381
    for byte in name.encode():
        value = ((value * 33) ^ byte) & 0xFFFFFFFF
    return value


def _pack(magic, payload=b""):
    length = len(payload)
    packet = bytearray(length + _OVERHEAD)
    struct.pack_into("<H", packet, 0, magic)
    packet[2 : length + 2] = payload
    struct.pack_into("<H", packet, length + 2, _crc16(memoryview(packet)[:-2]))
    return packet


def _unpack(packet, magic):
    """The payload; None if this is another packet or a damaged one."""
    view = memoryview(packet)
    if struct.unpack_from("<H", packet, 0)[0] != magic:
        return None
    if struct.unpack_from("<H", packet, len(packet) - 2)[0] != _crc16(view[:-2]):
        return None
    return view[2:-2]


def _new_packet(payload_length):
    """Room for a packet of a length that a peer stated; None if there is not so much memory."""
    try:
        return bytearray(payload_length + _OVERHEAD)
    except (MemoryError, OverflowError):
        return None


def _left(start, timeout_ms):
    return timeout_ms - time.ticks_diff(time.ticks_ms(), start)


def _is_uniform(data):
    """All bytes alike is what a bus shows where nobody answers; every packet begins with two that differ."""
    first = data[0]
    for byte in data:
        if byte != first:
            return False
    return True


def _next_token(token):
    return (token >> 1) ^ (0xB8 if token & 1 else 0)


class rpc:
    """What masters and slaves share: packets over a link, and streams."""

    # Most frames that may be under way on this kind of link.
    _stream_depth = 255
    # On I2C and SPI a read is one transfer of just the size that the other side sends: nothing waits in a
    # buffer to be read later, or in parts.
    _exact = False
    _rest_wait = _REST_WAIT

    def get_bytes(self, buff, timeout_ms):
        """Fills `buff` whole and returns it; None if the bytes did not come in time."""
        raise NotImplementedError

    def put_bytes(self, data, timeout_ms):
        """Sends all of `data`; returns its length, or None if the link did not take it in time."""
        raise NotImplementedError

    def flush(self):
        """Discards what has been received."""

    def stream_reader(self, call_back, queue_depth=1, read_timeout_ms=5000):
        """Calls `call_back` with each frame of the other side's `stream_writer`, as a memoryview.

        Returns when the stream ends or breaks; an exception in `call_back` ends it too.
        """
        setup = _pack(_STREAM_SETUP, struct.pack("<I", queue_depth))
        if self.put_bytes(setup, _STREAM_WAIT) is None:
            return
        token = 0xFF
        header = _new_packet(4)
        size = self._get_first(header, _STREAM_FRAME)
        while size is not None:
            try:
                frame = bytearray(struct.unpack("<I", size)[0])
            except (MemoryError, OverflowError):
                return
            if self.get_bytes(frame, read_timeout_ms) is None:
                return
            # The credit comes after: the writer must not fill the receive buffer meanwhile.
            call_back(memoryview(frame))
            if self.put_bytes(bytes((token,)), _STREAM_WAIT) is None:
                return
            token = _next_token(token)
            if self._read_packet(header, _STREAM_WAIT) is None:
                return
            size = _unpack(header, _STREAM_FRAME)

    def stream_writer(self, call_back, write_timeout_ms=5000):
        """Sends what `call_back` returns, frame by frame, to the other side's `stream_reader`.

        Returns when the reader stops or the stream breaks; an exception in `call_back` ends it too.
        """
        depth = self._get_first(_new_packet(4), _STREAM_SETUP)
        if depth is None:
            return
        depth = max(1, min(struct.unpack("<I", depth)[0], self._stream_depth))
        credits = depth
        token = 0xFF
        credit = bytearray(1)
        while True:
            if credits <= depth // 2:
                if self.get_bytes(credit, _STREAM_WAIT) is None or credit[0] != token:
                    return
                token = _next_token(token)
                credits += 1
            if credits > 0:
                frame = call_back()
                header = _pack(_STREAM_FRAME, struct.pack("<I", len(frame)))
                if self.put_bytes(header, _STREAM_WAIT) is None:
                    return
                if self.put_bytes(frame, write_timeout_ms) is None:
                    return
                credits -= 1

    def _read_packet(self, packet, timeout_ms):
        """`get_bytes` for what can only be a packet."""
        return self.get_bytes(packet, timeout_ms)

    def _get_packet(self, magic, payload_length, timeout_ms):
        packet = _new_packet(payload_length)
        if packet is None or self._read_packet(packet, timeout_ms) is None:
            return None
        return _unpack(packet, magic)

    def _get_first(self, packet, magic):
        """A stream's first packet, its payload or None. The call's requests may come late, before it."""
        start = time.ticks_ms()
        payload = None
        while payload is None and _left(start, _STREAM_WAIT) > 0:
            payload = self._get_aligned(packet, magic, _left(start, _STREAM_WAIT))
        return payload

    def _get_aligned(self, packet, magic, timeout_ms):
        """Reads `packet`, and if it does not begin with its magic, looks for that among what came."""
        if self._read_packet(packet, timeout_ms) is None:
            return None
        payload = _unpack(packet, magic)
        if payload is None and not self._exact:
            skipped = bytes(packet).find(struct.pack("<H", magic), 1)
            if skipped > 0:
                payload = self._complete(packet, packet[skipped:], magic)
        return payload

    def _complete(self, packet, begun, magic):
        """Reads the rest of a packet that begins with these bytes. Its payload, or None."""
        packet[: len(begun)] = begun
        if len(begun) < len(packet):
            if self.get_bytes(memoryview(packet)[len(begun) :], self._rest_wait) is None:
                return None
        return _unpack(packet, magic)


class rpc_master(rpc):
    """The side that calls."""

    # Of a try for its answer.
    _longest_wait = _DATA_WAIT

    def call(self, name, data=bytes(), send_timeout=1000, recv_timeout=1000):
        """Calls a function of the slave by name (or by the name of a callable).

        Returns the result as a memoryview; None if the slave could not be reached or did not answer.
        """
        if not self._put_command(_hash(name), data, send_timeout):
            return None
        return self._get_result(recv_timeout)

    def _put_command(self, wire_id, data, timeout_ms):
        header = _pack(_COMMAND_HEADER, struct.pack("<II", wire_id, len(data)))
        packet = _pack(_COMMAND_DATA, data)
        for wait in _tries(timeout_ms, self._longest_wait):
            self.flush()
            self.put_bytes(header, wait)
            if self._get_packet(_COMMAND_HEADER, 0, wait) is None:
                continue
            self.put_bytes(packet, _DATA_WAIT)
            if self._is_data_acknowledged(_with_crc_time(max(wait, _DATA_ANSWER_WAIT), len(data))):
                return True
        return False

    def _is_data_acknowledged(self, wait):
        packet = _new_packet(0)
        while self._read_packet(packet, wait) is not None:
            if _unpack(packet, _COMMAND_DATA) is not None:
                return True
            # A late slave acknowledges the headers of earlier tries too.
            if _unpack(packet, _COMMAND_HEADER) is None:
                break
        return False

    def _get_result(self, timeout_ms):
        header_request = _pack(_RESULT_HEADER)
        data_request = _pack(_RESULT_DATA)
        header = _new_packet(4)
        for wait in _tries(timeout_ms, self._longest_wait):
            self.flush()
            self.put_bytes(header_request, wait)
            if self._read_packet(header, wait) is None:
                continue
            size = _unpack(header, _RESULT_HEADER)
            if size is None:
                continue
            packet = _new_packet(struct.unpack("<I", size)[0])
            if packet is None:
                continue
            self.put_bytes(data_request, wait)
            result = self._get_result_data(packet, header)
            if result is not None:
                return result
        return None

    def _get_result_data(self, packet, header):
        """The result, or None. Before it a late slave may answer earlier header requests too."""
        if self._exact:
            return self._read_packet(packet, _ANSWER_WAIT) and _unpack(packet, _RESULT_DATA)
        length = len(packet)
        stale = min(length, len(header))
        came = self._read_packet(packet, _with_crc_time(_DATA_ANSWER_WAIT, length))
        while came is not None and packet[:stale] == header[:stale]:
            # The rest of the header if the packet is shorter, then what is missing of the packet.
            self.get_bytes(bytearray(len(header) - stale), self._rest_wait)
            packet[: length - stale] = packet[stale:]
            came = self.get_bytes(memoryview(packet)[length - stale :], _DATA_ANSWER_WAIT)
        return came and _unpack(packet, _RESULT_DATA)


def _tries(timeout_ms, longest):
    """How long each try may wait for its answer, until the time is over."""
    start = time.ticks_ms()
    wait = _FIRST_WAIT
    longest = min(longest, timeout_ms)
    while _left(start, timeout_ms) > 0:
        yield min(wait, longest)
        wait = wait * 4 // 3


def _with_crc_time(wait, length):
    return min(wait + length // _CRC_BYTES_PER_MS, _DATA_WAIT)


class rpc_slave(rpc):
    """The side that is called."""

    # Bytes to read where the result's requests are awaited: those, but on I2C room for a command's header
    # too, which is known by its magic.
    _request_length = _OVERHEAD

    def __init__(self):
        self._callbacks = {}
        self._scheduled = None
        self._loop_callback = None

    def register_callback(self, callback):
        """Offers `callback` under its `__name__`: it gets a memoryview and returns bytes."""
        self._callbacks[_hash(callback)] = callback

    def schedule_callback(self, callback):
        """From within a callback: runs `callback` once its answer has been delivered, else never."""
        self._scheduled = callback

    def setup_loop_callback(self, loop_callback):
        """Runs `loop_callback` after each call, and while none comes."""
        self._loop_callback = loop_callback

    def loop(self, recv_timeout=1000, send_timeout=1000):
        """Answers calls; only an exception ends it. The timeouts: for a command, for its result's fetching."""
        command = None
        while True:
            if command is None:
                command = self._get_command(recv_timeout)
            if command is not None:
                result = self._run(command)
                command = self._put_result(command, result, send_timeout)
            if command is None and self._loop_callback is not None:
                self._loop_callback()

    def _run(self, command):
        header, packet = command
        self._scheduled = None
        callback = self._callbacks.get(struct.unpack_from("<I", header, 2)[0])
        return b"" if callback is None else callback(memoryview(packet)[2:-2])

    def _get_command(self, timeout_ms):
        """The next command, acknowledged: its two packets. None if there is none in time."""
        start = time.ticks_ms()
        while True:
            left = _left(start, timeout_ms)
            if left <= 0:
                gc.collect()
                return None
            header = self._get_command_header(left)
            command = header and self._accept(header)
            if command is not None:
                return command

    def _get_command_header(self, timeout_ms):
        header = bytearray(_COMMAND_HEADER_LENGTH)
        if self._get_aligned(header, _COMMAND_HEADER, timeout_ms) is not None:
            return header
        self.flush()
        return None

    def _accept(self, header):
        """Acknowledges a command's header and its data; the two packets, or None."""
        while True:
            packet = _new_packet(struct.unpack_from("<I", header, 6)[0])
            if packet is None:
                break
            # What waits already is the data that came with its header, or a newer header. That may have its own
            # data behind it, so no more than a header is read before it is known which of them came.
            view = memoryview(packet)
            begin = view if self._exact else view[:_COMMAND_HEADER_LENGTH]
            came = self.get_bytes(begin, 0)
            if came is None or packet[:2] != b"\x09\x12":
                if self._answer(_pack(_COMMAND_HEADER)) is None and self._exact:
                    break
            if came is None:
                came = self.get_bytes(begin, _EXACT_DATA_WAIT if self._exact else _DATA_WAIT)
            if came is not None and packet[:2] != b"\x09\x12" and len(begin) < len(packet):
                came = self.get_bytes(view[len(begin) :], max(self._rest_wait, _longest_pause(len(packet))))
            if came is not None and _unpack(packet, _COMMAND_DATA) is not None:
                self._answer(_pack(_COMMAND_DATA))
                return header, packet
            if self._exact:
                break
            # A header in place of the data: the acknowledgement was lost, and the master began again.
            header = bytearray(_COMMAND_HEADER_LENGTH)
            begun = packet[:_COMMAND_HEADER_LENGTH]
            if packet[:2] != b"\x09\x12" or self._complete(header, begun, _COMMAND_HEADER) is None:
                break
        self.flush()
        return None

    def _put_result(self, command, result, timeout_ms):
        """Holds the result until the master fetches it. Returns another command that came instead, or None."""
        header = _pack(_RESULT_HEADER, struct.pack("<I", len(result)))
        packet = _pack(_RESULT_DATA, result)
        request = bytearray(self._request_length)
        answered = None
        start = time.ticks_ms()
        while _left(start, timeout_ms) > 0:
            kind = self._get_request(request, _left(start, timeout_ms))
            if kind == _RESULT_HEADER:
                # A slow function finds the same request many times: one answer serves them all.
                while kind == _RESULT_HEADER:
                    kind = self._get_request(request, 0)
                crossing = not self._exact and answered is not None and _left(answered, _CROSSING) >= 0
                if kind != _COMMAND_HEADER and not crossing:
                    self._answer(header)
                    answered = time.ticks_ms()
            if kind == _RESULT_DATA and answered is not None:
                # What has come by now can't belong to the next call.
                self.flush()
                if self._answer(packet) is None and self._exact:
                    continue
                self._run_scheduled()
                return None
            if kind == _COMMAND_HEADER:
                other = self._get_other_command(request)
                if other is None:
                    continue
                if answered is not None or other != command:
                    return other
                # Its acknowledgement was lost; the master has it now and will ask.
                start = time.ticks_ms()
        return None

    def _get_request(self, request, timeout_ms):
        """The magic of the next request; 0 if there is none, or no such packet."""
        if self.get_bytes(request, timeout_ms) is None:
            return 0
        kind = struct.unpack_from("<H", request, 0)[0]
        if kind == _COMMAND_HEADER or _unpack(memoryview(request)[:_OVERHEAD], kind) is not None:
            return kind
        self.flush()
        return 0

    def _get_other_command(self, begun):
        header = bytearray(_COMMAND_HEADER_LENGTH)
        payload = self._complete_exact(header, begun) if self._exact else self._complete(header, begun, _COMMAND_HEADER)
        if payload is not None:
            return self._accept(header)
        self.flush()
        return None

    def _complete_exact(self, header, begun):
        """A command's header that was read whole, or else the one that the master sends next."""
        header[: len(begun)] = begun
        payload = _unpack(header, _COMMAND_HEADER) if len(begun) == len(header) else None
        start = time.ticks_ms()
        # A master on SPI clocks zeros in between, for the acknowledgement that it misses.
        while payload is None and _left(start, _HEADER_AGAIN) > 0:
            if self.get_bytes(header, _left(start, _HEADER_AGAIN)) is not None:
                payload = _unpack(header, _COMMAND_HEADER)
        return payload

    def _answer(self, packet):
        """Sends what the master waits for. None where it must fetch it, as on I2C and SPI, and did not come."""
        return self.put_bytes(packet, _ANSWER_WAIT if self._exact else _DATA_WAIT)

    def _run_scheduled(self):
        callback = self._scheduled
        self._scheduled = None
        if callback is not None:
            callback()


class _uart:
    """Bytes over `machine.UART`, as a base beside `rpc_master` or `rpc_slave`."""

    def _open(self, baudrate, uart_port):
        try:
            # A host sends a command's header and data in one go: let there be room for it.
            uart = machine.UART(uart_port, baudrate, timeout=0, timeout_char=2, rxbuf=1024)
        except TypeError:
            uart = machine.UART(uart_port, baudrate, timeout=0, timeout_char=2)
        self._uart = uart
        self._poll = select.poll()
        self._poll.register(uart, select.POLLIN)

    def get_bytes(self, buff, timeout_ms):
        view = memoryview(buff)
        length = len(view)
        if timeout_ms <= 0 and self._uart.any() < length:
            return None
        pause = _longest_pause(length)
        count = 0
        while count < length:
            if not self._poll.poll(pause if count else timeout_ms):
                return None
            count += self._uart.readinto(view[count:]) or 0
        return buff

    def put_bytes(self, data, timeout_ms):
        return _write_all(self._uart, data, timeout_ms)

    def flush(self):
        waiting = self._uart.any()
        while waiting:
            self._uart.read(waiting)
            waiting = self._uart.any()


def _longest_pause(length):
    return min(_PAUSE + length // _PAUSE_BYTES_PER_MS, _LONGEST_PAUSE)


def _write_all(stream, data, timeout_ms):
    view = memoryview(data)
    sent = 0
    start = time.ticks_ms()
    while sent < len(view):
        part = stream.write(view[sent:])
        if part:
            sent += part
        elif _left(start, timeout_ms) <= 0:
            return None
    return sent


class rpc_uart_master(_uart, rpc_master):
    def __init__(self, baudrate=9600, uart_port=3):
        self._open(baudrate, uart_port)


class rpc_uart_slave(_uart, rpc_slave):
    def __init__(self, baudrate=9600, uart_port=3):
        rpc_slave.__init__(self)
        self._open(baudrate, uart_port)


class _queued:
    """What came and was not asked for yet is kept here, on links that can't say how much is waiting."""

    _received = b""
    # Milliseconds that the smallest piece takes on the wire.
    _piece_time = 0

    def _receive(self):
        """Adds some of what is there to `_received`; False if there is nothing."""
        raise NotImplementedError

    def _wait(self, timeout_ms, is_packet_begun):
        """Returns when something came, or sooner. True: what came before belongs to another connection."""
        raise NotImplementedError

    def get_bytes(self, buff, timeout_ms):
        view = memoryview(buff)
        length = len(view)
        while len(self._received) < length and self._receive():
            if timeout_ms > 0:
                break
        if timeout_ms <= 0 and len(self._received) < length:
            return None
        pause = _longest_pause(length) + 2 * self._piece_time
        count = 0
        start = time.ticks_ms()
        while count < length:
            part = min(len(self._received), length - count)
            if part:
                view[count : count + part] = self._received[:part]
                self._received = self._received[part:]
                count += part
                start = time.ticks_ms()
            elif not self._receive():
                left = _left(start, pause if count else timeout_ms)
                if left <= 0:
                    return None
                if self._wait(left, count > 0):
                    count = 0
        return buff

    def flush(self):
        self._received = b""
        while self._receive():
            self._received = b""


class _usb_vcp(_queued):
    """Bytes over the board's own USB serial port, which otherwise is its console: Ctrl-C is data here.

    `deinit`, or the end of a `with`, gives the console its Ctrl-C back.
    """

    def _open(self):
        micropython.kbd_intr(-1)
        self._in = sys.stdin.buffer
        self._out = sys.stdout.buffer
        self._poll = select.poll()
        self._poll.register(sys.stdin, select.POLLIN)
        self._byte = bytearray(1)
        self._some = bytearray(64)

    def deinit(self):
        micropython.kbd_intr(3)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.deinit()

    def _receive(self):
        some = self._some
        count = 0
        while count < len(some) and self._poll.poll(0):
            # A longer read would wait until all of it is there.
            self._in.readinto(self._byte)
            some[count] = self._byte[0]
            count += 1
        self._received += bytes(memoryview(some)[:count])
        return count > 0

    def _wait(self, timeout_ms, is_packet_begun):
        self._poll.poll(timeout_ms)

    def put_bytes(self, data, timeout_ms):
        return _write_all(self._out, data, timeout_ms)


class rpc_usb_vcp_master(_usb_vcp, rpc_master):
    def __init__(self):
        self._open()


class rpc_usb_vcp_slave(_usb_vcp, rpc_slave):
    def __init__(self):
        rpc_slave.__init__(self)
        self._open()


class _tcp(_queued):
    """Bytes over one TCP connection, both ways."""

    def _open(self):
        import socket

        self._socket = socket
        self._line = None
        self._some = bytearray(512)
        self._poll = select.poll()

    def _take(self, line):
        self._drop()
        line.setblocking(False)
        try:
            line.setsockopt(6, 1, 1)  # TCP_NODELAY, which not every port names
        except (OSError, NotImplementedError):
            pass
        self._line = line
        self._poll.register(line, select.POLLIN)

    def _drop(self):
        self._received = b""
        if self._line is not None:
            self._poll.unregister(self._line)
            self._line.close()
            self._line = None

    def _receive(self):
        if self._line is None:
            return False
        try:
            count = self._line.readinto(self._some)
        except OSError:
            count = 0
        if count:
            self._received += bytes(memoryview(self._some)[:count])
        elif count == 0:
            # Its other end is gone. None: there is nothing at the moment.
            self._drop()
        return bool(count)

    def put_bytes(self, data, timeout_ms):
        if self._line is None:
            return None
        try:
            sent = _write_all(self._line, data, timeout_ms)
        except OSError:
            sent = None
        if sent is None:
            # Part of a packet may be on its way: nothing that follows could be understood.
            self._drop()
        return sent


class rpc_tcp_master(_tcp, rpc_master):
    """Connects to the slave, and again after the connection was lost."""

    def __init__(self, host, port=0x1DBA):
        self._open()
        self._host = host
        self._port = port

    def _wait(self, timeout_ms, is_packet_begun):
        if self._line is None:
            time.sleep_ms(timeout_ms)
        else:
            self._poll.poll(timeout_ms)

    def put_bytes(self, data, timeout_ms):
        if self._line is None:
            line = self._socket.socket()
            try:
                line.settimeout(5)
                line.connect(self._socket.getaddrinfo(self._host, self._port)[0][-1])
            except OSError:
                line.close()
                return None
            self._take(line)
        return _tcp.put_bytes(self, data, timeout_ms)


class rpc_tcp_slave(_tcp, rpc_slave):
    """Listens for the master: one at a time, and the newest counts, as an older one may have gone silently."""

    def __init__(self, port=0x1DBA):
        rpc_slave.__init__(self)
        self._open()
        listener = self._socket.socket()
        listener.setsockopt(self._socket.SOL_SOCKET, self._socket.SO_REUSEADDR, 1)
        listener.bind(self._socket.getaddrinfo("0.0.0.0", port)[0][-1])
        listener.listen(1)
        listener.setblocking(False)
        self._listener = listener
        self._poll.register(listener, select.POLLIN)

    def _wait(self, timeout_ms, is_packet_begun):
        for entry in self._poll.poll(timeout_ms):
            if entry[0] is self._listener:
                try:
                    line = self._listener.accept()[0]
                except OSError:
                    return False
                self._take(line)
                return True
        return False


class _can(_queued):
    """Bytes in CAN frames of 8 and a shorter last one, all of one id, for both directions."""

    def _open(self, message_id, bit_rate, sample_point, can_bus):
        kind = getattr(machine, "CAN", None)
        if kind is None:
            kind = _pyb("CAN", "CAN bus")
        self._piece_time = 1 + _FRAME_BITS * 1000 // bit_rate
        self._rest_wait = _REST_FRAMES_WAIT + 2 * self._piece_time
        bus = _machine_can if hasattr(kind, "MODE_NORMAL") else _pyb_can
        self._bus = bus(kind, message_id, bit_rate, sample_point, can_bus)

    def _receive(self):
        frame = self._bus.receive()
        if frame is None:
            return False
        self._received += bytes(frame)
        return True

    def _wait(self, timeout_ms, is_packet_begun):
        # In a packet the next frame is near, and a controller holds few of them.
        if is_packet_begun:
            time.sleep_us(20)
        else:
            machine.idle()

    def put_bytes(self, data, timeout_ms):
        view = memoryview(data)
        for at in range(0, len(view), 8):
            if not self._bus.send(view[at : at + 8], timeout_ms):
                return None
        return len(view)


class _machine_can:
    """A bus by `machine.CAN`."""

    def __init__(self, kind, message_id, bit_rate, sample_point, can_bus):
        self._id = message_id
        self._can = kind(can_bus, bit_rate, mode=kind.MODE_NORMAL, sample_point=sample_point)
        self._can.set_filters([(message_id, 0x7FF, 0)])

    def receive(self):
        """The bytes of the next frame, or None."""
        frame = self._can.recv()
        return None if frame is None else frame[1]

    def send(self, data, timeout_ms):
        start = time.ticks_ms()
        while True:
            try:
                # None while its queue is full.
                if self._can.send(self._id, data) is not None:
                    return True
            except OSError:
                # Bus-off: nobody acknowledged for too long.
                self._can.restart()
            if _left(start, timeout_ms) <= 0:
                return False
            time.sleep_us(50)


class _pyb_can:
    """A bus by `pyb.CAN`, and by the like-minded `machine.CAN` of older OpenMV firmware."""

    def __init__(self, kind, message_id, bit_rate, sample_point, can_bus):
        self._id = message_id
        can = kind(can_bus, kind.NORMAL, baudrate=bit_rate, sample_point=sample_point, auto_restart=True)
        # Newer controllers have no list of 32-bit ids, but pairs.
        can.setfilter(0, kind.DUAL if hasattr(kind, "DUAL") else kind.LIST32, 0, [message_id, message_id])
        self._can = can

    def receive(self):
        if not self._can.any(0):
            return None
        # Four values or five, by the firmware's age; the data comes last.
        return self._can.recv(0, timeout=0)[-1]

    def send(self, data, timeout_ms):
        try:
            self._can.send(data, self._id, timeout=max(timeout_ms, 1))
            return True
        except OSError:
            return False


class rpc_can_master(_can, rpc_master):
    def __init__(self, message_id=0x7FF, bit_rate=250000, sample_point=75, can_bus=2):
        self._open(message_id, bit_rate, sample_point, can_bus)


class rpc_can_slave(_can, rpc_slave):
    def __init__(self, message_id=0x7FF, bit_rate=250000, sample_point=75, can_bus=2):
        rpc_slave.__init__(self)
        self._open(message_id, bit_rate, sample_point, can_bus)


class _exact_master:
    """A master that clocks every byte itself, on I2C and SPI."""

    _exact = True
    _stream_depth = 1
    # There a slave that is not ready at once may have lost the question.
    _longest_wait = _ANSWER_WAIT // 4

    def _read_packet(self, packet, timeout_ms):
        start = time.ticks_ms()
        while self.get_bytes(packet, _left(start, timeout_ms)) is not None:
            if not _is_uniform(packet):
                return packet
            if _left(start, timeout_ms) <= 0:
                break
            time.sleep_ms(1)
        return None


class rpc_i2c_master(_exact_master, rpc_master):
    def __init__(self, slave_addr=0x12, rate=100000, i2c_bus=2):
        self._address = slave_addr
        self._i2c = machine.I2C(i2c_bus, freq=rate)

    def get_bytes(self, buff, timeout_ms):
        return buff if self._move(self._i2c.readfrom_into, buff, timeout_ms) else None

    def put_bytes(self, data, timeout_ms):
        return len(data) if self._move(self._i2c.writeto, data, timeout_ms) else None

    def _move(self, transfer, data, timeout_ms):
        view = memoryview(data)
        start = time.ticks_ms()
        at = 0
        while at < len(view):
            time.sleep_us(_BEFORE_TRANSACTION)
            try:
                transfer(self._address, view[at : at + _LARGEST_TRANSACTION])
                at += _LARGEST_TRANSACTION
            except OSError:
                # The slave is not there yet.
                if _left(start, timeout_ms) <= 0:
                    return False
        return True


class rpc_i2c_slave(rpc_slave):
    """`largest`: the most bytes that the master moves in one transaction; what is longer is cut there.

    A camera as master moves 65535, a master on Linux 8192.
    """

    _exact = True
    _stream_depth = 1

    def __init__(self, slave_addr=0x12, i2c_bus=2, largest=_LARGEST_TRANSACTION):
        rpc_slave.__init__(self)
        self._largest = largest
        if hasattr(machine, "I2CTarget"):
            self._device = _i2c_target(slave_addr, i2c_bus)
            self._request_length = _COMMAND_HEADER_LENGTH
        else:
            self._device = _pyb_i2c(slave_addr, i2c_bus)

    def get_bytes(self, buff, timeout_ms):
        return buff if timeout_ms > 0 and self._move(self._device.receive, buff, timeout_ms) else None

    def put_bytes(self, data, timeout_ms):
        return len(data) if self._move(self._device.send, data, timeout_ms) else None

    def _move(self, transfer, data, timeout_ms):
        view = memoryview(data)
        for at in range(0, len(view), self._largest):
            part = view[at : at + self._largest]
            if not transfer(part, timeout_ms + len(part) // _I2C_BYTES_PER_MS):
                return False
        return True


class _i2c_target:
    """One transaction after the other by `machine.I2CTarget`: its memory is the bytes of this one.

    Between them the board does not acknowledge its address, and the master tries again.
    """

    def __init__(self, slave_addr, i2c_bus):
        kind = machine.I2CTarget
        self._kind = kind
        self._address = slave_addr
        self._bus = i2c_bus
        self._ends = kind.IRQ_END_READ | kind.IRQ_END_WRITE
        self._ended = 0
        self._note = self._note_end

    def receive(self, view, timeout_ms):
        return self._run(view, self._kind.IRQ_END_WRITE, timeout_ms)

    def send(self, view, timeout_ms):
        try:
            # The port wants memory that it could write to.
            view[0] = view[0]
        except TypeError:
            view = bytearray(view)
        # A master that begins again writes a header or request over what is held out to it.
        begin = bytes(view[:_COMMAND_HEADER_LENGTH])
        sent = self._run(view, self._kind.IRQ_END_READ, timeout_ms)
        if not sent:
            view[: len(begin)] = begin
        return sent

    def _note_end(self, target):
        self._ended |= target.irq().flags()
        # At once: the next transaction is not for this memory.
        target.deinit()

    def _run(self, memory, wanted, timeout_ms):
        self._ended = 0
        target = self._kind(self._bus, self._address, mem=memory, mem_addrsize=0)
        target.irq(self._note, self._ends)
        try:
            start = time.ticks_ms()
            while not self._ended and _left(start, timeout_ms) > 0:
                machine.idle()
        finally:
            target.deinit()
        return bool(self._ended & wanted)


class _pyb_i2c:
    """The same by `pyb.I2C`."""

    def __init__(self, slave_addr, i2c_bus):
        self._kind = _pyb("I2C", "I2C slave")
        self._address = slave_addr
        self._i2c = self._kind(i2c_bus)

    def receive(self, view, timeout_ms):
        return self._run(self._i2c.recv, view, timeout_ms)

    def send(self, view, timeout_ms):
        return self._run(self._i2c.send, view, timeout_ms)

    def _run(self, transfer, view, timeout_ms):
        self._i2c.init(self._kind.SLAVE, addr=self._address, dma=True)
        try:
            transfer(view, timeout=timeout_ms)
            return True
        except OSError:
            return False
        finally:
            self._i2c.deinit()


class rpc_spi_master(_exact_master, rpc_master):
    def __init__(self, cs_pin="P3", freq=1000000, clk_polarity=1, clk_phase=0, spi_bus=2):
        self._select = machine.Pin(cs_pin, machine.Pin.OUT)
        self._select.value(1)
        self._spi = machine.SPI(spi_bus, baudrate=freq, polarity=clk_polarity, phase=clk_phase)

    def get_bytes(self, buff, timeout_ms):
        # What is in the buffer goes out.
        for index in range(len(buff)):
            buff[index] = 0
        self._select.value(0)
        time.sleep_us(_BEFORE_TRANSACTION)
        self._spi.write_readinto(buff, buff)
        self._select.value(1)
        return buff

    def put_bytes(self, data, timeout_ms):
        self._select.value(0)
        time.sleep_us(_BEFORE_TRANSACTION)
        self._spi.write(data)
        self._select.value(1)
        return len(data)


class rpc_spi_slave(rpc_slave):
    """Only `pyb.SPI` can be a slave: `machine.SPI` is a master on every port."""

    _exact = True
    _stream_depth = 1

    def __init__(self, cs_pin="P3", clk_polarity=1, clk_phase=0, spi_bus=2):
        rpc_slave.__init__(self)
        self._kind = _pyb("SPI", "SPI slave")
        self._select = machine.Pin(cs_pin, machine.Pin.IN)
        self._polarity = clk_polarity
        self._phase = clk_phase
        self._spi = self._kind(spi_bus)

    def get_bytes(self, buff, timeout_ms):
        for index in range(len(buff)):
            buff[index] = 0
        return buff if timeout_ms > 0 and self._move(self._spi.send_recv, (buff, buff), timeout_ms) else None

    def put_bytes(self, data, timeout_ms):
        return len(data) if self._move(self._spi.send, (data,), timeout_ms) else None

    def _move(self, transfer, buffers, timeout_ms):
        if not len(buffers[0]):
            return True  # the end mark of a stream: nothing is clocked for it
        start = time.ticks_ms()
        # A master clocks 100 microseconds after it selected: too soon for a sleeping processor.
        while self._select.value():
            if _left(start, timeout_ms) <= 0:
                return False
        self._spi.init(self._kind.SLAVE, polarity=self._polarity, phase=self._phase)
        try:
            transfer(*buffers, timeout=max(timeout_ms, 1) + len(buffers[0]) // _SPI_BYTES_PER_MS)
            return True
        except OSError:
            return False
        finally:
            self._spi.deinit()


def _pyb(name, what):
    """A class of `pyb`, which only some ports have."""
    try:
        import pyb

        return getattr(pyb, name)
    except (ImportError, AttributeError):
        raise NotImplementedError("this board's MicroPython has no %s: no pyb.%s" % (what, name))

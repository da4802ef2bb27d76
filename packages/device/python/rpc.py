"""OpenMV's `rpc` library for boards that lack it: plain MicroPython with `machine.UART`.

    import rpc
    interface = rpc.rpc_uart_slave(baudrate=115200, uart_port=1)
    interface.register_callback(face_detection)
    interface.loop()

Same classes, methods, defaults and bytes as the library on the cameras. What differs can't be seen by
a peer that follows the protocol: waiting ends with the first byte, a command that comes again because
its acknowledgement was lost is acknowledged again and not run twice, and the header of a stream's frame
must be wholly right.

Another link is a class with `get_bytes`, `put_bytes` and `flush` beside `rpc_master` or `rpc_slave`, as
the UART classes at the end of this file show. All of it is one file, as a board gets it by one copy.
"""

import gc
import select
import struct
import time
from array import array

from machine import UART
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
# The second part of a packet that has begun to come.
_REST_WAIT = const(2)
# A result-header request this soon after its answer was sent before that answer arrived.
_CROSSING = const(4)
# A silence on a UART that ends a packet which has begun to come. A long one comes in pieces, and a host
# may be busy between them: it gets a millisecond for so many bytes, up to the limit.
_PAUSE = const(5)
_PAUSE_BYTES_PER_MS = const(64)
_LONGEST_PAUSE = const(500)
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


def _next_token(token):
    return (token >> 1) ^ (0xB8 if token & 1 else 0)


class rpc:
    """What masters and slaves share: packets over a link, and streams."""

    # Most frames that may be under way on this kind of link.
    _stream_depth = 255

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
            if self.get_bytes(header, _STREAM_WAIT) is None:
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

    def _get_packet(self, magic, payload_length, timeout_ms):
        packet = _new_packet(payload_length)
        if packet is None or self.get_bytes(packet, timeout_ms) is None:
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
        if self.get_bytes(packet, timeout_ms) is None:
            return None
        payload = _unpack(packet, magic)
        if payload is None:
            skipped = bytes(packet).find(struct.pack("<H", magic), 1)
            if skipped > 0:
                payload = self._complete(packet, packet[skipped:], magic)
        return payload

    def _complete(self, packet, begun, magic):
        """Reads the rest of a packet that begins with these bytes. Its payload, or None."""
        packet[: len(begun)] = begun
        if len(begun) < len(packet):
            if self.get_bytes(memoryview(packet)[len(begun) :], _REST_WAIT) is None:
                return None
        return _unpack(packet, magic)


class rpc_master(rpc):
    """The side that calls."""

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
        for wait in _tries(timeout_ms):
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
        while self.get_bytes(packet, wait) is not None:
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
        for wait in _tries(timeout_ms):
            self.flush()
            self.put_bytes(header_request, wait)
            if self.get_bytes(header, wait) is None:
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
        length = len(packet)
        stale = min(length, len(header))
        came = self.get_bytes(packet, _with_crc_time(_DATA_ANSWER_WAIT, length))
        while came is not None and packet[:stale] == header[:stale]:
            # The rest of the header if the packet is shorter, then what is missing of the packet.
            self.get_bytes(bytearray(len(header) - stale), _REST_WAIT)
            packet[: length - stale] = packet[stale:]
            came = self.get_bytes(memoryview(packet)[length - stale :], _DATA_ANSWER_WAIT)
        return came and _unpack(packet, _RESULT_DATA)

def _tries(timeout_ms):
    """How long each try may wait for its answer, until the time is over."""
    start = time.ticks_ms()
    wait = _FIRST_WAIT
    while _left(start, timeout_ms) > 0:
        yield min(wait, timeout_ms)
        wait = wait * 4 // 3


def _with_crc_time(wait, length):
    return min(wait + length // _CRC_BYTES_PER_MS, _DATA_WAIT)


class rpc_slave(rpc):
    """The side that is called."""

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
            # What waits already is the data that came with its header, or a newer header.
            came = self.get_bytes(packet, 0)
            if came is None or packet[:2] != b"\x09\x12":
                self.put_bytes(_pack(_COMMAND_HEADER), _DATA_WAIT)
            if came is None:
                came = self.get_bytes(packet, _DATA_WAIT)
            if came is not None and _unpack(packet, _COMMAND_DATA) is not None:
                self.put_bytes(_pack(_COMMAND_DATA), _DATA_WAIT)
                return header, packet
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
        request = bytearray(_OVERHEAD)
        answered = None
        start = time.ticks_ms()
        while _left(start, timeout_ms) > 0:
            kind = self._get_request(request, _left(start, timeout_ms))
            if kind == _RESULT_HEADER:
                # A slow function finds the same request many times: one answer serves them all.
                while kind == _RESULT_HEADER:
                    kind = self._get_request(request, 0)
                crossing = answered is not None and _left(answered, _CROSSING) >= 0
                if kind != _COMMAND_HEADER and not crossing:
                    self.put_bytes(header, _DATA_WAIT)
                    answered = time.ticks_ms()
            if kind == _RESULT_DATA and answered is not None:
                # What has come by now can't belong to the next call.
                self.flush()
                self.put_bytes(packet, _DATA_WAIT)
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
        if kind == _COMMAND_HEADER or _unpack(request, kind) is not None:
            return kind
        self.flush()
        return 0

    def _get_other_command(self, begun):
        header = bytearray(_COMMAND_HEADER_LENGTH)
        if self._complete(header, begun, _COMMAND_HEADER) is not None:
            return self._accept(header)
        self.flush()
        return None

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
            uart = UART(uart_port, baudrate, timeout=0, timeout_char=2, rxbuf=1024)
        except TypeError:
            uart = UART(uart_port, baudrate, timeout=0, timeout_char=2)
        self._uart = uart
        self._poll = select.poll()
        self._poll.register(uart, select.POLLIN)

    def get_bytes(self, buff, timeout_ms):
        view = memoryview(buff)
        length = len(view)
        if timeout_ms <= 0 and self._uart.any() < length:
            return None
        pause = min(_PAUSE + length // _PAUSE_BYTES_PER_MS, _LONGEST_PAUSE)
        count = 0
        while count < length:
            if not self._poll.poll(pause if count else timeout_ms):
                return None
            count += self._uart.readinto(view[count:]) or 0
        return buff

    def put_bytes(self, data, timeout_ms):
        view = memoryview(data)
        sent = 0
        start = time.ticks_ms()
        while sent < len(view):
            part = self._uart.write(view[sent:])
            if part:
                sent += part
            elif _left(start, timeout_ms) <= 0:
                return None
        return sent

    def flush(self):
        waiting = self._uart.any()
        while waiting:
            self._uart.read(waiting)
            waiting = self._uart.any()


class rpc_uart_master(_uart, rpc_master):
    def __init__(self, baudrate=9600, uart_port=3):
        self._open(baudrate, uart_port)


class rpc_uart_slave(_uart, rpc_slave):
    def __init__(self, baudrate=9600, uart_port=3):
        rpc_slave.__init__(self)
        self._open(baudrate, uart_port)

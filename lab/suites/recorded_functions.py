# The functions that the recorded slave offered, for a script on rpc.py: it hands its slave over.
import struct


def echo(data):
    return data


def add(data):
    return struct.pack("<i", sum(struct.unpack("<ii", data)))


def big(data):
    size = struct.unpack("<I", data)[0]
    part = bytes((index * 7 + 1) & 255 for index in range(256))
    return (part * (size // 256 + 1))[:size]


def offer(slave):
    """Registers all of them; returns the slave."""

    def stream_out(data):
        size, count = struct.unpack("<II", data)
        frames = iter(range(1, count + 1))

        def frame():
            number = next(frames)
            return bytes((16 * number + index) & 255 for index in range(size))

        def write():
            try:
                slave.stream_writer(frame)
            except StopIteration:
                pass

        slave.schedule_callback(write)
        return b""

    for function in (echo, add, big, stream_out):
        slave.register_callback(function)
    return slave

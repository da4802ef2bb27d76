"""The functions that the recorded slave offered, on rpc.py."""

import json
import struct
import time

import _exchange
import rpc

setup = json.loads(_exchange.setup())
slave = rpc.rpc_uart_slave(115200, 3)
runs = setup["runs_before"]


def echo(data):
    return data


def add(data):
    return struct.pack("<i", sum(struct.unpack("<ii", data)))


def big(data):
    size = struct.unpack("<I", data)[0]
    return bytes(index & 255 if index < 20000 else 0 for index in range(size))


def nothing(data):
    return b""


def count(data):
    global runs
    runs += 1
    return struct.pack("<I", runs)


def slow(data):
    time.sleep_ms(struct.unpack("<I", data)[0])
    return b"done"


def stream_out(data):
    size = bytes(data[:4])
    frames = iter([bytes.fromhex(frame) for frame in setup["frames_hex"]])

    def write():
        try:
            slave.stream_writer(lambda: next(frames))
        except StopIteration:
            pass

    slave.schedule_callback(write)
    return size


def stream_in(data):
    depth = struct.unpack("<I", data)[0]
    slave.schedule_callback(
        lambda: slave.stream_reader(lambda frame: _exchange.frame(json.dumps(frame.hex())), queue_depth=depth)
    )
    return b""


for function in (echo, add, big, nothing, count, slow, stream_out, stream_in):
    slave.register_callback(function)
slave.loop()

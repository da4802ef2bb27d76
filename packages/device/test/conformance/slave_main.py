"""The functions that the recorded slave offered, on rpc.py."""

import json
import struct
import time

import _exchange
import rpc

setup = json.loads(_exchange.setup())
slave = {
    "uart": lambda: rpc.rpc_uart_slave(115200, 3),
    "can": rpc.rpc_can_slave,
    "i2c": rpc.rpc_i2c_slave,
    "spi": rpc.rpc_spi_slave,
}[setup["link"]]()
runs = setup["runs_before"]


def echo(data):
    return data


def add(data):
    return struct.pack("<i", sum(struct.unpack("<ii", data)))


def big(data):
    if setup["big_hex"] is not None:
        return bytes.fromhex(setup["big_hex"])
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
    # The slaves that were recorded on the other links answered with nothing.
    return size if setup["link"] == "uart" else b""


def stream_in(data):
    depth = struct.unpack("<I", data)[0]
    slave.schedule_callback(
        lambda: slave.stream_reader(lambda frame: _exchange.frame(json.dumps(frame.hex())), queue_depth=depth)
    )
    return b""


for function in (echo, add, big, nothing, count, slow, stream_out, stream_in):
    slave.register_callback(function)
slave.loop()

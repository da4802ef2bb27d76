"""Makes the calls of a recorded master, on rpc.py."""

import json

import _exchange
import rpc

setup = json.loads(_exchange.setup())
master = {
    "uart": lambda: rpc.rpc_uart_master(115200, 3),
    "can": rpc.rpc_can_master,
    "i2c": rpc.rpc_i2c_master,
    "spi": rpc.rpc_spi_master,
}[setup["link"]]()

for call in setup["calls"]:
    result = master.call(
        call["name"], bytes.fromhex(call["data_hex"]), send_timeout=call.get("send_timeout", 1000)
    )
    _exchange.result(json.dumps(None if result is None else result.hex()))

stream = setup["stream"]
if stream is not None and stream["direction"] == "s2m":
    master.stream_reader(lambda frame: _exchange.frame(json.dumps(frame.hex())), queue_depth=stream["queue_depth"])
elif stream is not None:
    frames = iter([bytes.fromhex(frame) for frame in stream["frames_hex"]])
    try:
        master.stream_writer(lambda: next(frames))
    except StopIteration:
        pass

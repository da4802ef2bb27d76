# What the virtual camera of the benchmarks runs: the documented library by itself, nothing generated.
import rpc


def echo(data):
    return data


slave = rpc.rpc_uart_slave(baudrate=115200)
slave.register_callback(echo)
slave.loop()

# What the virtual camera runs in the soak: an echo, and a stream that goes on until its reader has had enough.
import rpc

slave = rpc.rpc_uart_slave(baudrate=115200)
FRAME = bytes(1024)


def echo(data):
    return data


def frames(data):
    slave.schedule_callback(lambda: slave.stream_writer(lambda: FRAME))
    return data


slave.register_callback(echo)
slave.register_callback(frames)
slave.loop()

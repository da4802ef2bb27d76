# Answers everything in bench.idl; what it gives back shows that the arguments arrived.
import bench_rpc
import rpc


class Bench(bench_rpc.Bench):
    def tags(self, wanted):
        return wanted[::-1]

    def sum(self, values):
        return sum(values)

    def settings(self, name, gain, mode):
        return name, gain, mode

    def ticks(self):
        return (1 << 64) - 1

    def lambda_(self, x):
        return -x

    def a_minus_b(self, a, b):
        return a - b

    def maybe(self, json_text):
        return json_text["give"]

    def ping(self):
        print("pinged")


class Careful(bench_rpc.Careful):
    def divide(self, a, b):
        return a // b

    def nothing(self):
        pass


class Flow(bench_rpc.Flow):
    def count(self, to):
        return iter(range(to))

    def block(self):
        return bytes([i & 255 for i in range(1000)])


bench_rpc.serve(rpc.rpc_uart_slave(baudrate=115200), Bench(), Careful(), Flow())

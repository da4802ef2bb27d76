/** rpc.py on boards that lack one thing or another: what it falls back to, and what it says. */

import { startVirtualCamera } from "@rpcgen/device";
import { expect, it } from "vitest";

/** Runs a script on a board whose modules are these, and gives what it printed. */
async function run(script: string, modules: Readonly<Record<string, string>> = {}): Promise<string[]> {
  let printed = "";
  const camera = await startVirtualCamera({
    script,
    files: modules,
    link: { kind: "memory" },
    onOutput: (text) => {
      printed += text;
    },
  });
  const { error } = await camera.exited;
  expect(error).toBeNull();
  return printed.split("\n").slice(0, -1);
}

const TRY = `
import rpc
def tell(make):
    try:
        make()
        print("made")
    except Exception as error:
        print(type(error).__name__, error)
`;

it("can be imported where machine has nothing, and says what a class lacks", async () => {
  const script = `${TRY}
for make in (rpc.rpc_can_slave, rpc.rpc_i2c_slave, rpc.rpc_spi_slave, rpc.rpc_spi_master):
    tell(make)
print(rpc.rpc_slave()._stream_depth)
`;
  expect(await run(script, { "machine.py": "class Pin:\n    IN = OUT = 0\n", "pyb.py": "" })).toEqual([
    "NotImplementedError this board's MicroPython has no CAN bus: no pyb.CAN",
    "NotImplementedError this board's MicroPython has no I2C slave: no pyb.I2C",
    "NotImplementedError this board's MicroPython has no SPI slave: no pyb.SPI",
    expect.stringMatching(/^TypeError|^AttributeError/),
    "255",
  ]);
});

it("opens each link by the numbers of the documentation where none are given", async () => {
  const recorder = (kinds: string) => `
def tell(kind):
    class Bus:
        IN = OUT = MODE_NORMAL = 0
        IRQ_END_READ = 1
        IRQ_END_WRITE = 2
        def __init__(self, *numbers, **named):
            print(kind, list(numbers), sorted(named.items()))
        def set_filters(self, filters): print("filters", filters)
        def value(self, *level): pass
        def _readable(self): return False
    return Bus
${kinds}`;
  const machine = recorder(
    ["UART", "I2C", "SPI", "Pin", "CAN"].map((kind) => `${kind} = tell("${kind}")\n`).join(""),
  );
  const script = `
import rpc
for make in (rpc.rpc_uart_master, rpc.rpc_uart_slave, rpc.rpc_can_master, rpc.rpc_can_slave,
             rpc.rpc_i2c_master, rpc.rpc_spi_master, rpc.rpc_spi_slave):
    make()
slave = rpc.rpc_i2c_slave()
print(slave._device._address, slave._largest)
print(rpc.rpc_spi_slave()._polarity, rpc.rpc_spi_slave()._phase)
`;
  const uart = "UART [3, 9600] [('rxbuf', 1024), ('timeout', 0), ('timeout_char', 2)]";
  const can = ["CAN [2, 250000] [('mode', 0), ('sample_point', 75)]", "filters [(2047, 2047, 0)]"];
  const spiSlave = ["Pin ['P3', 0] []", "pyb.SPI [2] []"];
  const printed = await run(script, {
    "machine.py": machine,
    "pyb.py": recorder('SPI = tell("pyb.SPI")\nI2C = tell("pyb.I2C")\n'),
  });
  expect(printed).toEqual([
    ...[uart, uart, ...can, ...can],
    ...["I2C [2] [('freq', 100000)]", "Pin ['P3', 0] []"],
    "SPI [2] [('baudrate', 1000000), ('phase', 0), ('polarity', 1)]",
    ...[...spiSlave, "pyb.I2C [2] []", "18 65535"],
    ...[...spiSlave, ...spiSlave, "1 0"],
  ]);
});

it.each([
  ["five values, as pyb gives today", "(id, False, False, 0, data)", "DUAL = 7"],
  ["four values, as it gave once", "(id, False, 0, data)", "LIST32 = 8"],
])("serves on pyb.CAN: %s", async (_, answer, filter) => {
  const pyb = `
class CAN:
    NORMAL = 1
    ${filter}
    def __init__(self, bus, mode, *, baudrate, sample_point, auto_restart):
        print(bus, mode, baudrate, sample_point, auto_restart)
        self.waiting = []
    def setfilter(self, bank, mode, fifo, ids):
        print(bank, mode, fifo, ids)
    def any(self, fifo):
        return len(self.waiting) > 0
    def recv(self, fifo, *, timeout):
        id, data = self.waiting.pop(0)
        return ${answer}
    def send(self, data, id, *, timeout):
        self.waiting.append((id, bytes(data)))
`;
  const script = `
import rpc
slave = rpc.rpc_can_slave(message_id=0x123)
print(slave.put_bytes(bytes(range(20)), 100))
print([len(data) for _, data in slave._bus._can.waiting])
buff = bytearray(20)
print(slave.get_bytes(buff, 0) is buff, bytes(buff) == bytes(range(20)), slave.get_bytes(buff, 0))
`;
  const machine = "def idle(): pass\n";
  expect(await run(script, { "machine.py": machine, "pyb.py": pyb })).toEqual([
    "2 1 250000 75 True",
    `0 ${filter.slice(-1)} 0 [291, 291]`,
    "20",
    "[8, 8, 4]",
    "True True None",
  ]);
});

it("serves on pyb.I2C where there is no machine.I2CTarget", async () => {
  const pyb = `
class I2C:
    SLAVE = 5
    def __init__(self, bus):
        print("bus", bus)
    def init(self, mode, *, addr, dma):
        print("init", mode, addr, dma)
    def deinit(self):
        print("deinit")
    def recv(self, view, *, timeout):
        print("recv", len(view), timeout)
        view[0] = 7
    def send(self, view, *, timeout):
        raise OSError(110)
`;
  const script = `
import rpc
slave = rpc.rpc_i2c_slave()
buff = bytearray(80)
print(slave.get_bytes(buff, 100) is buff, buff[0])
print(slave.put_bytes(b"abcd", 100))
`;
  expect(await run(script, { "machine.py": "", "pyb.py": pyb })).toEqual([
    "bus 2",
    "init 5 18 True",
    "recv 80 110",
    "deinit",
    "True 7",
    "init 5 18 True",
    "deinit",
    "None",
  ]);
});

it("turns Ctrl-C off while it serves on USB, and on again", async () => {
  const script = `
import sys
class Micropython:
    const = None
    def kbd_intr(self, character):
        print("kbd_intr", character)
sys.modules["micropython"] = Micropython()
class Stdin:
    buffer = None
    def _readable(self):
        return False
class Sys:
    stdin = Stdin()
    stdout = Stdin()
sys.modules["sys"] = Sys()
import rpc
with rpc.rpc_usb_vcp_slave() as slave:
    print(slave.get_bytes(bytearray(4), 5))
slave = rpc.rpc_usb_vcp_slave()
slave.deinit()
`;
  expect(await run(script)).toEqual(["kbd_intr -1", "None", "kbd_intr 3", "kbd_intr -1", "kbd_intr 3"]);
});

/** Sockets of a script: what is readable is decided by the test. */
const SOCKETS = `
import sys
class Line:
    def __init__(self, name, chunks=()):
        self.name = name
        self.chunks = list(chunks)
        self.sent = b""
        self.waiting = []
    def setblocking(self, flag): pass
    def settimeout(self, seconds): pass
    def setsockopt(self, *option): pass
    def bind(self, address): print("bind", address)
    def listen(self, backlog): pass
    def accept(self): return self.waiting.pop(0), None
    def connect(self, address):
        print("connect", address)
        if refused: raise OSError(111)
    def readinto(self, buf):
        if not self.chunks: return None
        chunk = self.chunks.pop(0)
        buf[: len(chunk)] = chunk
        return len(chunk)
    def write(self, buf):
        self.sent += bytes(buf)
        return len(buf)
    def close(self): print("close", self.name)
    def _readable(self): return len(self.waiting) > 0 or len(self.chunks) > 0
refused = False
made = []
class Socket:
    SOL_SOCKET = SO_REUSEADDR = 1
    def socket(self):
        line = Line("line %d" % len(made))
        made.append(line)
        return line
    def getaddrinfo(self, host, port): return [(0, 0, 0, "", (host, port))]
sys.modules["socket"] = Socket()
import rpc
`;

it("takes the newest connection on TCP, as an older one may have gone silently", async () => {
  const script = `${SOCKETS}
slave = rpc.rpc_tcp_slave()
listener = made[0]
buff = bytearray(3)
print(slave.get_bytes(buff, 5), slave.put_bytes(b"x", 5))
first = Line("first", [b"ab", b"cd"])
listener.waiting.append(first)
print(slave.get_bytes(buff, 50), bytes(buff))
listener.waiting.append(Line("second", [b"xyz"]))
print(slave.get_bytes(buff, 50), bytes(buff))
print(slave.put_bytes(b"hello", 50), slave._line.name, slave._line.sent)
slave._line.chunks.append(b"")
print(slave.get_bytes(buff, 5), slave.put_bytes(b"x", 5))
`;
  expect(await run(script)).toEqual([
    "bind ('0.0.0.0', 7610)",
    "None None",
    "bytearray(b'abc') b'abc'",
    "close first",
    "bytearray(b'xyz') b'xyz'",
    "5 second b'hello'",
    "close second",
    "None None",
  ]);
});

it("connects as a TCP master when it has something to send, and again after the connection was lost", async () => {
  const script = `${SOCKETS}
master = rpc.rpc_tcp_master("camera", port=99)
refused = True
print(master.put_bytes(b"a", 5))
refused = False
print(master.put_bytes(b"bc", 5), made[-1].sent)
made[-1].chunks += [b"12", b"3"]
buff = bytearray(3)
print(master.get_bytes(buff, 50))
made[-1].chunks.append(b"")
print(master.get_bytes(buff, 5))
print(master.put_bytes(b"d", 5), made[-1].sent)
`;
  expect(await run(script)).toEqual([
    "connect ('camera', 99)",
    "close line 0",
    "None",
    "connect ('camera', 99)",
    "2 b'bc'",
    "bytearray(b'123')",
    "close line 1",
    "None",
    "connect ('camera', 99)",
    "1 b'd'",
  ]);
});

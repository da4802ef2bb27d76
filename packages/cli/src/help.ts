/** What `--help` prints. */
import { BOARDS } from "@rpcgen/codegen/boards";
import type { HelpTopic } from "./arguments.js";

const names = BOARDS.map((board) => board.name);
const boardNames = `${names.slice(0, 6).join(", ")},\n  ${names.slice(6).join(", ")}`;

const texts: Readonly<Record<HelpTopic, string>> = {
  rpcgen: `rpcgen: typed calls to OpenMV cameras and MicroPython boards

Usage
  rpcgen <file.idl> [options]         write TypeScript and MicroPython from an interface file
  rpcgen check <file.idl> …           mistakes and warnings only; what changed since an older file
  rpcgen explain <code>               what a code such as RPC1001 means and how to mend it
  rpcgen ports                        what a link can be opened on here, as URLs
  rpcgen simulate <camera_main.py>    run a camera script on a virtual camera

Options
  -o, --out <folder>      where the files go (this folder)
  -t, --target <names>    typescript, micropython, or both with a comma between (both)
      --check             write nothing; fail if the files on disk are not up to date
      --single-file       one MicroPython script to paste into an editor
  -b, --board <name>      the board: which links it has, their numbers, what its heap and floats hold
  -l, --link <name>       what the board's script serves on: uart, can, i2c, spi, usb or tcp (uart)
      --embed-schema      slaves carry their schema as text, so that $verify() can say what differs
      --format <name>     how mistakes are told: text, json or github (text)
  -h, --help              this text
  -v, --version           the version

For camera.idl it writes camera.types.ts, camera.master.ts, camera.slave.ts, camera_rpc.py,
camera_rpc.pyi and, only where it is not there yet, camera_main.py: that one is yours. Where the firmware
of the board has no rpc library for the link, it writes rpc.py too.

Boards
  ${boardNames}

Examples
  rpcgen camera.idl --out generated
  rpcgen camera.idl --board openmv-n6 --link usb
`,
  check: `rpcgen check: every mistake and warning of interface files; writes nothing

Usage
  rpcgen check <file.idl> … [options]
  rpcgen check <file.idl> --against <old.idl> [options]

With --against it also tells what has changed on the wire since an older file, function by function: errors
for what peers generated from the two would pack differently or not find, warnings for values that one of
them may send and the other refuses. What was only added is fine.

Options
      --against <file>    the older file, such as the one that the devices in the field were generated from
  -b, --board <name>      warns of what this board can't hold: f64 in 32-bit floats, results beyond its heap
      --format <name>     text, json (one array) or github (annotations of a workflow) (text)
  -h, --help              this text
`,
  explain: `rpcgen explain: what a code means, why it is a mistake, and how to mend it

Usage
  rpcgen explain <code>

Example
  rpcgen explain RPC1001
`,
  ports: `rpcgen ports: serial ports, CAN interfaces, I2C buses and SPI devices of this computer

Usage
  rpcgen ports [options]

Each line is the URL that openLink() takes, and what is there; boards known by their USB ids come first.

Options
      --format <name>     text or json (text)
  -h, --help              this text
`,
  simulate: `rpcgen simulate: a virtual camera that runs a camera script, unchanged, in a real MicroPython

Usage
  rpcgen simulate <camera_main.py> [options]

It wires one port of the camera, prints where that is, and serves until Ctrl-C: uart and usb are a
pseudo terminal, tcp is a port of this machine, and can, i2c and spi are a socket that speaks as
docs/virtual-camera.md says. Modules beside the script (camera_rpc.py) can be imported; csi and image
show a moving scene.

Options
  -l, --link <name>       the port that is wired: uart, can, i2c, spi, usb or tcp (uart)
      --listen <where>    of tcp, can, i2c and spi: a port of this machine, or the path of a Unix socket for
                          the buses (a free port)
      --seed <number>     which scene the camera sees (1)
  -h, --help              this text
`,
};

export function helpText(topic: HelpTopic): string {
  return texts[topic];
}

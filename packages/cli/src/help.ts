/** What `--help` prints. */
import type { HelpTopic } from "./arguments.js";

const texts: Readonly<Record<HelpTopic, string>> = {
  rpcgen: `rpcgen: typed calls to OpenMV cameras and MicroPython boards

Usage
  rpcgen <file.idl> [options]         write TypeScript and MicroPython from an interface file
  rpcgen check <file.idl> …           mistakes and warnings only; what changed since an older file
  rpcgen explain <code>               what a code such as RPC1001 means and how to mend it
  rpcgen simulate <camera_main.py>    run a camera script on a virtual camera

Options
  -o, --out <folder>      where the files go (this folder)
  -t, --target <names>    typescript, micropython, or both with a comma between (both)
      --check             write nothing; fail if the files on disk are not up to date
      --single-file       one MicroPython script to paste into an editor
      --embed-schema      slaves carry their schema as text, so that $verify() can say what differs
      --format <name>     how mistakes are told: text, json or github (text)
  -h, --help              this text
  -v, --version           the version

For camera.idl it writes camera.types.ts, camera.master.ts, camera.slave.ts, camera_rpc.py,
camera_rpc.pyi and, only where it is not there yet, camera_main.py: that one is yours.

Example
  rpcgen camera.idl --out generated
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
      --format <name>     text, json (one array) or github (annotations of a workflow) (text)
  -h, --help              this text
`,
  explain: `rpcgen explain: what a code means, why it is a mistake, and how to mend it

Usage
  rpcgen explain <code>

Example
  rpcgen explain RPC1001
`,
  simulate: `rpcgen simulate: a virtual camera that runs a camera script, unchanged, in a real MicroPython

Usage
  rpcgen simulate <camera_main.py> [options]

It opens a pseudo terminal as the camera's serial port, prints its path, and serves until Ctrl-C.
Modules beside the script (camera_rpc.py) can be imported; csi and image show a moving scene.

Options
      --seed <number>     which scene the camera sees (1)
  -h, --help              this text
`,
};

export function helpText(topic: HelpTopic): string {
  return texts[topic];
}

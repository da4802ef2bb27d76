// The two guests as commands: a User Mode Linux, and a virtual machine in QEMU that needs no KVM. Both show
// the machine's files read-only under a layer in memory, and the job's folder as /job. See lab/guest/.
import { join } from "node:path";

/** Fast to start, knows vcan; no hardware at all. */
export function userModeLinux({ program, modules }, job) {
  const args = [
    "mem=1024M",
    `umid=${job.split("/").at(-1)}`,
    `uml_dir=${join(job, "uml")}`,
    "root=/dev/root",
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    `init=${join(job, "uml-init.sh")}`,
    "con=null",
    "con0=null,fd:1",
    "ssl=null",
    "quiet",
    "loglevel=1",
    `job=${job}`,
    `modules=${modules}`,
  ];
  return { program, args };
}

/**
 * An instruction takes 2^1 ns of the guest's clock, however long the emulation needs for it. So a busy machine makes the
 * guest slower and nothing in it late, and its processor is as fast by its own clock as that of a small board.
 */
const INSTRUCTION_SHIFT = 1;

/** Has two CAN cards on one bus, a USB host that takes adapters over a socket, and an SPI controller. */
export function virtualMachine({ image, modules }, job) {
  const args = [
    ...["-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-smp", "1"],
    ...["-icount", `shift=${INSTRUCTION_SHIFT}`],
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio"],
    ...["-kernel", image, "-initrd", join(job, "initrd")],
    ...["-append", "console=ttyS0 quiet loglevel=1 panic=-1"],
    ...sharedFolder("root", "/", "readonly=on,multidevs=remap"),
    ...sharedFolder("modules", modules, "readonly=on"),
    ...sharedFolder("job", job, "readonly=off"),
    ...["-device", "virtio-rng-pci", "-object", "can-bus,id=bus"],
    ...["-device", "kvaser_pci,canbus=bus", "-device", "kvaser_pci,canbus=bus"],
  ];
  return { program: "qemu-system-x86_64", args };
}

function sharedFolder(tag, path, options) {
  const device = `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`;
  return ["-fsdev", `local,id=${tag},path=${path},security_model=none,${options}`, "-device", device];
}

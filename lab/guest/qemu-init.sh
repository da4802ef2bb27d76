#!/bin/busybox sh
# The first process of the virtual machine, in its initial memory disk: loads what 9p needs, mounts the
# machine's root read-only, gives it an overlay in memory, and runs the job in that.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
for module in $(cat /modules.order); do insmod "/modules/$module"; done
mkdir -p /lower /memory
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 root /lower || poweroff -f
mount -t tmpfs -o mode=755 tmpfs /memory
mkdir -p /memory/up /memory/work /memory/new
mount -t overlay -o lowerdir=/lower,upperdir=/memory/up,workdir=/memory/work,xino=off overlay /memory/new ||
  poweroff -f
cd /memory/new
mkdir -p job "lib/modules/$(uname -r)" proc sys dev run
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 modules "lib/modules/$(uname -r)"
mount -t 9p -o trans=virtio,version=9p2000.L,cache=none,msize=512000 job job
mount -t proc proc proc
exec switch_root /memory/new /bin/busybox sh /job/run-job.sh

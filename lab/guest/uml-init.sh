#!/bin/sh
# The first process of a User Mode Linux: the machine's root, read-only by hostfs, gets an overlay in
# memory, and the job runs in that. job= and modules= on the command line are folders of the machine.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc # first of all: what hostfs shows there is the outside, and busybox looks into it
word() { sed "s/.*[ ]$1=\([^ ]*\).*/\1/" /proc/cmdline; }
JOB=$(word job) MODULES=$(word modules) KERNEL=$(uname -r)
busybox insmod "$MODULES/kernel/fs/overlayfs/overlay.ko"
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir -p /mnt/up /mnt/work /mnt/new
mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work,xino=off overlay /mnt/new ||
  busybox poweroff -f
cd /mnt/new
mkdir -p job "lib/modules/$KERNEL" proc sys dev run
mount -t hostfs -o "$MODULES" none "lib/modules/$KERNEL"
mount -t hostfs -o "$JOB" none job
mount -t proc proc proc
exec chroot /mnt/new /bin/sh /job/run-job.sh

# The first process once the guest has its files: finishes the system, runs the job that the laboratory
# wrote, leaves its exit code and switches the guest off. Runs inside the guest only.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm /run
mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
ip link set lo up
/bin/sh /job/job.sh </dev/null
echo $? >/job/exit
sync
busybox poweroff -f

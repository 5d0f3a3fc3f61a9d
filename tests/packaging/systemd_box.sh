#!/usr/bin/env bash
# Becomes systemd, as the first process of namespaces of its own: it sees the machine's files, and
# what it writes is in memory and gone with it. No network but its own loopback.
#
#   unshare --pid --mount --net --uts --ipc --cgroup --fork --kill-child \
#     systemd_box.sh EMPTY_FOLDER PROGRAM
#
# Needs root. PROGRAM becomes /usr/bin/sojourn in there, and the units are those of packaging/.
set -euo pipefail
box="$1" program="$2"
packaging="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../packaging" && pwd)"
root="$box/root"

mount --make-rprivate /
mount -t tmpfs -o size=512m tmpfs "$box"
mkdir "$box/changes" "$box/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$box/changes,workdir=$box/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
while read -r name major minor; do
  mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
NODES
mkdir "$root/dev/shm" "$root/dev/pts" "$root/dev/mqueue" "$root/dev/hugepages"
mount -t devpts devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"

if [[ "$(stat -f -c %T /sys/fs/cgroup)" == cgroup2fs ]]; then
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
  mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
  mkdir "$root/sys/fs/cgroup/systemd"
  mount -t cgroup -o none,name=systemd,xattr cgroup "$root/sys/fs/cgroup/systemd"
fi

install -m 0755 "$program" "$root/usr/bin/sojourn"
install -m 0644 "$packaging/systemd/sojourn@.service" "$root/usr/lib/systemd/system/"
install -m 0644 "$packaging/systemd/sojourn.sysusers" "$root/usr/lib/sysusers.d/sojourn.conf"
printf '[Unit]\nDefaultDependencies=no\n' >"$root/usr/lib/systemd/system/sojourn-box.target"

mkdir "$root/outside"
cd "$root"
pivot_root . outside
cd /
umount -l /outside
# What systemd mounts for a service has to reach the service.
mount --make-rshared /
ip link set lo up
systemd-sysusers sojourn.conf
exec env -i container=docker PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /usr/lib/systemd/systemd --system --unit=sojourn-box.target --log-target=null --show-status=no

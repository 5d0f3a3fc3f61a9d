#!/usr/bin/env python3
"""What a file system says of a sync that is under way while it is shut down.

A thread appends to a plain file and syncs each piece; another shuts the file system down (GOINGDOWN, without
its journal). Then it is mounted again, and what had been confirmed is looked for. Where pieces are missing, the
kernel has confirmed a sync that it did not do. A real power cut cannot: nobody is left to be told. So the
cases of power cuts freeze the daemon first.

    cut_race.py ext4|xfs CUTS [SEED]     needs root, loop mounts, mkfs.ext4 or mkfs.xfs
"""
import fcntl
import os
import random
import struct
import subprocess
import sys
import tempfile
import threading

GOING_DOWN = 0x8004587D
WITHOUT_THE_JOURNAL = 2
PIECE = 4096
MAKE = {"ext4": ("24M", "mkfs.ext4 -q -m 0"), "xfs": ("320M", "mkfs.xfs -q")}


def shell(text):
    subprocess.run(text, shell=True, check=True)


def append_until_it_fails(file, wanted, synced, reached):
    while True:
        try:
            os.pwrite(file, struct.pack(">I", synced[0] + 1) * (PIECE // 4), synced[0] * PIECE)
            os.fdatasync(file)
        except OSError:
            return
        synced[0] += 1
        if synced[0] == wanted:
            reached.set()


def found_in(path, most):
    with open(path, "rb") as file:
        data = file.read()
    found = 0
    while found < most and data[found * PIECE : found * PIECE + 4] == struct.pack(">I", found + 1):
        found += 1
    return found


def cut(folder, image, wanted):
    path = os.path.join(folder, "file")
    file = os.open(path, os.O_CREAT | os.O_WRONLY)
    place = os.open(folder, os.O_RDONLY)
    os.fsync(file)
    os.fsync(place)
    synced, reached = [0], threading.Event()
    thread = threading.Thread(target=append_until_it_fails, args=(file, wanted, synced, reached))
    thread.start()
    reached.wait()
    fcntl.ioctl(place, GOING_DOWN, struct.pack("I", WITHOUT_THE_JOURNAL))
    thread.join()
    os.close(file)
    os.close(place)
    shell(f"umount {folder} && mount -o loop {image} {folder}")
    found = found_in(path, synced[0])
    os.remove(path)
    return synced[0] - found


def main():
    kind, cuts = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    chance = random.Random(seed)
    size, make = MAKE[kind]
    with tempfile.TemporaryDirectory() as scratch:
        folder, image = os.path.join(scratch, "mount"), os.path.join(scratch, "image")
        os.mkdir(folder)
        shell(f"truncate -s {size} {image} && {make} {image} >/dev/null && mount -o loop {image} {folder}")
        try:
            lost = [cut(folder, image, chance.randrange(2, 60)) for _ in range(cuts)]
        finally:
            shell(f"umount {folder}")
    print(f"{kind}, seed {seed}: {sum(n > 0 for n in lost)} of {cuts} cuts lost pieces that a sync had confirmed, "
          f"at most {max(lost)} in a cut")


if __name__ == "__main__":
    main()

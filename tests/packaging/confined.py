#!/usr/bin/env python3
"""Becomes a program under what the systemd unit forbids its process: system calls outside the
filter, families of sockets, memory that is writable and executable. As the unit's own user has no
privileges, root becomes nobody first.

    confined.py PROGRAM [ARGUMENT…]

systemd answers a forbidden call with an error, as the unit says. Here it ends the process with
SIGSYS, so that nothing that is tried goes unnoticed.
"""

import ctypes
import errno
import os
import pathlib
import re
import socket
import struct
import sys

import unit_file

NOBODY = 65534
NUMBERS = pathlib.Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")

# linux/bpf_common.h, linux/seccomp.h, linux/audit.h
LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
KILL, ERROR, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
X86_64 = 0xC000003E
X32_BIT = 0x40000000
NUMBER, ARCHITECTURE = 0, 4  # in seccomp_data
PROT_WRITE, PROT_EXEC, SHM_EXEC = 2, 4, 0o100000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2


def is_possible():
    return NUMBERS.exists() and os.uname().machine == "x86_64" and unit_file.ANALYZE is not None


def numbers():
    """The number of each system call of this machine, by name."""
    return {name: int(number) for name, number in
            re.findall(r"^#define __NR_(\w+) (\d+)$", NUMBERS.read_text(), re.MULTILINE)}


def argument(index):
    """Where its lower half is in seccomp_data."""
    return 16 + 8 * index


class Filter:
    """Instructions of classic BPF. A jump that is not taken goes on with the next."""

    def __init__(self):
        self.code = []

    def add(self, operation, value, if_true=0, if_false=0):
        self.code.append(struct.pack("=HBBI", operation, if_true, if_false, value))

    def end_if_number_is(self, number, block):
        """`block` is a list of instructions for this call alone; the last of them returns."""
        self.add(EQUAL, number, 0, len(block))
        for instruction in block:
            self.add(*instruction)

    def install(self):
        code = b"".join(self.code)
        buffer = ctypes.create_string_buffer(code, len(code))
        program = struct.pack("HP", len(self.code), ctypes.addressof(buffer))
        libc = ctypes.CDLL(None, use_errno=True)
        for words in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, FILTER, program, 0, 0)):
            if libc.prctl(*words) != 0:
                raise OSError(ctypes.get_errno(), "prctl")


def never_both(index, bits):
    """Ends the process if all of these bits are set in that argument."""
    return [(LOAD, argument(index)), (AND, bits), (EQUAL, bits, 0, 1), (RETURN, KILL),
            (RETURN, ALLOW)]


def filter_of(unit):
    settings, number = unit_file.settings(unit), numbers()
    out = Filter()
    out.add(LOAD, ARCHITECTURE)
    out.add(EQUAL, X86_64, 1, 0)
    out.add(RETURN, KILL)
    out.add(LOAD, NUMBER)
    out.add(AT_LEAST, X32_BIT, 0, 1)
    out.add(RETURN, KILL)
    families = [getattr(socket, name) for name in settings["RestrictAddressFamilies"][0].split()]
    block = [(LOAD, argument(0))]
    for family in families:
        block += [(EQUAL, family, 0, 1), (RETURN, ALLOW)]
    # glibc asks for a family that is not let through, and goes on without it.
    out.end_if_number_is(number["socket"], [*block, (RETURN, ERROR | errno.EAFNOSUPPORT)])
    if settings["MemoryDenyWriteExecute"] == ["yes"]:
        out.end_if_number_is(number["mmap"], never_both(2, PROT_WRITE | PROT_EXEC))
        out.end_if_number_is(number["mprotect"], never_both(2, PROT_EXEC))
        out.end_if_number_is(number["shmat"], never_both(2, SHM_EXEC))
    for name in sorted(unit_file.allowed_calls(unit) & number.keys()):
        out.end_if_number_is(number[name], [(RETURN, ALLOW)])
    out.add(RETURN, KILL)
    return out


def confine():
    """This process and all that it becomes."""
    confinement = filter_of(unit_file.UNIT.read_text())
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    confinement.install()


def main():
    # Found while it can be: its folder may be root's alone.
    program = os.open(sys.argv[1], os.O_RDONLY | os.O_CLOEXEC)
    confine()
    os.execve(program, sys.argv[1:], os.environ)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Holds one thread of a process as a debugger does, until the thread dies: it stands still while
the others go on. Says `held` when it does.

    hold_thread.py PROCESS NAME_OF_THREAD
"""

import ctypes
import os
import pathlib
import sys

SEIZE, INTERRUPT = 0x4206, 0x4207
WALL = 0x40000000


def main():
    tasks = pathlib.Path(f"/proc/{sys.argv[1]}/task")
    [thread] = [int(task.name) for task in tasks.iterdir()
                if (task / "comm").read_text() == f"{sys.argv[2]}\n"]
    libc = ctypes.CDLL(None, use_errno=True)
    for request in (SEIZE, INTERRUPT):
        if libc.ptrace(request, thread, None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(thread, WALL)
    print("held", flush=True)
    while True:
        _, status = os.waitpid(thread, WALL)
        if os.WIFSIGNALED(status) or os.WIFEXITED(status):
            return


if __name__ == "__main__":
    main()

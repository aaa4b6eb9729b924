"""Run a program that does not outlive the one that started it.

    python leash.py SIGNAL PARENT_PID UID:GID PROGRAM ARGUMENT...

On Linux the kernel sends SIGNAL to the program when its parent dies, however it dies. Elsewhere the next start ends
what was left (see `process.end_leftover`). A script of its own rather than `preexec_fn`, which is not safe once the
parent has threads; it becomes the program, so nothing of it stays.
"""

import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    death_signal, parent, identity, *command = sys.argv[1:]
    prctl = None
    if sys.platform == "linux":
        import ctypes  # before the change of user, who may not be allowed to read Python's own files

        prctl = ctypes.CDLL(None).prctl
    if identity:
        uid, gid = (int(part) for part in identity.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, int(death_signal))  # after the change of user, which would clear it
        if os.getppid() != int(parent):
            sys.exit("the process that started this one is gone")
    os.execv(command[0], command)


main()

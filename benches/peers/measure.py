"""What a command takes."""

import os
import statistics
import subprocess
import sys
import time


class Run:
    """A process that has ended: seconds of the clock and of the processor, and its most memory in MB."""

    def __init__(self, command, stdin=None, check=True):
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.out, self.err = process.communicate(stdin)
        self.wall = time.perf_counter() - began
        if check and process.returncode:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {self.err.strip()}")


def timed(command, stdin=None):
    """Runs it under Python's own eyes, for what only a parent is told: processor time and memory."""
    before = os.times()
    run = Run([sys.executable, "-c", WATCH, *command], stdin)
    after = os.times()
    run.cpu = after.children_user + after.children_system - before.children_user - before.children_system
    run.err, _, peak = run.err.rstrip().rpartition("\n")
    run.peak_mb = int(peak) / 1024
    return run


# The largest child's memory is the command's: this process has no other.
WATCH = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def forget(path):
    """Lets the system drop a file from its memory."""
    for name in (path, path + ".wal"):
        if os.path.exists(name):
            file = os.open(name, os.O_RDONLY)
            os.fsync(file)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def spread(values):
    """Median, and from least to most."""
    return f"{statistics.median(values):.3g} ({min(values):.3g}–{max(values):.3g})"

"""Measurements against their targets (`make bench`)."""

from pathlib import Path


def peak_mib() -> float:
    """The most memory that this process has held. (ru_maxrss would tell that of the one that started it, too.)"""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024

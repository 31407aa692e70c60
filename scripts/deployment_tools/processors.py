"""CPU quotas of devices, using control groups v1 or v2."""

import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
NAME = "flora-deployment"
PERIOD_US = 20_000
"""The quota is renewed 50 times per second, so that a slow device runs slowly instead of pausing for a tenth of a second."""
LARGEST_WEIGHT = 10_000


class Processors:
    """One group per device with a share of a core, and one without a limit for the server and links.

    They have priority over other processes on the machine, whose load would otherwise distort the measurement.
    """

    def __init__(self, shares: dict[str, float]):
        self.is_unified = (ROOT / "cgroup.controllers").exists()
        self.folder = (ROOT if self.is_unified else ROOT / "cpu") / NAME
        self.shares = shares

    def __enter__(self) -> "Processors":
        if self.is_unified:
            (ROOT / "cgroup.subtree_control").write_text("+cpu")
        self.folder.mkdir(exist_ok=True)
        if self.is_unified:
            (self.folder / "cgroup.subtree_control").write_text("+cpu")
            (self.folder / "cpu.weight").write_text(str(LARGEST_WEIGHT))
        else:
            (self.folder / "cpu.shares").write_text(str(26 * LARGEST_WEIGHT))
        for name, share in [*self.shares.items(), ("server", None)]:
            group = self.group(name)
            group.mkdir(exist_ok=True)
            if share is not None:
                self.limit(group, share)
        return self

    def limit(self, group: Path, share: float) -> None:
        quota = round(share * PERIOD_US)
        if self.is_unified:
            (group / "cpu.max").write_text(f"{quota} {PERIOD_US}")
        else:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota))

    def group(self, name: str) -> Path:
        return self.folder / name

    def __exit__(self, *_) -> None:
        for group in [*(self.group(name) for name in self.shares), self.group("server"), self.folder]:
            if not group.exists():
                continue
            for process in (group / "cgroup.procs").read_text().split():
                try:
                    (self.folder.parent / "cgroup.procs").write_text(process)
                except OSError:
                    pass  # it has ended
            group.rmdir()


def busy_cores(seconds: float = 3) -> float:
    """The number of cores that the machine's processes keep busy during the next `seconds`."""
    before = idle_seconds()
    time.sleep(seconds)
    return (os.cpu_count() or 1) - (idle_seconds() - before) / seconds


def idle_seconds() -> float:
    """Idle time of all cores since boot; waiting for storage counts as idle."""
    first = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return (int(first[4]) + int(first[5])) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet(deadline: float, most: float = 0.3) -> float:
    """Waits until other processes use less than `most` cores, or until the deadline; returns their final load."""
    while (busy := busy_cores()) > most and time.monotonic() < deadline:
        pass
    return busy


def join(group: str | Path) -> None:
    """Moves this process into a group."""
    (Path(group) / "cgroup.procs").write_text(str(os.getpid()))

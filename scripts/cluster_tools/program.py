"""The program, started alone and on several ranks, and what its runs leave."""

import dataclasses
import os
import pathlib
import subprocess
from collections.abc import Callable

# Open MPI refuses to run as root, as in a container, unless it is told twice.
MPI_ENVIRONMENT = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    # What runs are compared by must not depend on how many cores this machine has.
    "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
    # mpirun's second between SIGTERM and SIGKILL is too short for a checkpoint on a machine that has other work. It always waits
    # this long, twice, after a rank has died.
    "OMPI_MCA_odls_base_sigkill_timeout": "2",
}
SMALL = pathlib.Path("Tests/Fixtures/golden/small.yaml")


@dataclasses.dataclass
class Program:
    """Two builds of flora, of which the second has Open MPI and may be missing."""

    flora: pathlib.Path
    flora_mpi: pathlib.Path | None
    folder: pathlib.Path
    say: Callable[[str], None]

    def __post_init__(self) -> None:
        self.environment = os.environ | MPI_ENVIRONMENT | {"FLORA_CACHE": str(self.folder / "cache")}

    def alone(self, arguments: list[str], **options: object) -> subprocess.Popen:
        """Starts it as one process."""
        return self._start([self.flora, "run", *arguments], **options)

    def on_ranks(self, count: int, arguments: list[str], **options: object) -> subprocess.Popen:
        """Starts it on so many ranks."""
        return self._start(["mpirun", "-n", str(count), self.flora_mpi, "run", *arguments], **options)

    def _start(self, command: list[object], **options: object) -> subprocess.Popen:
        return subprocess.Popen(
            [str(word) for word in command], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            **options,
        )


def finish(process: subprocess.Popen, seconds: float = 600) -> tuple[int, str]:
    """The exit code of a process, and what it said; a process that hangs is killed and has the code -999."""
    try:
        errors = process.communicate(timeout=seconds)[1].decode(errors="replace")
    except subprocess.TimeoutExpired:
        process.kill()
        return -999, process.communicate()[1].decode(errors="replace") + " HUNG"
    return process.returncode, errors


def overrides(*changes: str) -> list[str]:
    """As the command line takes them."""
    return [word for change in changes for word in ("--set", change)]

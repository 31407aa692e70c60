"""A Slurm of its own on this machine, and the scripts of scripts/slurm run by it."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

from kill_tools.results import contents, difference

from .program import SMALL, Program, finish, overrides

# As many as sbatch's files ask for, whatever the machine has.
PROCESSORS = 32


def check(program: Program, quick: bool, kills: int | None, seed: int) -> int:
    """How many of the jobs did not leave what one process leaves."""
    if os.geteuid() != 0:
        program.say("slurm: left out, as its daemons need root")
        return 0
    with cluster(program) as environment:
        faults = _sweep(program, environment)
        if program.flora_mpi:
            faults += _run(program, environment)
            if not quick:
                faults += _time_limit(program, environment)
                faults += _interrupts(program, environment)
        faults += _wrong_use(program, environment)
    return faults


def _sweep(program: Program, environment: dict[str, str]) -> int:
    """An array of three over a sweep of seven combinations."""
    scenario = program.folder / "sweep.yaml"
    text = SMALL.read_text(encoding="utf-8")
    scenario.write_text(f"{text}\nsweep: {{ seed: [1, 2, 3, 4, 5, 6, 7] }}\n", encoding="utf-8")
    reference, folder = program.folder / "sweep-reference", program.folder / "sweep"
    code, errors = finish(program.alone([scenario, "--quiet", "--out", reference]))
    begun = time.monotonic()
    job = _submit(
        "scripts/slurm/sweep.sbatch", environment, FLORA=program.flora, SWEEP=scenario, OUT=folder,
        options=["--array=1-3", "--cpus-per-task=1", f"--output={program.folder}/sweep-%a.log"],
    )
    states = _wait(job, environment)
    wrong = difference(contents(folder), contents(reference))
    log = "" if not wrong else _logs(program, "sweep-*.log")
    program.say(
        f"sweep.sbatch: {states} in {time.monotonic() - begun:.0f} s: {wrong + log if wrong else 'equal'}"
    )
    return bool(wrong) or code != 0


def _run(program: Program, environment: dict[str, str]) -> int:
    """Three ranks by srun."""
    reference, folder = program.folder / "run-reference", program.folder / "run"
    finish(program.alone(["scenarios/kill-test.yaml", "--quiet", "--out", reference]))
    begun = time.monotonic()
    job = _submit(
        "scripts/slurm/run.sbatch", environment, FLORA=program.flora_mpi, SCENARIO="scenarios/kill-test.yaml",
        OUT=folder,
        options=[
            "--nodes=1", "--ntasks-per-node=3", "--cpus-per-task=1", "--mem=2G", f"--output={program.folder}/run.log"
        ],
    )
    states = _wait(job, environment)
    wrong = difference(contents(folder), contents(reference))
    log = "" if not wrong else _logs(program, "run.log")
    program.say(f"run.sbatch: {states} in {time.monotonic() - begun:.0f} s: {wrong + log if wrong else 'equal'}")
    return bool(wrong)


def _time_limit(program: Program, environment: dict[str, str]) -> int:
    """A run that is told that its time is up: it leaves a checkpoint, is queued again, and goes on."""
    scenario = program.folder / "long.yaml"
    text = pathlib.Path("scenarios/kill-test.yaml").read_text(encoding="utf-8")
    scenario.write_text(text.replace("rounds: 8", "rounds: 60"), encoding="utf-8")
    reference, folder = program.folder / "long-reference", program.folder / "long"
    finish(program.alone([scenario, "--quiet", "--out", reference]))
    job = _submit(
        "scripts/slurm/run.sbatch", environment, FLORA=program.flora_mpi, SCENARIO=scenario, OUT=folder,
        options=[
            "--nodes=1", "--ntasks-per-node=2", "--cpus-per-task=1", "--mem=2G", f"--output={program.folder}/long.log",
            # Slurm's limits are whole minutes, and it may tell a minute early.
            "--time=2", "--signal=B:USR1@115",
        ],
    )
    states = _wait(job, environment)
    log = _logs(program, "long.log")
    wrong = difference(contents(folder), contents(reference))
    goes = log.count("resuming from")
    program.say(f"run.sbatch with a time limit: {states}, went on {goes} times: {wrong + log if wrong else 'equal'}")
    if not goes:
        program.say(f"its time was not up before its end: {log}")
    return bool(wrong) or not goes


def _interrupts(program: Program, environment: dict[str, str]) -> int:
    """Three ranks by srun that are asked to stop; two ranks resume."""
    faults = 0
    expected = contents(program.folder / "run-reference")
    for what, stop in [("scancel", _cancel), ("Ctrl-C twice", _interrupt)]:
        folder = program.folder / "interrupt"
        process = _srun(program, environment, 3, folder)
        _wait_for_rows(folder)
        stop(process, environment)
        begun = time.monotonic()
        code, errors = finish(process, 30)
        seconds = time.monotonic() - begun
        said = [line for line in errors.splitlines() if line.startswith("Interrupted")]
        wrong = ""
        if stop is _cancel and (len(said) != 1 or not (folder / "checkpoint.flora").exists()):
            wrong = f"{len(said)} sentences: {errors.strip()[-1000:]}"
        again, errors = finish(_srun(program, environment, 2, folder, "--resume"))
        wrong += difference(contents(folder), expected) or (f"resumed: {errors.strip()}" if again else "")
        faults += bool(wrong)
        program.say(f"{what} of srun: exit code {code} after {seconds:.1f} s, resumed on 2 ranks: {wrong or 'equal'}")
        shutil.rmtree(folder, ignore_errors=True)
    return faults


def _cancel(process: subprocess.Popen, environment: dict[str, str]) -> None:
    # The job is the only one.
    subprocess.run(["scancel", "--user=root"], env=environment, check=False)


def _interrupt(process: subprocess.Popen, environment: dict[str, str]) -> None:
    # The first Ctrl-C makes srun show the state of its tasks; a second one within a second makes it kill them.
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)


def _srun(
    program: Program, environment: dict[str, str], ranks: int, folder: pathlib.Path, *more: str
) -> subprocess.Popen:
    return subprocess.Popen(
        [
            "srun", "--mpi=pmix", "--kill-on-bad-exit=1", "-n", str(ranks), "--mem=2G", program.flora_mpi, "run",
            "scenarios/kill-test.yaml", "--quiet", "--workers", "1", "--out", folder, *more,
        ],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )


def _wait_for_rows(folder: pathlib.Path, seconds: float = 120) -> None:
    """Waits until a run has written some rows."""
    limit = time.monotonic() + seconds
    table = folder / "rounds.csv"
    while time.monotonic() < limit:
        if table.exists() and table.read_bytes().count(b"\n") > 3:
            return
        time.sleep(0.1)


def _wrong_use(program: Program, environment: dict[str, str]) -> int:
    """A build without MPI by srun with several tasks."""
    folder = program.folder / "srun"
    process = subprocess.Popen(
        ["srun", "-n", "3", program.flora, "run", SMALL, "--quiet", "--out", folder],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )
    code, errors = finish(process, 60)
    count = errors.count("has no MPI support")
    if (code, count, folder.exists()) == (2, 1, False):
        program.say("srun of a build without MPI: one sentence, exit code 2")
        return 0
    program.say(f"srun of a build without MPI: exit code {code}, {count} sentences: {errors.strip()}")
    return 1


def _submit(script: str, environment: dict[str, str], options: list[str], **variables: object) -> str:
    """The number of the job."""
    exports = ",".join(["ALL", *(f"{name}={value}" for name, value in variables.items())])
    done = subprocess.run(
        ["sbatch", "--parsable", f"--export={exports}", *options, script],
        env=environment, capture_output=True, text=True, check=True,
    )
    return done.stdout.strip()


def _wait(job: str, environment: dict[str, str], seconds: float = 900) -> str:
    """Waits until a job has ended with all its tasks, and gives their states."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        done = subprocess.run(
            ["scontrol", "show", "job", job], env=environment, capture_output=True, text=True, check=False
        )
        states = re.findall(r"JobState=(\w+)", done.stdout)
        if states and all(state in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL") for state in states):
            return " ".join(states)
        if "Requeued_in_held" in done.stdout or "JobHeld" in done.stdout:
            subprocess.run(["scontrol", "release", job], env=environment, check=False)
        time.sleep(1)
    subprocess.run(["scancel", job], env=environment, check=False)
    return f"not ended after {seconds:.0f} s ({' '.join(states)})"


def _logs(program: Program, pattern: str) -> str:
    return "\n" + "\n".join(
        f"{file.name}: {file.read_text(encoding='utf-8', errors='replace').strip()}"
        for file in sorted(program.folder.glob(pattern))
    )


@contextlib.contextmanager
def cluster(program: Program) -> Iterator[dict[str, str]]:
    """Starts munge, a controller and one node, and gives the environment in which their commands find them."""
    with tempfile.TemporaryDirectory(prefix="flora-slurm-") as name:
        folder = pathlib.Path(name)
        # munge refuses a socket in a folder that others cannot enter.
        folder.chmod(0o755)
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        for part in ("state", "spool"):
            (folder / part).mkdir()
        configuration = folder / "slurm.conf"
        configuration.write_text(_configuration(folder), encoding="utf-8")
        environment = program.environment | {"SLURM_CONF": str(configuration)}
        _munge(folder)
        pids = [folder / name for name in ("slurmd.pid", "slurmctld.pid", "munged.pid")]
        try:
            for command in (["slurmctld", "-c", "-f", configuration], ["slurmd", "-f", configuration]):
                subprocess.run(command, env=environment, check=True)
            _wait_for_node(environment)
            yield environment
        finally:
            subprocess.run(["scancel", "--user=root", "--full"], env=environment, check=False)
            for pid in pids:
                if pid.exists():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(pid.read_text(encoding="utf-8")), 15)
            time.sleep(2)
            shutil.rmtree(folder / "spool", ignore_errors=True)


def _munge(folder: pathlib.Path) -> None:
    subprocess.run(
        [
            "munged", "--force", f"--key-file={folder}/munge.key", f"--socket={folder}/munge.socket",
            f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed",
        ],
        check=True, stderr=subprocess.DEVNULL,
    )


def _wait_for_node(environment: dict[str, str]) -> None:
    for _ in range(60):
        done = subprocess.run(
            ["sinfo", "-h", "-o", "%T"], env=environment, capture_output=True, text=True, check=False
        )
        if done.stdout.strip() == "idle":
            return
        time.sleep(0.5)
    raise SystemExit(f"the node of this machine's Slurm is {done.stdout.strip() or 'not there'} {done.stderr}")


def _configuration(folder: pathlib.Path) -> str:
    host = socket.gethostname().split(".")[0]
    ports = [_free_port() for _ in range(2)]
    return f"""\
ClusterName=flora
SlurmctldHost={host}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=2
NodeName={host} CPUs={PROCESSORS} RealMemory=100000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]

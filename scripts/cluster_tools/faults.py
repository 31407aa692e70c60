"""Ranks that are killed or asked to stop, and runs that go on with another number of them."""

import os
import pathlib
import random
import signal
import shutil
import time

from kill_tools.results import contents, difference

from .program import SMALL, Program, finish, overrides

SCENARIO = pathlib.Path("scenarios/kill-test.yaml")
# As it is, changes are sent to rank 0, because they are compressed. Without compression, those of full fine-tuning stay on the ranks,
# which add them up; with persistent moments, checkpoints contain changes of updates that are still on their way. The other methods
# are then short, so that most kills hit that one.
VARIANTS = [
    [],
    [
        "server.compression=none", "methods.flora.local_epochs=1", "methods.fedlc.local_epochs=1",
        "methods.fedfft.optimizer_state=persistent", "methods.fedfft.local_epochs=4",
    ],
]
# Seconds within which a run whose rank is gone has to end.
PATIENCE = 20
# Seconds for which a rank is stopped at the end of a run.
SLOWNESS = 9


def check(program: Program, quick: bool, kills: int | None, seed: int) -> int:
    """How many runs did not end as they have to, or left other bytes after they went on."""
    count = kills or (4 if quick else 30)
    faults = 0
    references = []
    for changes in VARIANTS:
        reference = program.folder / f"faults-reference-{len(references)}"
        scenario = [SCENARIO, "--quiet", *overrides(*changes)]
        code, errors = finish(program.alone([*scenario, "--out", reference]))
        if code:
            program.say(f"alone: exit code {code}: {errors.strip()}")
            return 1
        references.append(([*scenario, "--workers", "1"], rows_of(reference), contents(reference)))
    program.say(f"seed {seed}, {count} kills")
    for number in range(1, count + 1):
        draws = random.Random(f"{seed} {number}")
        faults += _trial(program, number, draws, *references[number % len(references)])
    return faults + _slow_end(program)


def _slow_end(program: Program) -> int:
    """Two ranks that wait for a third one at the end, as on a machine with too much to do."""
    folder = program.folder / "slow-end"
    process = program.on_ranks(3, [SMALL, "--quiet", "--set", "training=none", "--out", folder])
    while process.poll() is None and not (folder / "rounds.csv").exists():
        time.sleep(0.005)
    target = rank_process(process.pid, 2)
    if target:
        os.kill(target, signal.SIGSTOP)
        time.sleep(SLOWNESS)
        os.kill(target, signal.SIGCONT)
    code, errors = finish(process, 60)
    program.say(
        f"rank 2 stopped for {SLOWNESS if target else 0} s at the end: exit code {code} {errors.strip()[-500:]}"
    )
    return int(code != 0)


def _trial(
    program: Program, number: int, draws: random.Random, arguments: list[object], rows_expected: int,
    expected: dict[str, bytes],
) -> int:
    # Any rank of three is killed, or mpirun is asked to stop, by Ctrl-C or by a scheduler.
    victim = draws.choices([0, 1, 2, signal.SIGTERM, signal.SIGINT], [4, 4, 4, 1, 1])[0]
    # Before the first row, or after some of them: how long a run takes depends on the machine's load.
    rows, delay = draws.randrange(rows_expected), draws.uniform(0.3, 2)
    folder = program.folder / f"trial-{number}"
    process = program.on_ranks(3, [*arguments, "--out", folder])
    while rows_of(folder) < rows and process.poll() is None:
        time.sleep(0.02)
    time.sleep(delay)
    was_running = process.poll() is None
    begun = time.monotonic()
    if isinstance(victim, signal.Signals):
        process.send_signal(victim)
        what = f"{victim.name} to mpirun"
    else:
        target = rank_process(process.pid, victim)
        if target:
            os.kill(target, signal.SIGKILL)
        was_running = was_running and target is not None
        what = f"SIGKILL to rank {victim}"
    code, errors = finish(process, PATIENCE)
    seconds = time.monotonic() - begun
    said = [line for line in errors.splitlines() if line.startswith(("flora: rank", "Interrupted"))]
    has_finished = (folder / "manifest.json").exists()
    wrong = ""
    if code == -999:
        wrong = f", DID NOT END within {PATIENCE} s"
    elif was_running and not has_finished:
        if code == 0:
            wrong = ", ENDED with exit code 0"
        elif not said and not folder.exists() and "mpirun noticed that process rank" in errors:
            # Nothing else can tell before MPI has connected the ranks.
            said = ["mpirun's own sentence, before the ranks were connected"]
        elif len(said) != 1:
            wrong = f", {len(said)} SENTENCES: {errors.strip()[-1000:]}"
    faults = int(bool(wrong))
    state = "a checkpoint" if (folder / "checkpoint.flora").exists() else "no checkpoint"
    if has_finished:
        state = "finished"
    again, errors = finish(program.on_ranks(2, [*arguments, "--out", folder, "--resume"]))
    # A run that was killed while its last files were written is finished, and says so.
    wrong_files = difference(contents(folder), expected)
    if again or wrong_files:
        faults += 1
        wrong += f", resumed: exit code {again} {errors.strip()[-300:]} DIFFERENT {wrong_files}"
    program.say(
        f"{number:3}  {what} {delay:.2f} s after row {rows}: exit code {code} in {seconds:.1f} s, "
        f"{'; '.join(said) if said else 'no sentence'}; {state}{wrong or ', resumed on 2 ranks: equal'}"
    )
    shutil.rmtree(folder, ignore_errors=True)
    return faults


def rows_of(folder: pathlib.Path) -> int:
    """The rows that a run has written to rounds.csv."""
    table = folder / "rounds.csv"
    return max(0, table.read_bytes().count(b"\n") - 1) if table.exists() else 0


def rank_process(parent: int, rank: int) -> int | None:
    """The process of a rank that an mpirun has started."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent and f"OMPI_COMM_WORLD_RANK={rank}".encode() in environment:
            return int(entry.name)
    return None

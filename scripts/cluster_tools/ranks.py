"""The same bytes on any number of ranks."""

import json
import pathlib
import shutil

from golden_tools import cases
from kill_tools.results import contents, difference

from .program import Program, finish, overrides

# Among the golden cases, those with most state besides the version (moments, control variates, personal models, residuals), and
# those with other versions or tests than the server's: edges, tests of clients, novel classes.
NAMES = [
    "persistent-late-kept", "scaffold-late", "fedbuff-hinge-top-k-shared", "lora-fedsa", "codec-top-k-late",
    "edges-asynchronous", "edges-failures-shared", "course-personal", "course-novel-classes", "persistent-fedasync",
    "scaffold", "fedbuff", "lora-fedex", "lora-stacking-sizes-deadline", "codec-sign", "kinds", "fedprox-bf16",
    "privacy-poisson", "untrained",
]
QUICK = ["persistent-late-kept", "scaffold-late", "fedbuff-hinge-top-k-shared", "lora-fedsa", "edges-failures-shared"]


def check(program: Program, quick: bool, kills: int | None, seed: int) -> int:
    """How many runs differ from those of one process, or wrong uses are not refused."""
    known = {case.name: case for case in cases.read_file(pathlib.Path("Tests/Fixtures/golden/cases.txt"))}
    faults = 0
    for name in QUICK if quick else NAMES:
        case = known[name]
        arguments = [case.scenario, "--quiet", *overrides(*case.overrides)]
        reference, folder = program.folder / "reference", program.folder / "ranks"
        for old in (reference, folder):
            shutil.rmtree(old, ignore_errors=True)
        code, errors = finish(program.alone([*arguments, "--out", reference, "--workers", "2"]))
        if code:
            program.say(f"{name}: alone, exit code {code}: {errors.strip()}")
            faults += 1
            continue
        expected = contents(reference)
        for ranks, workers in [(2, 1), (3, 2)] if quick else [(n, w) for n in (1, 2, 3, 5) for w in (1, 2)]:
            code, errors = finish(
                program.on_ranks(ranks, [*arguments, "--out", folder, "--workers", str(workers), "--force"])
            )
            wrong = f"exit code {code}: {errors.strip()}" if code else difference(contents(folder), expected)
            faults += bool(wrong)
            program.say(f"{name}: {ranks} ranks x {workers} workers: {wrong or 'equal'}{_traffic(folder)}")
    return faults + _wrong_use(program)


def _traffic(folder: pathlib.Path) -> str:
    """How much went between ranks."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if "ranks" not in manifest:
        return ""
    traffic = manifest["ranks"]
    sent, received = (sum(amount["bytes"] for amount in traffic[way].values()) for way in ("sent", "received"))
    others = sum(rank.get("bytes_to_others") or 0 for rank in traffic["ranks"])
    sums = traffic["received"].get("sums", {"bytes": 0})["bytes"]
    return (
        f", {sent / 1e6:.2f} MB from rank 0, {received / 1e6:.2f} MB to it, of which {sums / 1e6:.2f} MB for sums; "
        f"{others / 1e6:.2f} MB between others"
    )


def _wrong_use(program: Program) -> int:
    """A build without MPI under mpirun, and bad input under mpirun: one sentence, exit code 2, nothing written."""
    faults = 0
    folder = program.folder / "wrong"
    arguments = ["Tests/Fixtures/golden/small.yaml", "--quiet", "--out", folder]
    for what, flora, more, words in [
        ("a build without MPI", program.flora, [], "has no MPI support"),
        ("a scenario that is not there", program.flora_mpi, ["--set", "data.path=/nowhere"], "/nowhere"),
        ("a wrong key", program.flora_mpi, ["--set", "server.rouns=3"], "rouns"),
    ]:
        process = program._start(["mpirun", "-n", "3", flora, "run", *arguments, *more])
        code, errors = finish(process, 60)
        count = errors.count(words)
        if (code, count, folder.exists()) != (2, 1, False):
            faults += 1
            program.say(f"{what}: exit code {code}, {count} times {words!r}, folder {folder.exists()}: {errors.strip()}")
        else:
            program.say(f"{what}: one sentence, exit code 2")
    return faults

import argparse
from collections import defaultdict
from pathlib import Path
from statistics import fmean as mean

from . import comparison
from .transfers import Kind, durations, scenario

FIXTURES = Path("Tests/Fixtures/tcp")
QUEUES = {
    "shared100": "one drop-tail queue",
    "shared100fq": "round-robin queue",
    "shared100q300k": "drop-tail queue of 300 kB",
}


def percent(value):
    return f"{100 * value:.1f} %"


def quantile(values, part):
    return sorted(values)[round(part * (len(values) - 1))]


def single_table(errors):
    by_group = defaultdict(list)
    for (experiment, loss, size, _, name), values in errors.items():
        by_group[experiment, loss, size, name] += values
    yield "| queue | loss | bytes | cells | fluid: mean error | tcp: mean | median | nine in ten | worst |"
    yield "|---|---|---|---|---|---|---|---|---|"
    queues = {"main": "1 BDP", "buffer0.25": "1/4 BDP", "buffer4": "4 BDP"}
    order = {name: index for index, name in enumerate(queues)}
    keys = sorted({key[:3] for key in by_group}, key=lambda key: (order[key[0]], *key[1:]))
    for experiment, loss in sorted({key[:2] for key in keys}, key=lambda key: (order[key[0]], key[1])):
        sizes = [key[2] for key in keys if key[:2] == (experiment, loss)]
        for size in sizes + [None]:
            chosen = sizes if size is None else [size]
            fluid, tcp = (
                sum((by_group[experiment, loss, one, name] for one in chosen), [])
                for name in ("fluid", "tcp")
            )
            label = "all" if size is None else f"{size:,}"
            yield (
                f"| {queues[experiment]} | {percent(loss)} | {label} | {len(tcp)} | {percent(mean(fluid))} |"
                f" {percent(mean(tcp))} | {percent(quantile(tcp, 0.5))} | {percent(quantile(tcp, 0.9))} | {percent(max(tcp))} |"
            )


def shared_table(means, lasts, names):
    yield "| transfers at once | queue | loss | " + " | ".join(f"{name}: class's mean, last" for name in names) + " |"
    yield "|---|---|---|" + "---|" * len(names)
    for experiment, flows, loss in sorted({key[:3] for key in means}, key=lambda key: (key[1], key[2], key[0])):
        cells = [
            f"{percent(mean(means[experiment, flows, loss, name]))}, {percent(mean(lasts[experiment, flows, loss, name]))}"
            for name in names
        ]
        yield f"| {flows} | {QUEUES[experiment]} | {percent(loss)} | " + " | ".join(cells) + " |"


def ratios(flora):
    yield "| link | transport | 98,304 bytes | 60,000,000 bytes | ratio |"
    yield "|---|---|---|---|---|"
    for rate, rtt in ((100, 24), (8, 80)):
        for name, loss in (("fluid", 0), ("tcp", 0), ("tcp", 0.001)):
            small, large = (
                mean(
                    durations(
                        flora, scenario([Kind(rate, rtt, 200)], size, comparison.transport(name, loss)), "down"
                    )[0]
                )
                for size in (98_304, 60_000_000)
            )
            lossy = f", {percent(loss)} lost" if loss else ""
            yield f"| {rate} Mbit/s, {rtt} ms | {name}{lossy} | {small:.3f} s | {large:.2f} s | {large / small:.0f} |"


def main():
    parser = argparse.ArgumentParser(prog="scripts/check-tcp")
    parser.add_argument("--flora", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("results/tcp/README.md"))
    options = parser.parse_args()
    if options.draws < 1:
        parser.error("--draws takes a whole number of at least 1")
    errors = comparison.single(options.flora, comparison.rows(FIXTURES / "single.csv"), options.draws)
    transports = {
        "fluid": lambda loss: "fluid",
        "tcp, equal": lambda loss: comparison.transport("tcp", loss),
        "tcp, inverse-rtt": lambda loss: comparison.transport("tcp", loss, fields=", sharing: inverse-rtt"),
    }
    means, lasts = comparison.shared(options.flora, comparison.rows(FIXTURES / "shared.csv"), transports)
    lines = [
        "# Transfers beside a kernel's TCP",
        "",
        "`scripts/check-tcp` makes this page: it runs the transfers of `Tests/Fixtures/tcp`, which Linux's TCP took, as scenarios. Errors are those of a"
        " cell's time, the median without loss and the mean with it; each cell is a rate of 5 to 300 Mbit/s and a round trip of 10 to 300 ms.",
        "",
        "## One transfer at a time",
        "",
        *single_table(errors),
        "",
        "## Many through one link of 100 Mbit/s",
        "",
        *shared_table(means, lasts, list(transports)),
        "",
        "## What it does to LoRA against full fine-tuning",
        "",
        *ratios(options.flora),
        "",
    ]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("\n".join(lines))
    print(options.out)


if __name__ == "__main__":
    main()

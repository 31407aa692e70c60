"""The study's tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable

from .markdown import amount, percent, table
from .measures import Mean, Measures

# Parts of the way to the accuracy of the paper's best method, which the costs are measured to.
WAYS = (0.25, 0.5)


def sections(measures: Measures) -> list[str]:
    """The tables of the parts that have run, with their headings."""
    parts: list[tuple[str, Callable[[Measures], list[str]]]] = [
        ("splits", accuracies), ("splits", worst_deciles), ("splits", costs), ("novel", novel), ("few-shot", few_shot),
        ("two-classes", two_classes), ("personal", personal), ("bases", bases), ("devices", devices),
        ("learning-rates", rates),
    ]  # fmt: skip
    return [section for part, make in parts if measures.parts.get(part) for section in make(measures)]


def accuracies(measures: Measures) -> list[str]:
    """Accuracy on the test images."""
    sections = ["## Final accuracy", "Accuracy on test images after the last round, in per cent:"]
    return sections + _by_split(measures, "accuracy")


def worst_deciles(measures: Measures) -> list[str]:
    """Accuracy of those whom the model serves worst."""
    words = (
        "Accuracy of the tenth of the clients with the lowest, each on its own held-out samples, after the last round, "
        "in per cent. A client of few samples holds few out, so that these numbers vary much:"
    )
    return ["## The worst decile of clients", words] + _by_split(measures, "worst_decile")


def _by_split(measures: Measures, column: str) -> list[str]:
    sections = []
    for (data,) in measures.keys("splits", "data"):
        splits = [split for name, split in measures.keys("splits", "data", "split") if name == data]
        methods = [method for name, method in measures.keys("splits", "data", "method") if name == data]
        rows = [
            [
                "before training",
                *(percent(measures.first(column, "splits", data, split, methods[0])) for split in splits),
            ]
        ]
        rows += [
            [method, *(percent(measures.last(column, "splits", data, split, method)) for split in splits)]
            for method in methods
        ]
        sections.append(table([data, *splits], rows))
    return sections


def costs(measures: Measures) -> list[str]:
    """What it cost to get part of the way to the best method."""
    sets = [data for data, split in measures.splits_of() if split == "iid"]
    words = (
        "Bytes of all clients, virtual time and joules on the IID split until a target, if all seeds reached it. "
        "Versions are tested every second round."
    )
    sections = ["## Cost to target", words]
    for way in WAYS:
        targets = ", ".join(f"{data} {100 * measures.target(way, data, 'iid'):.1f} %" for data in sets)
        sections.append(
            f"{100 * way:.0f} % of the way from the accuracy before training to that of the paper's best method: "
            f"{targets}."
        )
        rows = [
            [method, *(_cost(measures, way, data, method) for data in sets)]
            for (method,) in measures.keys("splits", "method")
        ]
        sections.append(table(["method", *sets], rows))
    return [*sections, "![Accuracy against bytes of the paper's methods, by data set](accuracy-by-bytes.svg)"]


def _cost(measures: Measures, way: float, data: str, method: str) -> str:
    run = (way, data, "iid", method)
    bytes_, time, energy = (measures.to_target(column, *run) for column in ("bytes", "virtual_time_s", "energy_j"))
    if bytes_ is None or time is None or energy is None:
        return "-"
    return f"{amount(bytes_.value, 'B')}, {amount(time.value, 's')}, {amount(energy.value, 'J')}"


def novel(measures: Measures) -> list[str]:
    """Accuracy on classes that no client had."""
    words = (
        "Accuracy on base classes among the base classes, on novel classes among the novel ones, and the harmonic mean "
        "of both means, in per cent, on the IID split. fedlc and fedvmlc have a classifier of all classes and cannot "
        "be tested so."
    )
    sections = ["## Base and novel classes", words]
    for (data,) in measures.keys("novel", "data"):
        methods = [
            method
            for name, method in measures.keys("novel", "data", "method")
            if name == data and measures.runs("novel", data, "iid", method, variant="novel")
        ]
        if not methods:
            continue
        rows = [["before training", *_base_and_novel(measures.first, data, methods[0])]]
        rows += [[method, *_base_and_novel(measures.last, data, method)] for method in methods]
        sections.append(table([data, "base", "novel", "harmonic mean"], rows))
    return sections


def _base_and_novel(at: Callable[..., Mean | None], data: str, method: str) -> list[str]:
    base, new = (
        at(column, "novel", data, "iid", method, variant="novel") for column in ("base_accuracy", "novel_accuracy")
    )
    assert base is not None and new is not None
    total = base.value + new.value
    harmonic = 2 * base.value * new.value / total if total else 0.0
    return [percent(base), percent(new), f"{100 * harmonic:.1f}"]


def few_shot(measures: Measures) -> list[str]:
    """Accuracy with few samples of each class for each client."""
    words = (
        "Accuracy on test images after the last round, in per cent; five clients with so many samples of each class:"
    )
    sections = ["## Few shots", words]
    for (data,) in measures.keys("few-shot", "data"):
        variants = [variant for name, variant in measures.keys("few-shot", "data", "variant") if name == data]
        methods = [method for (method,) in measures.keys("few-shot", "method")]
        rows = [["before training", *_by_shots(measures.first, data, variants, methods[0])]]
        rows += [[method, *_by_shots(measures.last, data, variants, method)] for method in methods]
        sections.append(table([data, *(variant.split()[0] for variant in variants)], rows))
    return sections


def _by_shots(at: Callable[..., Mean | None], data: str, variants: list[str], method: str) -> list[str]:
    return [percent(at("accuracy", "few-shot", data, "few-shot", method, variant=variant)) for variant in variants]


def two_classes(measures: Measures) -> list[str]:
    """What helps where clients have two classes each."""
    words = (
        "Accuracy on test images after the last round, in per cent, on the split with two classes for each client; "
        "learning rates are chosen anew for each change:"
    )
    sections = ["## Two classes for each client: what helps", words]
    for (data,) in measures.keys("two-classes", "data"):
        variants = [variant for name, variant in measures.keys("two-classes", "data", "variant") if name == data]
        methods = [method for name, method in measures.keys("two-classes", "data", "method") if name == data]
        run = (data, "two classes")
        rows = [
            [
                method,
                percent(measures.first("accuracy", "splits", *run, method)),
                percent(measures.last("accuracy", "splits", *run, method)),
                *(
                    percent(measures.last("accuracy", "two-classes", *run, method, variant=variant))
                    for variant in variants
                ),
            ]
            for method in methods
        ]
        sections.append(table([data, "before training", "no change", *variants], rows))
    return sections


def personal(measures: Measures) -> list[str]:
    """Whether clients do better with parameters of their own."""
    words = (
        "Mean accuracy of the clients, each with its model on its own held-out samples, after the last round, in per "
        "cent; with everything shared, and where each client keeps its B (flora) or its classifier (fedvmlc):"
    )
    sections = ["## Personal parts", words]
    for (data,) in measures.keys("personal", "data"):
        runs = [run for name, *run in measures.keys("personal", "data", "split", "method") if name == data]
        rows = [
            [
                f"{method}, {split}",
                percent(measures.first("client_accuracy", "splits", data, split, method)),
                percent(measures.last("client_accuracy", "splits", data, split, method)),
                percent(measures.last("client_accuracy", "personal", data, split, method, variant="personal")),
            ]
            for split, method in runs
        ]
        sections.append(table([data, "before training", "shared", "personal"], rows))
    return sections


def base_part(base: str) -> str:
    """The part that has a base's runs on the IID split."""
    return "splits" if base == "nano" else "bases"


def bases(measures: Measures) -> list[str]:
    """Whether a better base brings LoRA closer to full fine-tuning."""
    words = (
        "Accuracy on test images after the last round, in per cent, on the IID split, from bases of shorter "
        "pretrainings; nano has 16,000 steps. The distance is that of flora to fedfft in points; the share "
        "is what flora gains of fedfft's gain."
    )
    sections = ["## Weaker bases", words]
    for (data,) in measures.keys("bases", "data"):
        methods = [method for name, method in measures.keys("bases", "data", "method") if name == data]
        rows = []
        for base in compared_bases(measures, data):
            start, low, high = base_line(measures, data, base)
            rows.append(
                [
                    base,
                    percent(start),
                    *(
                        percent(measures.last("accuracy", base_part(base), data, "iid", each, base=base))
                        for each in methods
                    ),
                    f"{100 * (high.value - low.value):.1f}",
                    f"{100 * (low.value - start.value) / (high.value - start.value):.0f} %",
                ]
            )
        sections.append(table([data, "before training", *methods, "distance", "share"], rows))
    return [*sections, "![Accuracy by base, before training and after](bases.svg)"]


def compared_bases(measures: Measures, data: str) -> list[str]:
    """The bases that have runs of flora and of full fine-tuning, from the weakest."""
    bases = [base for name, base in measures.keys("bases", "data", "base") if name == data] + ["nano"]
    return [
        base
        for base in bases
        if all(measures.runs(base_part(base), data, "iid", method, base=base) for method in ("flora", "fedfft"))
    ]


def base_line(measures: Measures, data: str, base: str) -> tuple[Mean, Mean, Mean]:
    """The accuracy from a base before training, with flora, and with full fine-tuning."""
    run = (base_part(base), data, "iid")
    start = measures.first("accuracy", *run, "flora", base=base)
    low, high = (measures.last("accuracy", *run, method, base=base) for method in ("flora", "fedfft"))
    assert start is not None and low is not None and high is not None
    return start, low, high


def devices(measures: Measures) -> list[str]:
    """Who has the memory."""
    words = (
        "A thousand phones of the fleet `phones-2025` with CLIP ViT-B/32, PyTorch, the paper's plan and batches of 32; "
        "nothing is trained. In the other tables every device has the memory, so that accuracy does not depend on it."
    )
    rows = [
        [
            row["method"],
            f"{int(row['trainable_parameters']):,}",
            amount(float(row["payload_bytes"]), "B"),
            amount(float(row["peak_memory_bytes"]), "B"),
            f"{100 * float(row['eligible_share']):.1f} %",
        ]
        for (method,) in measures.keys("devices", "method")
        for row in measures.parts["devices"]
        if row["method"] == method
    ]
    return [
        "## Devices that can participate",
        words,
        table(["method", "trained", "one update", "peak memory", "phones"], rows),
    ]


def rates(measures: Measures) -> list[str]:
    """The learning rates in use."""
    words = "Chosen of five values in steps of about three, marked `*` if it is the smallest or the largest of them:"
    sections = ["## Learning rates", words]
    methods = list(
        dict.fromkeys(method for base, method in measures.keys("learning-rates", "base", "method") if base == "nano")
    )
    columns = [
        (data, split)
        for data, split, variant in measures.keys("learning-rates", "data", "split", "variant")
        if variant == "" or split == "few-shot"
    ]
    columns = list(dict.fromkeys(columns))
    rows = []
    for data, split in columns:
        cells = []
        for method in methods:
            rate = measures.rate(data, split, method)
            cells.append("-" if rate is None else rate[0] + ("*" if rate[1] else ""))
        rows.append([f"{data}, {split}", *cells])
    return sections + [table(["", *methods], rows)]

"""The columns of every table that the program writes: type, unit and meaning.

`python3 -m flora_results` prints them as a Markdown page, of which docs/tables.md is a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "category", "integer", "optional integer", "number"]

# In the order in which flora lists the outcomes of a task.
OUTCOMES = (
    "completed",
    "dropped_download",
    "dropped_training",
    "dropped_upload",
    "outage",
    "late",
    "stale",
    "rejected",
    "edge_failed",
    "excluded_memory",
    "unavailable",
)

# All units of columns. Names and identifiers have the empty unit.
UNITS = {
    "": "a name or an identifier",
    "1": "a count, a ratio or another number without a unit",
    "s": "seconds",
    "B": "bytes",
    "B/s": "bytes per second",
    "bit/s": "bits per second",
    "FLOP": "floating-point operations",
    "FLOP/s": "floating-point operations per second",
    "J": "joules",
}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: The name in the header.
        kind: What the fields hold. `integer` has a value in every row; an empty field of an
            `optional integer` is `pd.NA`; an empty field and `NaN` of a `number` are both NaN.
        unit: A key of `UNITS`.
        meaning: One sentence.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str

    @property
    def dtype(self) -> str:
        """The name of the pandas type."""
        return {
            "text": "str",
            "category": "category",
            "integer": "int64",
            "optional integer": "Int64",
            "number": "float64",
        }[self.kind]


_METHOD = Column("method", "category", "", "The name of the method in the scenario.")
_SEED = Column("seed", "integer", "", "The seed of the run.")
_WIRE = (
    Column("wire_bytes_down", "integer", "B", "Bytes down with framing and packet headers."),
    Column("wire_bytes_up", "integer", "B", "Bytes up with framing and packet headers."),
)

_ROUNDS = (
    _METHOD,
    _SEED,
    Column("round", "integer", "1", "The server version; row 0 is the untrained start."),
    Column("virtual_time_s", "number", "s", "Virtual wall-clock time at which the version was made."),
    Column("test_accuracy", "number", "1", "Accuracy on the test images; empty in a timing-only run."),
    Column("test_loss", "number", "1", "Cross-entropy on the test images; NaN if it is not finite."),
    Column("train_loss", "number", "1", "Mean training loss of the tasks since the previous row, weighted by samples."),
    Column("selected", "integer", "1", "Devices selected since the previous row."),
    Column("completed", "integer", "1", "Tasks whose update was used."),
    Column(
        "dropped", "integer", "1",
        "Tasks that ended through client dropout, an outage, or an edge failure.",
    ),
    Column("late", "integer", "1", "Tasks whose update arrived late or stale (stragglers)."),
    Column("excluded_memory", "integer", "1", "Selected devices with insufficient memory."),
    Column("bytes_down", "integer", "B", "Bytes from the server to devices since the previous row."),
    Column("bytes_up", "integer", "B", "Bytes from devices to the server since the previous row."),
    Column("cumulative_bytes", "integer", "B", "Bytes in both directions since the method's start."),
    Column("wasted_bytes", "integer", "B", "Bytes of tasks whose update was not used."),
    Column("device_flops", "integer", "FLOP", "Operations of the devices since the previous row."),
    Column("device_energy_j", "number", "J", "Energy of the devices since the previous row; empty without power figures."),
    Column("peak_memory_bytes", "integer", "B", "The largest peak memory of any task since the previous row."),
    Column("unavailable", "integer", "1", "Selected devices that were offline or failed while offline."),
    Column("wasted_flops", "integer", "FLOP", "Operations of tasks whose update was not used."),
    Column("wasted_energy_j", "number", "J", "Energy of tasks whose update was not used."),
    Column("rejected", "integer", "1", "Updates rejected because they contained NaN or infinite values."),
    Column("epsilon", "number", "1", "Privacy spent so far, at the scenario's delta; empty without privacy."),
    Column("lora_bias", "number", "1", "Norm of the difference between the mean of the clients' products B A and the product of their averaged factors."),
    *_WIRE,
    Column("edges_completed", "optional integer", "1", "Edge versions that the cloud aggregated; empty without a topology."),
    Column("edges_failed", "optional integer", "1", "Edges that failed."),
    Column("backhaul_bytes_down", "optional integer", "B", "Bytes from the cloud to edges, not counted in those of devices."),
    Column("backhaul_bytes_up", "optional integer", "B", "Bytes from edges to the cloud."),
    Column("backhaul_wire_bytes_down", "optional integer", "B", "Backhaul bytes down with framing and packet headers."),
    Column("backhaul_wire_bytes_up", "optional integer", "B", "Backhaul bytes up with framing and packet headers."),
    Column("backhaul_s", "number", "s", "Time of the transfers between cloud and edges, summed over the edges."),
    Column("edge_energy_j", "number", "J", "Energy of the edges; empty if they set no power."),
    Column("client_accuracy_mean", "number", "1", "Mean accuracy of the clients, each on its own held-out samples."),
    Column("client_accuracy_worst_decile", "number", "1", "Mean of the tenth of the clients, rounded up, with the lowest accuracy."),
    Column("client_accuracy_sd", "number", "1", "Standard deviation of the clients' accuracy, dividing by their number."),
    Column("fine_tuned_accuracy_mean", "number", "1", "Mean accuracy after fine-tuning; clients that cannot fine-tune count with their unchanged accuracy."),
    Column("fine_tuned_accuracy_worst_decile", "number", "1", "Worst decile after fine-tuning."),
    Column("fine_tuned_accuracy_sd", "number", "1", "Standard deviation after fine-tuning."),
    Column("base_accuracy", "number", "1", "Accuracy on test images of base classes, among the base classes."),
    Column("novel_accuracy", "number", "1", "Accuracy on test images of novel classes, among the novel classes."),
    Column("harmonic_mean_accuracy", "number", "1", "Harmonic mean of base and novel accuracy."),
)

_TASKS = (
    _METHOD,
    _SEED,
    Column("round", "integer", "1", "The server version that the task works for."),
    Column("client", "integer", "", "The number of the device."),
    Column("device_class", "category", "", "The class of the device."),
    Column("outcome", "category", "", "How the task ended."),
    Column("start_s", "number", "s", "Virtual time at which the task started."),
    Column("download_s", "number", "s", "Time spent downloading; empty if the phase never began."),
    Column("train_s", "number", "s", "Time spent training; empty if the phase never began."),
    Column("upload_s", "number", "s", "Time spent uploading; empty if the phase never began."),
    Column("end_s", "number", "s", "Virtual time at which the task ended."),
    Column("samples", "integer", "1", "Training samples of the device."),
    Column("steps", "optional integer", "1", "Optimizer steps; empty if no update reached the server."),
    Column("bytes_down", "integer", "B", "Bytes downloaded."),
    Column("bytes_up", "integer", "B", "Bytes uploaded."),
    Column("flops", "integer", "FLOP", "Operations computed."),
    Column("energy_j", "number", "J", "Energy spent; empty without power figures."),
    Column("peak_memory_bytes", "integer", "B", "Peak memory that the task needs."),
    Column("train_loss", "number", "1", "Mean loss before each step; empty if nothing was trained."),
    Column("execution_plan", "category", "", "The execution plan of the device: reference or cached."),
    Column("batch_size", "integer", "1", "The batch size on the device."),
    Column("rank", "optional integer", "1", "The LoRA rank on the device, if the method sets aggregation."),
    *_WIRE,
    Column("techniques", "category", "", "Precision, checkpointing and micro-batches that differ from the defaults, as `KEY=VALUE`."),
    Column("edge", "optional integer", "", "The edge that the device belongs to; empty without a topology."),
    Column("edge_round", "optional integer", "1", "The edge's own version that the task works for, counted from 1."),
)

_EDGES = (
    _METHOD,
    _SEED,
    Column("round", "integer", "1", "The server version that the edge works for."),
    Column("edge", "integer", "", "The number of the edge."),
    Column("outcome", "category", "", "completed: the cloud aggregated its version; stale: its version was too old; failed; unfinished: the run ended, or no device of the edge can take part anymore."),
    Column("start_s", "number", "s", "Virtual time at which the cloud began to send its version."),
    Column("download_s", "number", "s", "Time of the download over the backhaul; empty if it never began."),
    Column("work_s", "number", "s", "Time of the edge's own rounds; empty if they never began."),
    Column("upload_s", "number", "s", "Time of the upload over the backhaul; empty if it never began."),
    Column("end_s", "number", "s", "Virtual time at which the work ended."),
    Column("edge_rounds", "integer", "1", "Versions that the edge made between its download and its upload."),
    Column("updates", "integer", "1", "Updates of its devices since its last upload."),
    Column("samples", "integer", "1", "Training samples of those updates: the weight of the edge's version."),
    Column("bytes_down", "integer", "B", "Bytes over the backhaul to the edge."),
    Column("bytes_up", "integer", "B", "Bytes over the backhaul to the cloud."),
    *_WIRE,
    Column("energy_j", "number", "J", "Energy of the edge from start to end; empty if edges set no power."),
)

_MEASURES = (
    Column("start_accuracy", "number", "1", "Accuracy before training."),
    Column("final_accuracy", "number", "1", "Accuracy of the last version."),
    Column("best_accuracy", "number", "1", "The highest accuracy of any version."),
    Column("bytes_to_target", "optional integer", "B", "Bytes to the target accuracy; empty if it was not reached."),
    Column("time_to_target_s", "number", "s", "Virtual time to the target accuracy; empty if it was not reached."),
    Column("bytes_down", "integer", "B", "Bytes from the server to devices."),
    Column("bytes_up", "integer", "B", "Bytes from devices to the server."),
    Column("virtual_time_s", "number", "s", "Virtual wall-clock time of the run."),
    Column("bytes_per_round_per_client", "number", "B", "Bytes in both directions per participation."),
    Column("trainable_parameters", "integer", "1", "Parameters that are trained and sent."),
    Column("payload_bytes", "integer", "B", "The size of one update in one direction."),
    Column("peak_memory_bytes", "integer", "B", "The largest peak memory that any device needs."),
    Column("eligible_share", "number", "1", "Share of the devices with sufficient memory."),
    Column("wasted_share", "number", "1", "Share of all bytes spent on tasks whose update was not used."),
    Column("device_flops", "integer", "FLOP", "Operations of all devices."),
    Column("device_energy_j", "number", "J", "Energy of all devices; empty without power figures."),
    Column("wasted_flops_share", "number", "1", "Share of all operations spent on tasks whose update was not used."),
)

_SUMMARY = (
    _METHOD,
    _SEED,
    Column("rounds", "integer", "1", "Server versions made."),
    Column("best_round", "optional integer", "1", "The version with the highest accuracy."),
    Column("target_accuracy", "number", "1", "The target accuracy of the scenario."),
    *_MEASURES,
    *(
        Column(f"{measure.name}_vs_full", "number", "1", f"`{measure.name}` divided by full fine-tuning's.")
        for measure in _MEASURES
    ),
    Column("remark", "text", "", "A note about the run, such as versions without an update."),
    *_WIRE,
)

_SEED_SUMMARY = (
    _METHOD,
    Column("seeds", "integer", "1", "The number of seeds."),
    *(
        Column(f"{measure.name}_{suffix}", "number", measure.unit, f"{words} of `{measure.name}` over the seeds.")
        for measure in _MEASURES
        for suffix, words in (
            ("mean", "Mean"),
            ("sd", "Standard deviation"),
            ("ci95", "Half the width of the 95 % confidence interval of the mean"),
        )
    ),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "rounds": _ROUNDS,
    "tasks": _TASKS,
    "edges": _EDGES,
    "summary": _SUMMARY,
    "clients": (
        _METHOD,
        _SEED,
        Column("round", "integer", "1", "The server version."),
        Column("client", "integer", "", "The number of the device."),
        Column("device_class", "category", "", "The class of the device."),
        Column("samples", "integer", "1", "Held-out samples of the client, on which it is tested."),
        Column("accuracy", "number", "1", "Accuracy of the model that the client has; empty without a held-out sample."),
        Column("loss", "number", "1", "Cross-entropy on the same samples."),
        Column("train_samples", "integer", "1", "Samples that the client trains on."),
        Column("excluded_memory", "integer", "1", "1 if the device has insufficient memory for the method, else 0."),
        Column("updates", "integer", "1", "The client's updates that were used so far."),
        Column("fine_tuned_accuracy", "number", "1", "Accuracy after fine-tuning; empty if the client was not fine-tuned."),
        Column("fine_tuned_loss", "number", "1", "Cross-entropy on the same samples."),
        Column("client_name", "text", "", "The client's name in the data set; empty if clients have no names."),
    ),
    "participants": (
        _METHOD,
        _SEED,
        Column("device_class", "category", "", "The class of devices."),
        Column("devices", "integer", "1", "Devices of the class."),
        Column("excluded_devices", "integer", "1", "Devices with insufficient memory for the method."),
        Column("excluded_share", "number", "1", "Share of the class with insufficient memory."),
        Column("adapted_devices", "integer", "1", "Devices that use a fallback to fit their memory."),
        Column("fallbacks", "text", "", "The fallbacks used, as `NAME:DEVICES`, separated by spaces."),
    ),
    "missing_data": (
        _METHOD,
        _SEED,
        Column("data_class", "category", "", "The class of the training samples."),
        Column("samples", "integer", "1", "Training samples of the class."),
        Column("missing_samples", "integer", "1", "Samples on devices with insufficient memory."),
        Column("missing_share", "number", "1", "Share of the samples on devices with insufficient memory."),
    ),
    "fleet": (
        Column("device", "integer", "", "The number of the device."),
        Column("device_class", "category", "", "The class of the device."),
        Column("compute_flops_per_s", "integer", "FLOP/s", "Speed of training."),
        Column("memory_bytes", "integer", "B", "Memory available for training."),
        Column("download_bps", "integer", "bit/s", "Download rate."),
        Column("upload_bps", "integer", "bit/s", "Upload rate."),
        Column("rtt_s", "number", "s", "Round-trip time."),
        Column("dropout", "number", "1", "Probability that a task drops out."),
        Column("jitter_s", "number", "s", "Mean extra latency of a transfer."),
        Column("memory_bandwidth_bytes_per_s", "optional integer", "B/s", "Memory bandwidth; empty if not given."),
        Column("kernel_overhead_s", "number", "s", "Time to launch a kernel."),
    ),
    # A sweep's table: the run's folder, a column "sweep:KEY" for each swept key, then the columns of "summary".
    "sweep": (Column("run", "text", "", "The folder of the run."), *_SUMMARY),
    # A sweep's summary.csv, over the seeds; its first columns are "sweep:KEY".
    "seed_summary": _SEED_SUMMARY,
    # The output of flora pretrain.
    "training": (
        Column("step", "integer", "1", "The optimizer step."),
        Column("loss", "number", "1", "The training loss."),
        Column("learning_rate", "number", "1", "The learning rate."),
        Column("logit_scale", "number", "1", "The logit scale of the model."),
        Column("zero_shot_accuracy", "number", "1", "Zero-shot accuracy; empty between evaluations."),
        Column("recall_at_1", "number", "1", "Retrieval recall at 1; empty between evaluations."),
        Column("recall_at_5", "number", "1", "Retrieval recall at 5; empty between evaluations."),
    ),
}

_FILES = {
    "rounds": ("rounds.csv", "A row for each evaluated server version of each method."),
    "tasks": ("tasks.csv", "A row for each task: one client's work for one server version."),
    "edges": ("edges.csv", "A row for each edge and version of the cloud that it works with; only with `server.topology`."),
    "summary": ("summary.csv", "A row for each method: what it reached and what it cost."),
    "clients": ("clients.csv", "A row for each client and each version on which clients are tested (`evaluation.per_client`)."),
    "participants": ("participants.csv", "Which device classes have insufficient memory for each method."),
    "missing_data": ("missing_data.csv", "The training data that is excluded with these devices."),
    "fleet": ("fleet.csv", "The devices. `flora fleet` prints the same columns, and more if classes need them; `fleet.devices` reads them."),
    "sweep": (
        "sweep.csv",
        "A row for each method of each run of a sweep. Columns `sweep:KEY` with the values of the swept keys follow"
        " the first column, then all columns of `summary.csv` as above.",
    ),
    "seed_summary": (
        "summary.csv of a sweep",
        "A row for each method of each combination, over the seeds. The columns `sweep:KEY` come first.",
    ),
    "training": ("training.csv of `flora pretrain`", "A row for each step."),
}


def markdown() -> str:
    """All tables as a Markdown page."""
    lines = [
        "# Columns of the tables",
        "",
        "Generated by `python3 -m flora_results`; edit `python/src/flora_results/columns.py`, not this page.",
        "",
        "Fields follow RFC 4180. A field is empty where a value does not apply or was not measured; a number that is not",
        "finite is `NaN`. Times have nine decimals, joules six. The type is that of the DataFrames of",
        "[`flora_results`](../python/README.md).",
        "",
        "| unit | |",
        "|---|---|",
        *(f"| `{unit}` | {words} |" for unit, words in UNITS.items() if unit),
    ]
    for table, (file, words) in _FILES.items():
        lines += ["", f"## {file}", "", words, "", "| column | type | unit | meaning |", "|---|---|---|---|"]
        columns = TABLES[table][:1] if table == "sweep" else TABLES[table]
        for column in columns:
            unit = f"`{column.unit}`" if column.unit else ""
            lines.append(f"| `{column.name}` | {column.dtype} | {unit} | {column.meaning} |")
    return "\n".join(lines) + "\n"

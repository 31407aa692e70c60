"""Writes Tests/Fixtures/tensorboard/fedfft.tfevents with TensorBoard's own messages and record writer:

    PYTHONPATH=scripts PYTHON -m tensorboard_tools.fixture     # PYTHON of an environment with tensorboard

The events are those of the method `fedfft` in the tables that Tests/ReportsTests/ResultsFixture.swift writes.
"""

import io
import pathlib

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import metadata, plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

FILE = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/tensorboard/fedfft.tfevents"
ROWS = [
    # time, round, cumulative bytes, columns in the table's order without empty ones
    (0.0, 0, 0, "test_accuracy=0.5 test_loss=2.0 selected=0 completed=0 dropped=0 late=0 excluded_memory=0 bytes_down=0 "
     "bytes_up=0 cumulative_bytes=0 wasted_bytes=0 device_flops=0 peak_memory_bytes=0"),
    (20.0, 1, 400000, "test_accuracy=0.8125 test_loss=1.5 train_loss=1.2 selected=2 completed=1 dropped=0 late=0 "
     "excluded_memory=1 bytes_down=200000 bytes_up=200000 cumulative_bytes=400000 wasted_bytes=0 device_flops=9000 "
     "device_energy_j=20.25 peak_memory_bytes=9000"),
]
PARAMETERS = {
    "evaluation.every": 1, "evaluation.target_accuracy": 0.6, "fleet.devices": 3, "method.kind": "full",
    "method.name": "fedfft", "name": "by-hand", "report.tasks": "all", "seed": 7, "server.rounds": 2, "timing_only": False,
}


def scalars(pairs: dict[str, float], axis: str) -> summary_pb2.Summary:
    values = [summary_pb2.Summary.Value(tag=f"{axis}/{name}", simple_value=value) for name, value in pairs.items()]
    return summary_pb2.Summary(value=values)


def plugin(tag: str, **content: object) -> summary_pb2.Summary:
    data = plugin_data_pb2.HParamsPluginData(version=metadata.PLUGIN_DATA_VERSION, **content)
    value = summary_pb2.Summary.Value(
        tag=tag, metadata=metadata.create_summary_metadata(data), tensor=metadata.NULL_TENSOR
    )
    return summary_pb2.Summary(value=[value])


def start() -> summary_pb2.Summary:
    """The hyper-parameters in the order of their names, in which no map of protocol buffers is bound to be."""
    entries = b""
    for name in sorted(PARAMETERS):
        value = PARAMETERS[name]
        kind = "bool_value" if isinstance(value, bool) else "string_value" if isinstance(value, str) else "number_value"
        info = plugin_data_pb2.SessionStartInfo()
        setattr(info.hparams[name], kind, value)
        # Messages that are concatenated are merged when they are read.
        entries += info.SerializeToString()
    summary = plugin(metadata.SESSION_START_INFO_TAG)
    assert len(entries) >> 14 == 0
    content = bytes([3 << 3 | 2, len(entries) & 0x7F | 0x80, len(entries) >> 7]) + entries
    plugin_data_pb2.HParamsPluginData.FromString(content)
    summary.value[0].metadata.plugin_data.content = content
    return summary


def events() -> list[event_pb2.Event]:
    found = [event_pb2.Event(file_version="brain.Event:2")]
    end = 0.0
    for time, number, traffic, columns in ROWS:
        values = {name: float(text) for name, text in (pair.split("=") for pair in columns.split())}
        outcomes = {name: value for name, value in values.items() if name in ("test_accuracy", "test_loss", "train_loss")}
        for axis, step, pairs in (
            ("by_round", number, {"virtual_time_s": time} | values),
            ("by_bytes", traffic, outcomes),
            ("by_virtual_time_ms", int(time * 1000), outcomes),
        ):
            found.append(event_pb2.Event(wall_time=time, step=step, summary=scalars(pairs, axis)))
        end = time
    found.append(event_pb2.Event(wall_time=end, summary=start()))
    finish = plugin_data_pb2.SessionEndInfo(status=1, end_time_secs=end)
    found.append(
        event_pb2.Event(wall_time=end, summary=plugin(metadata.SESSION_END_INFO_TAG, session_end_info=finish))
    )
    return found


def main() -> None:
    buffer = io.BytesIO()
    writer = RecordWriter(buffer)
    for event in events():
        writer.write(event.SerializeToString(deterministic=True))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()

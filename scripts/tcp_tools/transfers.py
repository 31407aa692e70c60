"""Transfers as scenarios: devices whose only cost is their download or upload."""

import csv
import subprocess
import tempfile
from pathlib import Path

# Methods by payload size, and framing bytes that add up to that size.
METHODS = {
    8_192: ("nano", "kind: lora, rank: 2", 0),
    98_304: ("vit-b-32", "kind: lora, rank: 2", 0),
    589_824: ("vit-b-32", "kind: lora, rank: 12", 0),
    7_628_288: ("nano", "kind: full", 0),
    60_000_000: ("nano", "kind: full", 60_000_000 - 7_628_288),
}


class Kind:
    """Identical devices."""

    def __init__(self, rate_mbps, rtt_ms, count):
        self.rate_mbps, self.rtt_ms, self.count = rate_mbps, rtt_ms, count

    def line(self, name, total):
        return (
            f"    - {{ name: {name}, share: {self.count / total!r}, compute: 1000 TFLOPS, memory: 100 TB,"
            f" download: {self.rate_mbps} Mbps, upload: {self.rate_mbps} Mbps, rtt: {self.rtt_ms} ms }}"
        )


def scenario(kinds, size, transport, link_mbps=None, fields="", seed=1):
    """One transfer per device, all starting at the same time."""
    base, method, overhead = METHODS[size]
    total = sum(kind.count for kind in kinds)
    classes = "\n".join(kind.line(f"c{index}", total) for index, kind in enumerate(kinds))
    link = f", download: {link_mbps} Mbps, upload: {link_mbps} Mbps" if link_mbps else ""
    return f"""name: transfers
seed: {seed}
data: {{ dataset: fashion-mnist, test_samples: 10, partition: {{ kind: resample, samples: 1, sigma: 0 }} }}
training: none
model: {{ base: {base} }}
methods:
  - {{ name: transfer, {method} }}
fleet:
  devices: {total}
  classes:
{classes}
server: {{ rounds: 1, cohort: {total}, transport: {transport}, protocol: {{ overhead: {overhead} B }}{link}{fields} }}
"""


def durations(flora, text, direction):
    """The seconds of all devices' transfers, by the index of their kind."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "transfers.yaml", Path(folder) / "out"
        file.write_text(text)
        subprocess.run(
            [flora, "run", file, "--out", out, "--quiet"], check=True, capture_output=True, text=True
        )
        column = {"down": "download_s", "up": "upload_s"}[direction]
        seconds = {}
        with open(out / "tasks.csv", newline="") as table:
            for row in csv.DictReader(table):
                kind = int(row["device_class"][1:])
                seconds.setdefault(kind, []).append(float(row[column]))
        return seconds

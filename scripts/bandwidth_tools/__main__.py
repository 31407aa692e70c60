"""Writes a file of cases with SimGrid's ends: ``python3 -m bandwidth_tools FILE``.

A case is a server's link and some flows, each of which crosses that link and one of its own. The own link follows a
bandwidth profile, which repeats. SimGrid's model is L07 with the solver BMF, which shares fluids max-min fairly; its
network model CM02 never lets a flow exceed the bandwidth that its links had when it began (SimGrid 3.32).
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path

import simgrid

CASES = 60


def make_case(number: int) -> dict:
    """Random flows, some of whose links are constant, on a server's link that is narrow, wide or hardly a limit."""
    draw = random.Random(number)
    flows = []
    for _ in range(draw.randint(1, 8)):
        seconds = [0, *sorted(draw.sample(range(1, 40), draw.choice([0, 1, 2, 5, 9])))]
        period = max(seconds) + draw.randint(1, 6)
        flows.append(
            {
                "start_s": draw.choice([0, draw.randint(0, 60)]),
                "bytes": draw.randint(1, 40_000_000),
                "period_s": period,
                # Hundreds of bit/s, so that SimGrid's bytes per second are exact.
                "steps": [[second, 800 * draw.randint(50, 40_000)] for second in seconds],
            }
        )
    return {"capacity_bps": draw.choice([2_000_000, 10_000_000, 40_000_000, 1_000_000_000]), "flows": flows}


def make_platform(cases: list[dict], folder: Path) -> str:
    """The hosts and links of all cases as SimGrid's XML; the profiles are files beside it."""
    hosts, links, routes = [], [], []
    for number, case in enumerate(cases):
        hosts.append(f'<host id="server-{number}" speed="1Gf"/>')
        links.append(f'<link id="shared-{number}" bandwidth="{case["capacity_bps"] // 8}Bps" latency="0s"/>')
        for index, flow in enumerate(case["flows"]):
            name = f"{number}-{index}"
            profile = ""
            if len(flow["steps"]) > 1:
                lines = [f"{second} {rate // 8}" for second, rate in flow["steps"]]
                # After the last change, so long until the first again.
                lines.append(f"LOOPAFTER {flow['period_s'] - flow['steps'][-1][0]}")
                (folder / f"{name}.bw").write_text("\n".join(lines) + "\n", encoding="utf-8")
                profile = f' bandwidth_file="{name}.bw"'
            hosts.append(f'<host id="device-{name}" speed="1Gf"/>')
            links.append(f'<link id="own-{name}" bandwidth="{flow["steps"][0][1] // 8}Bps" latency="0s"{profile}/>')
            routes.append(
                f'<route src="server-{number}" dst="device-{name}" symmetrical="NO">'
                f'<link_ctn id="shared-{number}"/><link_ctn id="own-{name}"/></route>'
            )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">\n'
        '<platform version="4.1"><zone id="all" routing="Full">\n' + "\n".join(hosts + links + routes) + "\n</zone></platform>\n"
    )


def run(cases: list[dict]) -> None:
    """Sets ``end_s`` of all flows."""
    engine = simgrid.Engine(
        [
            "bandwidth-oracle",
            "--cfg=host/model:ptask_L07",
            "--cfg=host/solver:bmf",
            "--cfg=maxmin/precision:1e-9",
            "--cfg=surf/precision:1e-12",
            "--log=root.thres:warning",
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        platform = Path(folder) / "platform.xml"
        platform.write_text(make_platform(cases, Path(folder)), encoding="utf-8")
        engine.load_platform(str(platform))

    def send(name: str, flow: dict) -> None:
        simgrid.this_actor.sleep_for(flow["start_s"])
        simgrid.Mailbox.by_name(name).put(name, flow["bytes"])

    def receive(name: str, flow: dict) -> None:
        simgrid.Mailbox.by_name(name).get()
        flow["end_s"] = simgrid.Engine.clock

    for number, case in enumerate(cases):
        for index, flow in enumerate(case["flows"]):
            name = f"{number}-{index}"
            server, device = simgrid.Host.by_name(f"server-{number}"), simgrid.Host.by_name(f"device-{name}")
            simgrid.Actor.create(f"send-{name}", server, send, name, flow)
            simgrid.Actor.create(f"receive-{name}", device, receive, name, flow)
    engine.run()


def main() -> int:
    file = Path(sys.argv[1])
    cases = [make_case(number) for number in range(CASES)]
    run(cases)
    lines = ",\n".join(json.dumps(case) for case in cases)
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

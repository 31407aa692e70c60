"""Flower's SuperLink and SuperNodes, each in its own namespace, and the runs that they perform."""

import os
import subprocess
import time
from pathlib import Path

from .devices import SERVER_ADDRESS, SERVER_NAMESPACE, Device
from .processors import Processors

APP = Path(__file__).parent / "flower_app"
FLEET, CONTROL, SERVER_APPS, CLIENT_APPS = 9092, 9093, 9091, 9094


def inside(namespace: str) -> list[str]:
    """The command prefix for a network namespace; `ip netns exec` would hide the control groups."""
    return ["nsenter", f"--net=/run/netns/{namespace}"]


class FederationError(Exception):
    """An error in Flower, and which log to read."""


class Federation:
    def __init__(self, devices: list[Device], processors: Processors, python: Path, base: Path, folder: Path):
        self.devices = devices
        self.processors = processors
        self.python = python
        self.base = base
        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        self.environment = os.environ | {
            "PATH": f"{python.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "FLWR_HOME": str(folder / "flower"),
            "FLWR_TELEMETRY_ENABLED": "0",
            "FLWR_DISABLE_UPDATE_CHECK": "1",
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            self.environment.pop(proxy, None)

    def __enter__(self) -> "Federation":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self) -> None:
        home = self.folder / "flower"
        home.mkdir(parents=True)
        (home / "config.toml").write_text(
            f'[superlink]\ndefault = "deployment"\n\n'
            f'[superlink.deployment]\naddress = "127.0.0.1:{CONTROL}"\ninsecure = true\n'
        )
        self.begin(
            "server", SERVER_NAMESPACE, "flower-superlink", "--insecure",
            "--fleet-api-address", f"{SERVER_ADDRESS}:{FLEET}",
            "--control-api-address", f"127.0.0.1:{CONTROL}",
            "--serverappio-api-address", f"127.0.0.1:{SERVER_APPS}",
            group="server",
        )
        self.wait_for("server", "Starting Fleet API")
        for device in self.devices:
            group = self.processors.group(device.name)
            self.begin(
                device.name, device.namespace, str(self.python), "-m", "deployment_tools.supernode",
                str(self.calls(device)), str(group), "--insecure",
                "--superlink", f"{SERVER_ADDRESS}:{FLEET}",
                "--clientappio-api-address", f"127.0.0.1:{CLIENT_APPS}",
                "--node-config", f'device="{device.name}" group="{group}"',
            )
        for device in self.devices:
            self.wait_for(device.name, "SuperNode ID")

    def begin(self, name: str, namespace: str, *command: str, group: str | None = None) -> None:
        """Starts a program in a namespace and, if given, in a control group."""
        if group:
            entry = f'echo $$ > {self.processors.group(group)}/cgroup.procs; exec "$@"'
            command = ("bash", "-c", entry, "bash", *command)
        with self.log(name).open("w") as log:
            self.processes.append(
                subprocess.Popen(
                    [*inside(namespace), *command],
                    stdout=log, stderr=subprocess.STDOUT, env=self.environment, start_new_session=True,
                )
            )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def calls(self, device: Device) -> Path:
        return self.folder / f"{device.name}-calls.jsonl"

    def wait_for(self, name: str, words: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.log(name).read_text():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
                raise FederationError(f"{name} did not print `{words}`; see {self.log(name)}")
            time.sleep(0.2)

    def run(self, method: str, rounds: int, numbers: int = 0) -> None:
        """Runs the app and waits until it ends."""
        values = f'folder="{self.folder}" base="{self.base}" method="{method}" rounds={rounds} numbers={numbers}'
        values += f" clients={len(self.devices)}"
        name = f"run-{method}" + (f"-{numbers}" if numbers else "")
        with self.log(name).open("w") as log:
            command = [*inside(SERVER_NAMESPACE), "flwr", "run", str(APP), "deployment", "--stream"]
            process = subprocess.Popen(
                [*command, "--run-config", values],
                stdout=log, stderr=subprocess.STDOUT, env=self.environment, start_new_session=True,
            )
            self.processes.append(process)
            code = process.wait()
            self.processes.remove(process)
        said = self.log(name).read_text()
        if code != 0 or "Final results" not in said:
            raise FederationError(f"the run of {method} failed; see {self.log(name)}")
        # A SuperNode has sent its reply before the server ends; this leaves time for its last confirmation.
        time.sleep(4)

    def __exit__(self, *_) -> None:
        """Ends the programs that it started; programs that those started end with the network."""
        for stop in ("terminate", "kill"):
            for process in self.processes:
                if process.poll() is None:
                    getattr(process, stop)()
            deadline = time.monotonic() + 10
            while any(process.poll() is None for process in self.processes) and time.monotonic() < deadline:
                time.sleep(0.1)
        self.processes.clear()

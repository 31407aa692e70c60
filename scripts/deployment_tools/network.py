"""Network namespaces, and the emulated links between them."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from .devices import MTU, SERVER_ADDRESS, SERVER_NAMESPACE, Device

LINK = "tun0"
SETTINGS = ["net.ipv4.tcp_no_metrics_save=1", "net.ipv4.tcp_ecn=0", "net.ipv6.conf.all.disable_ipv6=1"]
"""The kernel's defaults except for these: transfers do not share TCP metrics, and the links carry only IPv4."""


class Network:
    """The server's namespace and one per device, each with a TUN device `tun0` that the emulator connects."""

    def __init__(self, devices: list[Device], emulator: Path, log: Path):
        self.devices = devices
        self.emulator = emulator
        self.log = log
        self.process: subprocess.Popen | None = None
        self.drops: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> "Network":
        self.remove()
        try:
            self.add(SERVER_NAMESPACE, SERVER_ADDRESS, "10.78.0.0/16")
            for device in self.devices:
                self.add(device.namespace, device.address, f"{SERVER_ADDRESS}/32")
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def add(self, namespace: str, address: str, route: str) -> None:
        ip("netns", "add", namespace)
        inside = ("-n", namespace)
        subprocess.run(["ip", "netns", "exec", namespace, "sysctl", "-qw", *SETTINGS], check=True)
        ip(*inside, "link", "set", "lo", "up")
        ip(*inside, "tuntap", "add", "dev", LINK, "mode", "tun")
        ip(*inside, "address", "add", f"{address}/32", "dev", LINK)
        ip(*inside, "link", "set", LINK, "mtu", str(MTU), "txqueuelen", "10000", "up")
        # Where the namespace itself cannot set a connection parameter, a route can.
        ip(*inside, "route", "add", route, "dev", LINK, "congctl", "cubic")

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.emulator, SERVER_NAMESPACE, self.log],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )
        for device in self.devices:
            queues = device.queue(device.download), device.queue(device.upload)
            numbers = (device.download, device.upload, device.rtt / 2 * 1e6, *queues)
            print(device.namespace, device.address, *map(round, numbers), file=self.process.stdin)
        self.process.stdin.close()
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the link emulator did not start")

    def counters(self) -> dict[str, dict[str, int]]:
        """The kernel's byte and packet counts at each device's end of its link, including IP headers."""
        return {device.name: counters(device.namespace) for device in self.devices}

    def __exit__(self, *_) -> None:
        if self.process:
            self.process.terminate()
            for line in self.process.stdout:
                namespace, *drops = line.split()
                self.drops[namespace.removeprefix("flora-")] = tuple(map(int, drops))
            self.process.wait()
        self.remove()

    def remove(self) -> None:
        """Removes the namespaces, and ends any programs still running in them."""
        namespaces = [SERVER_NAMESPACE, *(device.namespace for device in self.devices)]
        for _ in range(20):
            left = [process for namespace in namespaces for process in processes(namespace)]
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            if not left:
                break
            time.sleep(0.1)
        for namespace in namespaces:
            subprocess.run(["ip", "netns", "delete", namespace], stderr=subprocess.DEVNULL, check=False)


def processes(namespace: str) -> list[int]:
    done = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=False)
    return [int(process) for process in done.stdout.split()]


def counters(namespace: str) -> dict[str, int]:
    names = [f"{way}_{what}" for way in ("rx", "tx") for what in ("bytes", "packets")]
    files = [f"/sys/class/net/{LINK}/statistics/{name}" for name in names]
    # `ip netns exec` mounts the namespace's own /sys.
    command = ["ip", "netns", "exec", namespace, "cat", *files]
    values = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return dict(zip(names, map(int, values)))


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)

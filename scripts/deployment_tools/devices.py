"""The deployment's devices: their share of a core and their links."""

from dataclasses import dataclass

SERVER_ADDRESS = "10.77.0.1"
SERVER_NAMESPACE = "flora-server"
MTU = 1500


@dataclass(frozen=True)
class Device:
    """A client with a share of one core, and a link whose queue holds one bandwidth-delay product, at least 75 kB."""

    name: str
    core_share: float
    # Bits per second.
    download: float
    upload: float
    # Round-trip time in seconds.
    rtt: float
    number: int

    @property
    def namespace(self) -> str:
        return f"flora-{self.name}"

    @property
    def address(self) -> str:
        return f"10.78.0.{self.number + 1}"

    def queue(self, rate: float) -> int:
        return max(50 * MTU, round(rate * self.rtt / 8))


DEVICES = [
    Device("desktop", 0.45, 50e6, 20e6, 0.020, 0),
    Device("laptop", 0.30, 30e6, 12e6, 0.040, 1),
    Device("phone", 0.20, 15e6, 8e6, 0.060, 2),
    Device("camera", 0.12, 8e6, 4e6, 0.100, 3),
]
"""Fastest first. Together they use about one core, which leaves another for the server and the links."""

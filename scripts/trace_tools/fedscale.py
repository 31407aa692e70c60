"""FedScale's availability trace: a pickled dictionary of devices.

Each device has ``active`` and ``inactive``, lists of the seconds at which it went online and offline, and ``finish_time``, the
seconds after which its trace repeats.
"""

from __future__ import annotations

import io
import pickle

from .recording import Recording, TraceError


class _PlainUnpickler(pickle.Unpickler):
    """Reads numbers, strings, lists and dictionaries, and executes nothing."""

    def find_class(self, module, name):
        raise TraceError(f"the pickle contains {module}.{name}; save it with plain numbers, lists and dictionaries only")


def read(data: bytes) -> list[Recording]:
    """The recordings of a pickle, in order.

    Raises:
        TraceError: if it is not such a trace.
    """
    try:
        devices = _PlainUnpickler(io.BytesIO(data)).load()
    except TraceError:
        raise
    except Exception as error:
        raise TraceError(f"the pickle cannot be read ({error}); save it again") from error
    if not isinstance(devices, dict) or not devices:
        raise TraceError("the pickle does not contain a dictionary of devices; pass FedScale's availability trace")
    return [_recording(device, trace) for device, trace in devices.items()]


def _recording(device: object, trace: object) -> Recording:
    try:
        came, left = [float(t) for t in trace["active"]], [float(t) for t in trace["inactive"]]
        period = float(trace["finish_time"])
    except (KeyError, TypeError, ValueError) as error:
        raise TraceError(
            f"device {device}: expected the lists active and inactive and a finish_time, in seconds;"
            " pass FedScale's availability trace"
        ) from error
    if len(came) - len(left) not in (0, 1):
        raise TraceError(
            f"device {device} went online {len(came)} times and offline {len(left)} times; correct or remove the device"
        )
    # A device that is online at the end stays online until the trace repeats.
    left += [period] * (len(came) - len(left))
    return Recording(str(device), 0.0, period, tuple(zip(came, left)))

"""Bytes from packet logs."""

import tempfile
import unittest
from pathlib import Path

from deployment_tools import packets as log
from deployment_tools.calls import Transfer

SECOND = 10**9


def packet(seconds, length, sequence, delay=0.0):
    payload = length - 52
    arrival = round(seconds * SECOND)
    return log.Packet(arrival, arrival + round(delay * SECOND), sequence, payload, length, 0, 0, log.DOWN, 0)


class PacketTests(unittest.TestCase):
    def test_packets_count_within_the_calls_in_their_direction(self):
        packets = [
            packet(4.2, 100, 1, 0.1),
            packet(6, 200, 49, 0.1),
            packet(7.2, 1500, 197, 0.1),
            packet(8, 52, 0, 0.1),
            packet(9.9, 600, 1645, 0.1),
        ]
        transfer = Transfer(((4 * SECOND, 5 * SECOND), (7 * SECOND, 10 * SECOND)), 2)
        # The second is between the parts, the fourth has no payload, and the fifth arrives at the end of the last part.
        self.assertEqual(log.carried(packets, transfer, 0, log.DOWN), log.Carried(2200, 2044, 0))
        self.assertEqual(log.carried(packets, transfer, 0, log.UP), log.Carried(0, 0, 0))
        self.assertEqual(log.acknowledgements(packets, 0, log.DOWN, 0, 7 * SECOND), 0)
        self.assertEqual(log.acknowledgements(packets, 0, log.DOWN, 0, 9 * SECOND), 52)

    def test_a_retransmitted_packet_counts_once(self):
        packets = [packet(4.1, 1500, 0), packet(4.2, 1500, 0), packet(4.3, 152, 1448)]
        transfer = Transfer(((4 * SECOND, 5 * SECOND),), 1)
        self.assertEqual(log.carried(packets, transfer, 0, log.DOWN), log.Carried(1652, 1548, 1500))

    def test_records_are_read_as_they_were_written(self):
        packets = [packet(4.1, 1500, 7, 0.02), packet(4.2, 80, 2**32 - 1)]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "packets.bin"
            file.write_bytes(b"".join(log.RECORD.pack(*each) for each in packets) + b"cut")
            self.assertEqual(log.read_packets(file), packets)


if __name__ == "__main__":
    unittest.main()

"""Bytes from logs of packets."""

import unittest

try:
    import numpy as np
    from deployment_tools import packets as log
except ImportError:
    np = log = None

from deployment_tools.calls import Transfer

SECOND = 10**9


@unittest.skipUnless(np, "needs numpy, which is no part of a plain Python")
class PacketTests(unittest.TestCase):
    def test_packets_count_within_the_calls_in_their_direction(self):
        packets = np.zeros(5, log.PACKET)
        packets["arrival"] = np.array([4.2, 6, 7.2, 8, 9.9]) * SECOND
        packets["delivery"] = packets["arrival"] + SECOND // 10
        packets["length"] = [100, 200, 1500, 52, 600]
        packets["payload"] = [48, 148, 1448, 0, 548]
        packets["sequence"] = [1, 49, 197, 0, 1645]
        transfer = Transfer(((4 * SECOND, 5 * SECOND), (7 * SECOND, 10 * SECOND)), 2)
        # The second is between the parts, the fourth has no payload, and the fifth comes with the last part's end.
        self.assertEqual(log.carried(packets, transfer, 0, log.DOWN), log.Carried(2200, 2044, 0))
        self.assertEqual(log.carried(packets, transfer, 0, log.UP), log.Carried(0, 0, 0))
        self.assertEqual(log.acknowledgements(packets, 0, log.DOWN, 0, 7 * SECOND), 0)
        self.assertEqual(log.acknowledgements(packets, 0, log.DOWN, 0, 9 * SECOND), 52)

    def test_a_packet_that_is_sent_again_counts_once(self):
        packets = np.zeros(3, log.PACKET)
        packets["arrival"] = packets["delivery"] = np.array([4.1, 4.2, 4.3]) * SECOND
        packets["length"], packets["payload"] = [1500, 1500, 152], [1448, 1448, 100]
        packets["sequence"] = [0, 0, 1448]
        transfer = Transfer(((4 * SECOND, 5 * SECOND),), 1)
        self.assertEqual(log.carried(packets, transfer, 0, log.DOWN), log.Carried(1652, 1548, 1500))


if __name__ == "__main__":
    unittest.main()

"""Phases from call logs, and message framing."""

import unittest

from deployment_tools import calls
from deployment_tools.framing import measured_framing
from deployment_tools.simulation import wire_bytes

SECOND = 10**9


def call(kind: str, start: float, end: float, messages: int = 0) -> dict:
    times = {"start": int(start * SECOND), "end": int(end * SECOND)}
    return {"call": kind, **times, "messages": messages, "request": 10, "response": 100}


ROUND = [
    call("PullMessages", 0, 1),
    call("PullMessages", 4, 5, messages=1),
    call("GetRun", 5, 6),
    call("PullObject", 7, 9),
    call("PullObject", 7.5, 10),
    call("SendNodeHeartbeat", 8, 8.5),
    call("ConfirmMessageReceived", 10, 11),
    call("PushMessages", 20, 21),
    call("PushObject", 22, 25),
    call("PushObject", 22, 24),
    call("PullMessages", 25, 26),
]


class TransferTests(unittest.TestCase):
    def test_a_transfer_consists_of_its_announcement_and_its_parts(self):
        downloads, uploads = calls.transfers(ROUND)
        self.assertEqual([(one.seconds, one.objects, one.protobuf_bytes) for one in downloads], [(4.0, 2, 300)])
        self.assertEqual([(one.seconds, one.objects, one.protobuf_bytes) for one in uploads], [(4.0, 2, 30)])

    def test_the_log_may_end_with_a_transfer_and_be_unordered(self):
        downloads, uploads = calls.transfers(ROUND[9:] + ROUND[:9])
        self.assertEqual((len(downloads), len(uploads)), (1, 1))
        self.assertEqual(len(calls.transfers(ROUND[:5])[0]), 1)

    def test_polls_without_a_message_are_empty_calls(self):
        self.assertEqual(calls.empty_calls(ROUND), [1.0, 1.0])


class FramingTests(unittest.TestCase):
    def test_framing_is_recovered_from_messages_of_two_sizes(self):
        messages = [(size, wire_bytes(size, (2_000, 0.001))) for size in (4_000, 4_000_000) for _ in range(3)]
        found = measured_framing(messages)
        self.assertAlmostEqual(found.overhead, 2_000, delta=2)
        self.assertAlmostEqual(found.share, 0.001, delta=1e-6)

    def test_one_size_is_not_enough(self):
        with self.assertRaisesRegex(ValueError, "two sizes, not 1"):
            measured_framing([(4_000, 6_000)])

    def test_wire_bytes_include_the_headers_of_full_packets(self):
        self.assertEqual(wire_bytes(1448, (0, 0)), 1500)
        self.assertEqual(wire_bytes(1449, (0, 0)), 1449 + 104)
        self.assertEqual(wire_bytes(8192, (1900, 0)), 10092 + 52 * 7)


if __name__ == "__main__":
    unittest.main()

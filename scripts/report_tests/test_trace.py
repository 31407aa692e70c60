"""The timeline checker finds errors."""

import json
import tempfile
import unittest
from pathlib import Path

from report_tools.trace import trace_faults

NAMES = [
    {"ph": "M", "name": "process_name", "pid": 1, "tid": 1, "args": {"name": "flora"}},
    {"ph": "M", "name": "thread_name", "pid": 1, "tid": 2, "args": {"name": "device 0"}},
]


def span(start: float, length: float, **others: object) -> dict:
    return {"ph": "X", "name": "task", "pid": 1, "tid": 2, "ts": start, "dur": length, "args": {}} | others


class TraceTests(unittest.TestCase):
    def setUp(self):
        self.file = Path(self.enterContext(tempfile.TemporaryDirectory())) / "trace.json"

    def faults(self, *events: dict) -> list[str]:
        self.file.write_text(json.dumps({"traceEvents": [*NAMES, *events]}))
        return trace_faults(self.file)

    def test_disjoint_and_nested_slices_are_correct(self):
        spans = [span(0, 10.001), span(0, 5), span(5, 5.001), span(10.001, 0), span(10.001, 3)]
        self.assertEqual(self.faults(*spans), [])

    def test_partially_overlapping_slices_are_reported(self):
        self.assertIn("extends beyond", self.faults(span(0, 10), span(9.999, 1))[0])

    def test_each_error_of_an_event_is_reported(self):
        for event, words in (
            (span(0, -1), "dur"),
            (span(0.0001, 1), "nanosecond"),
            (span("0", 1), "ts"),
            (span(0, 1, ph="Q"), "phase"),
            (span(0, 1, name=""), "name"),
            (span(0, 1, tid=3), "thread (Decimal('1'), Decimal('3')) has no name"),
            (span(0, 1, pid=2), "two processes"),
            (span(0, 1, pid=2**40), "pid"),
            ({"ph": "C", "name": "bytes", "pid": 1, "tid": 2, "ts": 0, "args": {"value": "many"}}, "counter"),
            ({"ph": "i", "name": "gone", "pid": 1, "tid": 2, "ts": 0, "args": {}}, "scope"),
        ):
            self.assertTrue(any(words in fault for fault in self.faults(event)), (words, self.faults(event)))

    def test_a_file_that_is_not_a_trace_is_reported(self):
        for text in ("", "[]", '{"traceEvents": []}', "{"):
            self.file.write_text(text)
            self.assertEqual(len(trace_faults(self.file)), 1)

"""Recorded bandwidth, worked out by hand."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from trace_tools.__main__ import main


class BandwidthTests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def convert(self, text: str, *options: object) -> tuple[int, str, str]:
        (self.folder / "in.txt").write_text(text)
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            status = main([str(o) for o in (self.folder / "in.txt", self.folder / "out.csv", *options)])
        output = self.folder / "out.csv"
        return status, output.read_text() if output.exists() else "", errors.getvalue()

    def test_a_throughput_of_pensieve_holds_up_to_its_line(self):
        status, table, errors = self.convert("0.5 9.0\n1.5 2.0\n1.5 7\n4.5\t0.25\n\n")
        self.assertEqual(status, 0)
        self.assertEqual(table, "seconds,down_mbps,up_mbps\n0,2,2\n1,0.25,0.25\n4,,\n")
        self.assertIn("4 s, repeated; both ways have the same rates", errors)

    def test_packets_of_mahimahi_are_counted_in_windows(self):
        # Two packets in the first second, none in the second, three in the third: 12,000 bits each.
        status, table, _ = self.convert("0\n1000\n2500\n2500\n3000\n")
        self.assertEqual(status, 0)
        self.assertEqual(table, "seconds,down_mbps,up_mbps\n0,0.024,0.024\n1,0,0\n2,0.036,0.036\n3,,\n")

    def test_windows_divide_the_trace_and_no_packet_is_lost(self):
        _, table, _ = self.convert("".join(f"{ms}\n" for ms in range(1, 1251)), "--window", 0.5)
        rows = [line.split(",") for line in table.splitlines()[1:]]
        self.assertEqual([row[0] for row in rows], ["0", "0.625", "1.25"])
        self.assertEqual([float(row[1]) for row in rows[:-1]], [12, 12])

    def test_the_way_up_is_a_file_of_its_own_and_repeats(self):
        (self.folder / "up.txt").write_text("0 0\n2 1\n3 0.5\n")
        status, table, errors = self.convert("0 1\n4 8\n", "--up", self.folder / "up.txt")
        self.assertEqual(status, 0)
        self.assertEqual(table, "seconds,down_mbps,up_mbps\n0,8,1\n2,8,0.5\n3,8,1\n4,,\n")
        self.assertNotIn("both ways", errors)

    def test_a_fault_leaves_nothing_and_says_where(self):
        for text, message in (
            ("1 2\n2 x\n", "line 2: expected numbers"),
            ("1 2\n2\n", "line 2: expected 2 numbers"),
            ("1 2\n0 2\n", "line 2: its time is before"),
            ("1 2\n", "single instant"),
            ("0\n0\n", "all packets are at 0 ms"),
        ):
            status, table, errors = self.convert(text)
            self.assertEqual((status, table), (2, ""))
            self.assertIn(message, errors)
            self.assertIn("in.txt", errors)


if __name__ == "__main__":
    unittest.main()

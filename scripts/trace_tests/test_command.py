"""The command writes complete files or none."""

import contextlib
import io
import json
import pickle
import tempfile
import unittest
from pathlib import Path

from trace_tools.__main__ import main


class CommandTests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_command(self, *arguments: object) -> tuple[int, str]:
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            return main([str(argument) for argument in arguments]), errors.getvalue()

    def test_devices_keep_their_order_and_offline_ones_their_place(self):
        trace = {
            9: {"active": [10], "inactive": [20], "finish_time": 86_400},
            2: {"active": [], "inactive": [], "finish_time": 43_200},
            5: {"active": [0.5], "inactive": [1], "finish_time": 43_200},
        }
        (self.folder / "in.pkl").write_bytes(pickle.dumps(trace))
        status, errors = self.run_command(self.folder / "in.pkl", self.folder / "out.csv")
        self.assertEqual(status, 0)
        self.assertIn("period: 86400 s", errors)
        self.assertEqual(
            (self.folder / "out.csv").read_text(),
            "device,start_s,end_s\n9,10,20\n2,0,0\n5,0.5,1\n5,43200.5,43201\n",
        )

    def test_an_error_leaves_no_file_and_names_the_location(self):
        (self.folder / "in.json").write_text(json.dumps({"a,b": {"messages": "2020-02-03 01:00:00\twifi\n2020-02-03 02:00:00\twifi"}}))
        for arguments in ((self.folder / "in.json",), (self.folder / "missing",), (self.folder / "in.json", "--days", -1)):
            status, errors = self.run_command(*arguments[:1], self.folder / "out.csv", *arguments[1:])
            self.assertEqual(status, 2)
            self.assertIn(str(arguments[0]), errors)
        self.assertEqual([file.name for file in self.folder.iterdir()], ["in.json"])

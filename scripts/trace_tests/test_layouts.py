"""Each format's sessions match those derived by hand."""

import json
import pickle
import unittest
from collections import OrderedDict

from trace_tools import fedscale, flash
from trace_tools.recording import Recording, TraceError


class RecordingTests(unittest.TestCase):
    def test_a_recording_repeats_with_its_own_period(self):
        recording = Recording("a", 0, 100, ((10, 30), (60, 70)))
        self.assertEqual(recording.until(220), [(10, 30), (60, 70), (110, 130), (160, 170), (210, 220)])

    def test_it_repeats_before_its_start_too(self):
        recording = Recording("a", 250, 100, ((260, 280),))
        self.assertEqual(recording.until(300), [(60, 80), (160, 180), (260, 280)])

    def test_adjacent_or_overlapping_sessions_are_merged(self):
        recording = Recording("a", 0, 100, ((80, 100), (0, 20), (15, 40)))
        self.assertEqual(recording.until(200), [(0, 40), (80, 140), (180, 200)])

    def test_a_session_outside_its_recording_is_rejected(self):
        with self.assertRaisesRegex(TraceError, "device a: the session from 90 to 110 s"):
            Recording("a", 0, 100, ((90, 110),))


class FedScaleTests(unittest.TestCase):
    def test_active_and_inactive_are_paired(self):
        trace = {7: {"duration": 50, "active": [5, 40], "inactive": [20, 60], "finish_time": 100, "model": "x"}}
        self.assertEqual(fedscale.read(pickle.dumps(trace)), [Recording("7", 0, 100, ((5, 20), (40, 60)))])

    def test_a_device_without_a_last_inactive_time_stays_online_until_the_trace_repeats(self):
        trace = {1: {"active": [5, 40], "inactive": [20], "finish_time": 100}}
        self.assertEqual(fedscale.read(pickle.dumps(trace))[0].sessions, ((5, 20), (40, 100)))

    def test_code_in_a_pickle_is_not_executed(self):
        with self.assertRaisesRegex(TraceError, "collections.OrderedDict"):
            fedscale.read(pickle.dumps(OrderedDict(a=1)))

    def test_invalid_traces_are_rejected(self):
        for value, words in (([1], "not contain a dictionary"), ({1: {"active": [1]}}, "device 1"), ({1: 5}, "device 1")):
            with self.assertRaisesRegex(TraceError, words):
                fedscale.read(pickle.dumps(value))
        with self.assertRaisesRegex(TraceError, "cannot be read"):
            fedscale.read(b"\x80\x04garbage")
        uneven = {1: {"active": [1, 2, 3], "inactive": [4], "finish_time": 9}}
        with self.assertRaisesRegex(TraceError, "online 3 times and offline 1"):
            fedscale.read(pickle.dumps(uneven))


def _log(*records: tuple[str, str]) -> bytes:
    lines = "\n".join(f"2020-02-03 {time}\t{word}" for time, word in records)
    return json.dumps({"g": {"guid": "g", "model": "m", "messages": lines + "\n"}}).encode()


class FLASHTests(unittest.TestCase):
    def test_a_device_is_online_while_locked_charging_and_on_wifi(self):
        recordings = flash.read(
            _log(
                ("01:00:00", "screen_lock"), ("01:00:10", "Wifi"), ("01:00:30", "battery_charged_on"),
                ("01:00:40", "87%"), ("01:01:00", "screen_unlock"), ("01:02:00", "screen_lock"),
                ("01:02:30", "4G"), ("01:03:00", "screen_on"),
            )
        )  # fmt: skip
        hour = 3600
        self.assertEqual(
            recordings, [Recording("g", hour, 180, ((hour + 30, hour + 60), (hour + 120, hour + 150)))]
        )

    def test_an_open_last_session_ends_at_the_last_record(self):
        recordings = flash.read(
            _log(
                ("00:00:00", "wifi"), ("00:00:01", "battery_charged_on"), ("00:00:02", "screen_lock"),
                ("00:00:09", "80.5%"),
            )
        )  # fmt: skip
        self.assertEqual(recordings[0].sessions, ((2, 9),))

    def test_timers_are_read_unchanged_and_failed_ones_omitted(self):
        day = 86_400
        timers = {
            "a": {"isSuccess": True, "trace_start": day + 10, "trace_end": day + 110, "ready_time": [[day + 20, day + 30]]},
            "b": {"isSuccess": False, "trace_start": None, "trace_end": None, "ready_time": []},
        }  # fmt: skip
        self.assertEqual(flash.read(json.dumps(timers).encode()), [Recording("a", 10, 100, ((20, 30),))])

    def test_invalid_logs_are_rejected(self):
        for data, words in (
            (b"[1]", "not contain a dictionary"), (b"{", "cannot be read"), (b'{"a": {"x": 1}}', "neither messages"),
            (_log(("01:00:00", "dance")), "unknown event dance"), (_log(("1 o'clock", "wifi")), "expected a time"),
            (_log(("01:00:00", "wifi")), "no device"),
        ):  # fmt: skip
            with self.assertRaisesRegex(TraceError, words):
                flash.read(data)

"""The scenario's text, and errors compared with their targets."""

import unittest

from deployment_tools.comparison import Pair
from deployment_tools.devices import DEVICES
from deployment_tools.simulation import KEYS, Settings, scenario

RATES = {device.name: 2.5e9 for device in DEVICES}
LINKS = {device.name: device.rtt for device in DEVICES}


class ScenarioTests(unittest.TestCase):
    def test_every_device_is_a_class_with_its_rate_and_link(self):
        text = scenario(DEVICES, Settings(), RATES, LINKS, (1900.4, 6300.2, 0.0005), frozenset())
        self.assertIn("{ name: phone, share: 0.25, compute: 2.5000 GFLOPS", text)
        self.assertIn("download: 15 Mbps, upload: 8 Mbps, rtt: 60 ms }", text)
        self.assertNotIn("$", text)

    def test_keys_can_be_omitted(self):
        whole = scenario(DEVICES, Settings(), RATES, LINKS, (1900.4, 6300.2, 0.0005), frozenset())
        self.assertIn("protocol: { overhead: 1900 B, overhead_up: 6300 B, overhead_share: 0.000500 }", whole)
        for key in KEYS:
            with self.subTest(key):
                self.assertIn(f"  {key}: ", whole)
                self.assertNotIn(f"  {key}: ", scenario(DEVICES, Settings(), RATES, LINKS, (0, 0, 0), frozenset([key])))


class PairTests(unittest.TestCase):
    def test_errors_are_relative_except_for_accuracy(self):
        self.assertAlmostEqual(Pair("time", "flora", "phone", "train", 10, 10.9).error, 0.09)
        self.assertTrue(Pair("time", "flora", "phone", "train", 10, 10.9).is_within_target)
        self.assertFalse(Pair("bytes", "flora", "phone", "down", 1000, 1011).is_within_target)
        self.assertAlmostEqual(Pair("accuracy", "flora", "", "round 1", 0.7, 0.705).error, 0.005)


if __name__ == "__main__":
    unittest.main()

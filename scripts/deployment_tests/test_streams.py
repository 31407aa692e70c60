"""The reimplementation of flora's random streams, checked against published values of Philox and flora's own tables."""

import unittest

from deployment_tools import streams


class StreamTests(unittest.TestCase):
    def test_blocks_match_published_philox_values(self):
        for high, low, key, block in [
            (0, 0, 0, (0xE169C58D6627E8D5, 0x9B00DBD8BC57AC4C)),
            ((1 << 64) - 1, (1 << 64) - 1, (1 << 64) - 1, (0x41C83B0E408F276D, 0x6D5451FDA20BC7C6)),
            (0x0370734413198A2E, 0x85A308D3243F6A88, 0x299F31D0A4093822, (0x94FDCCEBD16CFE09, 0x24126EA15001E420)),
        ]:
            with self.subTest(key=key):
                self.assertEqual(streams.philox(high, low, key), block)

    def test_streams_differ_by_seed_purpose_and_numbers(self):
        first = [
            streams.RandomStream(*name).next()
            for name in [(0, "batches", 1, 2), (1, "batches", 1, 2), (0, "cohort", 1, 2), (0, "batches", 2, 1)]
        ]
        self.assertEqual(len(set(first)), 4)

    def test_a_sample_has_no_duplicates(self):
        drawn = streams.RandomStream(0, "test").sample(40, 50)
        self.assertEqual(len(set(drawn)), 40)
        self.assertTrue(set(drawn) <= set(range(50)))

    def test_normal_numbers_have_mean_zero_and_deviation_one(self):
        stream = streams.RandomStream(0, "test")
        numbers = [stream.normal() for _ in range(4000)]
        self.assertAlmostEqual(sum(numbers) / 4000, 0, delta=0.06)
        self.assertAlmostEqual(sum(number**2 for number in numbers) / 4000, 1, delta=0.08)


class SplitTests(unittest.TestCase):
    labels = [number % 10 for number in range(1000)]

    def test_devices_share_the_training_samples_and_none_of_the_test_samples(self):
        parts, tested = streams.split(self.labels, 400, 100, 3, 5)
        self.assertEqual([len(part) for part in parts], [133, 133, 134])
        everything = [sample for part in parts for sample in part] + tested
        self.assertEqual(len(set(everything)), 500)

    def test_both_sides_have_equally_many_samples_of_each_class(self):
        parts, tested = streams.split(self.labels, 400, 105, 3, 5)
        trained = [self.labels[sample] for part in parts for sample in part]
        self.assertEqual([trained.count(label) for label in range(10)], [40] * 10)
        counts = [[self.labels[sample] for sample in tested].count(label) for label in range(10)]
        self.assertEqual(sorted(counts), [10] * 5 + [11] * 5)

    def test_an_epoch_has_each_sample_once_and_a_shorter_last_batch(self):
        drawn = streams.batches(range(10), 4, 0, 1, 0)
        self.assertEqual([len(part) for part in drawn], [4, 4, 2])
        self.assertEqual(sorted(sum(drawn, [])), list(range(10)))
        self.assertNotEqual(drawn, streams.batches(range(10), 4, 0, 2, 0))


if __name__ == "__main__":
    unittest.main()

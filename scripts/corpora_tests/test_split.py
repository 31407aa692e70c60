"""The held-out set depends on captions alone and shares none with the rest."""

import random
import unittest

from corpora_tools.split import held_out_keys, split_key

CAPTIONS = [f"{kind} {thing} {number}" for kind in ("red", "blue") for thing in ("ball", "hat") for number in range(500)]


class KeyTests(unittest.TestCase):
    def test_the_same_thing_in_other_words_has_the_same_key(self):
        for other in ("ice creams", "ice-cream", "black and white ice cream", "the ice cream"):
            self.assertEqual(split_key(other), split_key("ice cream"), other)
        self.assertEqual(split_key("brazil flag"), split_key("flag of brazil"))
        for singular, plural in (("cherry", "cherries"), ("box", "boxes"), ("brush", "brushes")):
            self.assertEqual(split_key(singular), split_key(plural))

    def test_different_things_have_different_keys(self):
        self.assertNotEqual(split_key("red ball"), split_key("blue ball"))
        self.assertNotEqual(split_key("glass"), split_key("glas"))

    def test_every_caption_has_a_key(self):
        self.assertTrue(split_key("the"))
        self.assertTrue(split_key("black and white"))


class HeldOutTests(unittest.TestCase):
    def test_the_share_is_held_out(self):
        self.assertEqual(len(held_out_keys(CAPTIONS, share=0.05, fewest=10)), 100)

    def test_the_minimum_is_held_out_if_the_share_is_smaller(self):
        self.assertEqual(len(held_out_keys(CAPTIONS, share=0.05, fewest=500)), 500)

    def test_pairs_are_counted_instead_of_captions(self):
        held_out = held_out_keys(CAPTIONS * 10, share=0.05, fewest=10)
        self.assertEqual(len(held_out), 100)

    def test_all_are_held_out_if_there_are_too_few(self):
        self.assertEqual(held_out_keys(["cat", "dog"], fewest=500), {"cat", "dog"})

    def test_the_order_of_captions_makes_no_difference(self):
        shuffled = random.Random(7).sample(CAPTIONS, len(CAPTIONS))
        self.assertEqual(held_out_keys(shuffled), held_out_keys(CAPTIONS))

    def test_more_captions_of_other_things_only_move_the_boundary(self):
        before = held_out_keys(CAPTIONS, fewest=10)
        after = held_out_keys([*CAPTIONS, "green cup", "green plate"], fewest=10)
        self.assertLessEqual(len((before ^ after) - {split_key("green cup"), split_key("green plate")}), 2)

    def test_the_hash_determines_the_choice(self):
        self.assertEqual(sorted(held_out_keys(["cat", "dog", "owl", "pig", "hen"], share=0.4, fewest=1)), GOLDEN)


GOLDEN = ["cat", "owl"]

if __name__ == "__main__":
    unittest.main()

"""The manually curated lists are consistent."""

import unittest

from corpora_tools import data
from corpora_tools.phrases import caption, says_nothing


class ListTests(unittest.TestCase):
    def test_captions_are_already_normalized(self):
        for given in (data.captions(), data.translations(), data.theme_icons()):
            for key, text in given.items():
                self.assertEqual(caption(text), text, key)
                self.assertFalse(says_nothing(text), key)

    def test_every_excluded_picture_has_a_reason(self):
        self.assertTrue(data.left_out())
        for key, reason in data.left_out().items():
            self.assertTrue(all(key) and reason.strip(), key)

    def test_no_picture_is_both_excluded_and_captioned(self):
        self.assertFalse(data.left_out().keys() & data.captions().keys())


if __name__ == "__main__":
    unittest.main()

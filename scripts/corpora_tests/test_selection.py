"""Rules, manual lists and duplicate detection decide what is kept."""

import unittest

from corpora_tools.candidate import Candidate
from corpora_tools.selection import LeftOut, Pair, Selection


def candidate(title: str, id: str = "a", **more) -> Candidate:
    return Candidate("somewhere", id, title, load=lambda: None, **more)


class WordTests(unittest.TestCase):
    def test_a_candidate_with_words_is_a_pair(self):
        hat = candidate("A Red Hat", keywords=("clothes", "red hat", "hash"), category=("people", "clothes"))
        pair = Selection().words(hat)
        self.assertEqual(pair, Pair("somewhere", "a", "red hat", (), ("people", "clothes")))
        self.assertEqual(pair.file, "pictures/somewhere/a.png")

    def test_a_meaningless_caption_is_excluded(self):
        self.assertIsInstance(Selection().words(candidate("01")), LeftOut)

    def test_a_source_rule_excludes_a_picture(self):
        result = Selection().words(candidate("hat", exclusion="a pattern"))
        self.assertEqual(result, LeftOut("somewhere", "a", "a pattern"))

    def test_the_manual_list_excludes_a_picture(self):
        selection = Selection(left_out={("somewhere", "a"): "blurred"})
        self.assertEqual(selection.words(candidate("hat")), LeftOut("somewhere", "a", "blurred"))
        self.assertIsInstance(selection.words(candidate("hat", id="b")), Pair)

    def test_a_manual_caption_overrides_the_title(self):
        selection = Selection(captions={("somewhere", "a"): "top hat"})
        self.assertEqual(selection.words(candidate("Boom!")).caption, "top hat")

    def test_titles_are_translated_and_keywords_are_not(self):
        selection = Selection(translations={"italy": "map of italy"})
        pair = selection.words(candidate("Italy", keywords=("country", "Italy")))
        self.assertEqual((pair.caption, pair.keywords), ("map of italy", ("country", "italy")))

    def test_a_black_and_white_title_is_translated_as_well(self):
        selection = Selection(translations={"cappello": "hat"})
        self.assertEqual(selection.words(candidate("Cappello (B and W)")).caption, "black and white hat")


class RepetitionTests(unittest.TestCase):
    def test_the_first_of_equal_pictures_is_kept(self):
        selection = Selection()
        first, second = (selection.words(candidate("hat", id=id)) for id in "ab")
        self.assertIsNone(selection.repeated(first, "hash"))
        self.assertEqual(selection.repeated(second, "hash").reason, "the same picture as somewhere/a")
        self.assertIsNone(selection.repeated(second, "other hash"))


if __name__ == "__main__":
    unittest.main()

"""Captions and keywords are plain English phrases."""

import unittest

from corpora_tools.phrases import caption, clean_phrases, says_nothing, without_numbering, words_of


class CaptionTests(unittest.TestCase):
    def test_a_caption_is_lower_case_ascii_without_punctuation(self):
        self.assertEqual(caption("  Café—“Crème” &amp; Sugar!  "), "cafe creme and sugar")

    def test_apostrophes_are_kept_only_inside_words(self):
        self.assertEqual(caption("’t Knight’s helmet'"), "t knight's helmet")

    def test_a_hyphen_is_kept_if_a_part_is_one_letter(self):
        self.assertEqual(caption("T-shirt"), "t-shirt")
        self.assertEqual(caption("jack-o-lantern"), "jack-o-lantern")
        self.assertEqual(caption("arrow-down-blue"), "arrow down blue")

    def test_a_leading_article_is_removed_unless_it_is_the_only_word(self):
        self.assertEqual(caption("A mango."), "mango")
        self.assertEqual(caption("Some flowers."), "flowers")
        self.assertEqual(caption("The"), "the")

    def test_a_caption_has_at_most_eight_words(self):
        eight = "one two three four five six seven eight"
        self.assertEqual(caption(f"{eight} nine"), eight)

    def test_a_shortened_caption_does_not_end_with_a_connecting_word(self):
        self.assertEqual(caption("one two three four five six with the nine ten"), "one two three four five six")
        self.assertEqual(caption("look at the bird it sits on"), "look at the bird it sits on")

    def test_black_and_white_comes_first(self):
        for title in ("Baseball Glove (B and W)", "baseball_glove bw".replace("_", " "), "Baseball glove b&w"):
            self.assertEqual(caption(title), "black and white baseball glove")

    def test_black_and_white_alone_is_kept(self):
        self.assertEqual(caption("B and W"), "b and w")


class NumberingTests(unittest.TestCase):
    def test_file_numbers_are_removed(self):
        for text in ("dog 06", "dog1", "dog-2", "dog 01 2", "dog 3a"):
            self.assertEqual(without_numbering(words_of(text)), ["dog"], text)

    def test_a_number_with_a_leading_zero_is_removed_anywhere(self):
        self.assertEqual(without_numbering(words_of("dog 06 drawn")), ["dog", "drawn"])

    def test_counts_are_kept(self):
        self.assertEqual(without_numbering(words_of("2 scoop cone")), ["2", "scoop", "cone"])

    def test_a_number_alone_is_kept(self):
        self.assertEqual(without_numbering(["7"]), ["7"])

    def test_letters_with_numbers_are_names(self):
        self.assertEqual(without_numbering(["m16"]), ["m16"])


class SayingNothingTests(unittest.TestCase):
    def test_letters_numbers_and_small_words_are_meaningless(self):
        for text in ("", "a", "7", "1 2", "of the", "x y"):
            self.assertTrue(says_nothing(text), text)

    def test_a_word_is_meaningful(self):
        for text in ("ox", "letter x", "7 dots"):
            self.assertFalse(says_nothing(text), text)


class KeywordTests(unittest.TestCase):
    def test_keywords_are_cleaned_and_deduplicated(self):
        self.assertEqual(clean_phrases(["Map_Symbol", "map symbol", "Fruit"]), ("map symbol", "fruit"))

    def test_meaningless_keywords_are_removed(self):
        self.assertEqual(clean_phrases(["", "hash", "unsorted", "signs_and_symbols", "n/a", "x"]), ())

    def test_the_caption_itself_is_not_a_keyword(self):
        self.assertEqual(clean_phrases(["apple", "fruit"], without=["apple"]), ("fruit",))

    def test_there_are_at_most_eight_short_keywords(self):
        self.assertEqual(len(clean_phrases([f"word {letter * 2}" for letter in "abcdefghijkl"])), 8)
        self.assertEqual(clean_phrases(["a sentence that is far too long to be a keyword"]), ())


if __name__ == "__main__":
    unittest.main()

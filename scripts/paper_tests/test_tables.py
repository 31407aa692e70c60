"""The tables of the paper's results, from a summary computed by hand."""

import tempfile
import unittest
from pathlib import Path

from paper_tools.__main__ import MARK, main

SUMMARY = """sweep:data.partition,method,start_accuracy_mean,start_accuracy_sd,final_accuracy_mean,final_accuracy_sd,\
bytes_to_target_mean,trainable_parameters_mean,payload_bytes_mean,peak_memory_bytes_mean
{kind: iid},flora,0.7,0.01,0.7894,0.0036,655360,2048,8192,98000000
{kind: iid},fedfft,0.7,0.01,0.8731,,1234567890,1907072,7628288,251000000
"{kind: dirichlet, beta: 0.1}",flora,0.69,0.02,0.733,0.012,,2048,8192,99000000
"{kind: dirichlet, beta: 0.1}",fedfft,0.69,0.02,0.79,0.03,1500,1907072,7628288,260000000
"""


class TableTests(unittest.TestCase):
    def page(self, words: str | None) -> str:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "splits").mkdir()
            (folder / "splits/summary.csv").write_text(SUMMARY)
            if words is not None:
                (folder / "README.md").write_text(words)
            main(folder)
            return (folder / "README.md").read_text()

    def test_there_is_a_row_per_method_and_a_column_per_combination(self):
        page = self.page(None)
        self.assertIn("| method | iid | dirichlet, beta: 0.1 |", page)
        self.assertIn("| before training | 70.0 ± 1.0 | 69.0 ± 2.0 |", page)
        self.assertIn("| flora | 78.9 ± 0.4 | 73.3 ± 1.2 |", page)
        self.assertIn("| fedfft | 87.3 | 79.0 ± 3.0 |", page)

    def test_bytes_have_units_and_a_dash_if_the_target_was_not_reached(self):
        page = self.page(None)
        self.assertIn("| flora | 655.4 kB | - |", page)
        self.assertIn("| fedfft | 1.2 GB | 1.5 kB |", page)

    def test_costs_are_those_of_the_first_combination(self):
        page = self.page(None)
        self.assertIn("| flora | 2,048 | 8,192 | 98 |", page)
        self.assertNotIn("| 260 |", page)

    def test_text_above_the_mark_is_kept_and_old_tables_are_replaced(self):
        page = self.page(f"# Title\n\nWords.\n\n{MARK}\n\nold\n")
        self.assertTrue(page.startswith(f"# Title\n\nWords.\n\n{MARK}\n\n## splits"))
        self.assertNotIn("old", page)


if __name__ == "__main__":
    unittest.main()

"""The list of cases, and the descriptions of differing tables."""

import unittest
from pathlib import Path

from golden_tools.cases import Case, CaseError, chosen, read
from golden_tools.comparison import differences

LIST = """# A comment.

[scenarios/a.yaml]
plain:
one *: server.rounds=2 | server.strategy={ kind: fedbuff,
    buffer: 2 }
  | seed=1
[scenarios/b.yaml]
two: seed=2
"""


class CaseTests(unittest.TestCase):
    def test_cases_have_scenario_overrides_and_mark(self):
        self.assertEqual(
            read(LIST),
            [
                Case("plain", "scenarios/a.yaml", (), False),
                Case(
                    "one", "scenarios/a.yaml",
                    ("server.rounds=2", "server.strategy={ kind: fedbuff, buffer: 2 }", "seed=1"), True,
                ),
                Case("two", "scenarios/b.yaml", ("seed=2",), False),
            ],
        )

    def test_an_invalid_line_is_rejected_with_its_number(self):
        for text in ["one: seed=1", "[a]\none", "[a]\n: seed=1", "[a]\none * two: seed=1"]:
            with self.subTest(text), self.assertRaisesRegex(CaseError, "line [12]"):
                read(text)
        with self.assertRaisesRegex(CaseError, "duplicate case one"):
            read("[a]\none:\none:")

    def test_cases_are_selected_by_pattern(self):
        self.assertEqual([case.name for case in chosen(read(LIST), ["t*", "plain"])], ["plain", "two"])
        self.assertEqual(len(chosen(read(LIST), [])), 3)

    def test_the_committed_list_has_its_tables(self):
        folder = Path(__file__).parents[2] / "Tests/Fixtures/golden"
        names = {case.name for case in read((folder / "cases.txt").read_text())}
        self.assertEqual(names, {path.name for path in (folder / "tables").iterdir() if path.is_dir()})


class DifferenceTests(unittest.TestCase):
    def test_equal_tables_have_no_differences(self):
        self.assertEqual(differences({"a.csv": b"x\n1\n"}, {"a.csv": b"x\n1\n"}), [])

    def test_the_first_differing_row_is_reported_with_its_columns(self):
        lines = differences(
            {"tasks.csv": b"method,round,bytes\nflora,1,5\nflora,2,6\nflora,3,7\n"},
            {"tasks.csv": b"method,round,bytes\nflora,1,5\nflora,2,\nflora,3,8\n"},
        )
        self.assertEqual(lines, ["tasks.csv: 2 of 3 rows differ; first line 3 (flora 2): bytes 6 -> empty"])

    def test_missing_tables_rows_and_columns_are_reported(self):
        self.assertEqual(differences({"a.csv": b"x\n"}, {"b.csv": b"x\n"}), ["a.csv: not produced", "b.csv: not committed"])
        self.assertEqual(
            differences({"a.csv": b"x\n1\n2\n"}, {"a.csv": b"x\n1\n"}),
            ["a.csv: 1 of 2 rows differ, 1 were produced; line 3 is only committed: 2"],
        )
        self.assertEqual(differences({"a.csv": b"x,y\n"}, {"a.csv": b"x,z\n"}), ["a.csv: columns: without y, with z"])
        self.assertEqual(
            differences({"a.csv": b"x\n1\n"}, {"a.csv": b"x\r\n1\r\n"}),
            ["a.csv: equal rows, formatted differently"],
        )


if __name__ == "__main__":
    unittest.main()

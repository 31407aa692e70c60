"""The page checker finds errors in a real browser."""

import tempfile
import unittest
from pathlib import Path

from report_tools.browser import Browser
from report_tools.page import page_faults

FIGURE = """<figure id="f"><svg class="chart" viewBox="0 0 300 100" width="300"><title>t</title><desc>d</desc>
<path class="mark" fill="red" d="M10 50L200 60L90 80Z"/><text font-size="12" x="10" y="20">a label</text>{}</svg></figure>"""
TABLE = """<div class="scroll"><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>
<button>Copy</button>"""
COPY = """<script>for (const button of document.querySelectorAll("button")) button.onclick = () =>
navigator.clipboard.writeText([...button.previousElementSibling.querySelectorAll("tr")].map(
(row) => [...row.cells].map((cell) => cell.textContent).join("\\t")).join("\\n") + "\\n");</script>"""


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.file = Path(self.enterContext(tempfile.TemporaryDirectory())) / "report.html"

    def faults(self, *, more: str = "", mark: str = "", table: str = TABLE) -> list[str]:
        self.file.write_text(
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<link rel="icon" href="data:,"><title>t</title></head><body>'
            f'<section id="s">{table}{FIGURE.format(mark)}</section>{more}{COPY}</body></html>'
        )
        return page_faults(self.browser, self.file)

    def test_a_correct_page_has_no_errors(self):
        self.assertEqual(self.faults(), [])

    def test_each_error_is_reported(self):
        for arguments, words in (
            ({"more": "<p style='width:500px'>wide</p>"}, "the page is"),
            ({"more": "<script>console.error('oh')</script>"}, "the console says: oh"),
            ({"more": "<script>console.warn('hm')</script>"}, "the console says: hm"),
            ({"more": "<script>nothing.there()</script>"}, "nothing is not defined"),
            ({"more": "<img src='missing.png' alt=''>"}, "the page loads the external resource missing.png"),
            ({"more": "<p id='s'></p>"}, "the identifier s occurs twice"),
            ({"more": "<section id='e'><h2>e</h2></section>"}, "the section is empty"),
            ({"mark": "<text font-size='12' x='280' y='90'>cut off here</text>"}, "clipped"),
            ({"mark": "<text font-size='12' x='20' y='22'>another</text>"}, "overlap"),
            ({"mark": "<text font-size='5' x='20' y='90'>tiny</text>"}, "too small"),
            ({"mark": "<path class='line' fill='none' d='M0 0L9 9'/>"}, "neither fill nor stroke"),
            ({"table": TABLE.replace("<tr><td>1</td></tr>", "")}, "a table is empty"),
            ({"table": TABLE.replace("<td>1</td>", "<td>1</td><td>2</td>")}, "not have one cell per column"),
            ({"table": TABLE.replace("<button>Copy</button>", "")}, "no copy button"),
            ({"more": "<figure id='g'><svg class='chart' viewBox='0 0 300 100' width='300'><title>t</title><desc>d</desc>"
              "<path class='grid' d='M0 0L9 9'/></svg></figure>"}, "nothing is drawn"),
            ({"more": "<figure id='h'><svg class='chart' viewBox='0 0 9 9' width='0' height='0'></svg></figure>"}, "pixels"),
        ):  # fmt: skip
            found = self.faults(**arguments)
            self.assertTrue(any(words in fault for fault in found), (words, found))

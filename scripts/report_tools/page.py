"""Finds errors in a report as a browser renders it."""

from pathlib import Path

from .browser import Browser

CHECKS = (Path(__file__).parent / "checks.js").read_text()

# Phone and desktop, in light and dark mode.
WINDOWS = [(360, 740, False), (360, 740, True), (800, 900, False), (1280, 900, False), (1280, 900, True)]

COPY = """(async () => {
  const texts = [];
  navigator.clipboard.writeText = async (text) => { texts.push(text); };
  const faults = [];
  for (const block of document.querySelectorAll(".scroll")) {
    const button = block.nextElementSibling;
    if (button?.tagName !== "BUTTON") { faults.push("a table has no copy button"); continue; }
    button.click();
    await Promise.resolve();
    const rows = texts.at(-1).trimEnd().split("\\n").map((line) => line.split("\\t"));
    const cells = [...block.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.dataset.v ?? cell.textContent));
    if (JSON.stringify(rows) !== JSON.stringify(cells.map((row) => row.map((cell) => cell.replace(/[\\t\\r\\n]+/g, " "))))) {
      // Empty trailing cells of the last row have been trimmed from the copied text.
      if (rows.length !== cells.length) faults.push(`a table of ${cells.length} rows is copied as ${rows.length}`);
    }
  }
  return faults;
})()"""


def page_faults(browser: Browser, report: Path, screenshots: Path | None = None) -> list[str]:
    """Describes each error in a sentence; empty if there are none.

    If a folder is given, saves a screenshot of the whole page in each window there.
    """
    faults: list[str] = []
    for width, height, dark in WINDOWS:
        browser.open(report.resolve().as_uri(), width, height, dark=dark)
        found = browser.evaluate(CHECKS)
        found += [f"the console says: {message}" for message in browser.messages]
        look = "dark" if dark else "light"
        faults += [f"{report} at {width} px, {look}: {fault}" for fault in found]
        if screenshots:
            screenshots.mkdir(parents=True, exist_ok=True)
            name = f"{report.parent.name}-{width}-{look}.png"
            whole = browser.evaluate("document.documentElement.scrollHeight")
            (screenshots / name).write_bytes(browser.screenshot(width, whole))
    faults += [f"{report}: {fault}" for fault in browser.evaluate(COPY)]
    pages = browser.pdf()
    if screenshots:
        (screenshots / f"{report.parent.name}.pdf").write_bytes(pages)
    return faults


def picture(browser: Browser, report: Path) -> bytes:
    """A PNG of the top of a report, down to the end of its second section."""
    browser.open(report.resolve().as_uri(), 1100, 900, dark=False)
    height = browser.evaluate(
        "document.querySelectorAll('section')[1].getBoundingClientRect().bottom + scrollY + 8"
    )
    return browser.screenshot(width=1100, height=height)

// Returns the errors of the rendered page as a list of sentences.
(() => {
  const faults = [];
  const fault = (element, sentence) => {
    const place = element.closest("figure, section");
    faults.push(`${place ? "#" + place.id : element.tagName.toLowerCase()}: ${sentence}`);
  };
  const isShown = (element) => element.getClientRects().length > 0;
  const words = (element) => element.textContent.trim();

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    faults.push(`the page is ${root.scrollWidth} pixels wide in a window of ${root.clientWidth}`);
    for (const element of document.querySelectorAll("body *")) {
      if (!element.closest(".scroll") && element.getBoundingClientRect().right > root.clientWidth + 1) {
        fault(element, `<${element.tagName.toLowerCase()}> extends beyond the window: ${words(element).slice(0, 40)}`);
        break;
      }
    }
  }
  for (const element of document.querySelectorAll("[src], link[href], use[href], image[href]")) {
    const place = element.getAttribute("src") ?? element.getAttribute("href");
    if (!/^(data:|#)/.test(place)) faults.push(`the page loads the external resource ${place}`);
  }
  const identifiers = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(identifiers.filter((id, place) => identifiers.indexOf(id) !== place))) {
    faults.push(`the identifier ${id} occurs twice`);
  }
  for (const section of document.querySelectorAll("section")) {
    if (!section.querySelector("figure, table, .cards, .omission")) fault(section, "the section is empty");
  }
  for (const table of document.querySelectorAll("table")) {
    const columns = table.tHead?.rows[0]?.cells.length ?? 0;
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    if (columns === 0 || rows.length === 0) fault(table, "a table is empty");
    if (rows.some((row) => row.cells.length !== columns)) fault(table, "a row does not have one cell per column");
  }

  for (const figure of document.querySelectorAll("figure")) {
    const shown = [...figure.querySelectorAll("svg.chart")].filter(isShown);
    if (shown.length !== 1) {
      fault(figure, `${shown.length} charts are visible`);
      continue;
    }
    const svg = shown[0];
    const frame = svg.getBoundingClientRect();
    if (frame.width < 100 || frame.height < 40) fault(figure, `the chart is ${frame.width} by ${frame.height} pixels`);
    if (!svg.querySelector("title")?.textContent || !svg.querySelector("desc")?.textContent) fault(figure, "no title or description");
    const marks = [...svg.querySelectorAll("path, rect")].filter(
      (mark) => !mark.matches(".grid, .axis, .rail, .window, .target"));
    if (!marks.some((mark) => {
      const box = mark.getBoundingClientRect();
      return box.width > 0 || box.height > 0;
    })) fault(figure, "nothing is drawn");
    if (/NaN|Infinity|undefined/.test(svg.innerHTML)) fault(figure, "a coordinate is not a number");
    for (const mark of marks) {
      const style = getComputedStyle(mark);
      if ((style.fill === "none" || style.fill === "rgb(0, 0, 0)") && style.stroke === "none") {
        fault(figure, `a mark of class ${mark.getAttribute("class")} has neither fill nor stroke`);
        break;
      }
    }
    const texts = [...svg.querySelectorAll("text")].map((text) => ({ text, box: text.getBoundingClientRect() }));
    for (const { text, box } of texts) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        fault(figure, `the label "${words(text)}" is clipped`);
      }
      if (parseFloat(getComputedStyle(text).fontSize) * frame.width / svg.viewBox.baseVal.width < 9) {
        fault(figure, `the label "${words(text)}" is too small`);
        break;
      }
    }
    for (let first = 0; first < texts.length; first += 1) {
      for (let second = first + 1; second < texts.length; second += 1) {
        const [a, b] = [texts[first].box, texts[second].box];
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Adjacent lines of text may overlap in the space above and below the letters.
        if (width > 1 && height > 5) fault(figure, `the labels "${words(texts[first].text)}" and "${words(texts[second].text)}" overlap`);
      }
    }
  }
  return faults;
})()

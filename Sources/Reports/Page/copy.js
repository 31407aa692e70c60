// Gives every table a button that copies it as tab-separated values; without script there is none.
for (const block of document.querySelectorAll(".scroll")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy as TSV";
  button.addEventListener("click", async () => {
    const text = [...block.querySelectorAll("tr")].map(
      (row) => [...row.cells].map(
        (cell) => (cell.dataset.v ?? cell.textContent).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n") + "\n";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page from a file may not have the clipboard; a selected text area always may.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy as TSV"; }, 1500);
  });
  block.after(button);
}

(() => {
  const find = id => document.getElementById(id);
  const rows = [...document.querySelectorAll("details")].map(row => ({ row, text: row.textContent.toLowerCase(), verdicts: row.dataset.verdicts.split(" ") }));
  const parts = [...document.querySelectorAll(".part")];
  const [text, verdict, section, shown] = ["text", "verdict", "section", "shown"].map(find);
  const show = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, text: content, verdicts } of rows) {
      const isWanted = (!verdict.value || (verdict.value === "differ" ? new Set(verdicts).size > 1 : verdicts.includes(verdict.value)))
        && (!section.value || row.parentNode.parentNode.dataset.sections.split(" ").includes(section.value))
        && words.every(word => content.includes(word));
      row.hidden = !isWanted;
      count += isWanted;
    }
    for (const part of parts) {
      part.hidden = !part.querySelector("details:not([hidden])");
    }
    shown.textContent = count === rows.length ? `${count} statements` : `${count} of ${rows.length} statements`;
  };
  const reveal = () => {
    const row = location.hash && find(decodeURIComponent(location.hash.slice(1)));
    if (row && row.tagName === "DETAILS") {
      row.open = true;
      row.scrollIntoView();
    }
  };
  find("filters").addEventListener("input", show);
  find("filters").addEventListener("submit", event => event.preventDefault());
  find("unfold").addEventListener("click", () => {
    const seen = rows.filter(({ row }) => !row.hidden);
    const isOpen = seen.some(({ row }) => !row.open);
    seen.forEach(({ row }) => { row.open = isOpen; });
  });
  addEventListener("hashchange", reveal);
  document.documentElement.classList.add("scripted");
  show();
  reveal();
})();

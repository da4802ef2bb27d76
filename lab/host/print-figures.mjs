// The figures that the suites measured, as one table.

/** `figures`: `{ link, what, value }` in any order; nothing is printed where there are none. */
export function printFigures(figures) {
  if (figures.length === 0) return;
  const links = [...new Set(figures.map(({ link }) => link))];
  const rows = [...new Set(figures.map(({ what }) => what))];
  const cell = (what, link) => figures.find((one) => one.what === what && one.link === link)?.value ?? "";
  console.log(`\n### Links in the laboratory\n`);
  console.log(`| | ${links.join(" | ")} |`);
  console.log(`|---${"|---".repeat(links.length)}|`);
  for (const what of rows) console.log(`| ${what} | ${links.map((link) => cell(what, link)).join(" | ")} |`);
  console.log("");
}

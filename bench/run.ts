import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";
import { bulkImport } from "./figures/bulk-import.ts";
import { compareVersions } from "./figures/compare-versions.ts";
import { intentToVisible } from "./figures/intent-to-visible.ts";
import { largeRead } from "./figures/large-read.ts";
import { polarsTransform } from "./figures/polars-transform.ts";
import { publish } from "./figures/publish.ts";
import { readersUnderPublish } from "./figures/readers-under-publish.ts";
import { smallRead } from "./figures/small-read.ts";
import { asTable, type FigureReport, writeReport } from "./report.ts";
import { startSystem } from "./system.ts";

const FIGURES: Figure[] = [
  intentToVisible,
  bulkImport,
  smallRead,
  largeRead,
  readersUnderPublish,
  publish,
  polarsTransform,
  compareVersions,
];

const USAGE = `npm run bench -- [figure numbers] [options]

  --rounds N             rounds per pair, 9 unless told
  --rows N               rows of the bulk import, 10,000,000 unless told
  --switches N           versions published under readers, 1,000 unless told
  --large-model-rows N   rows of the large model at 16 bytes each on disk, 62,000,000 unless told

Figures: ${FIGURES.map((figure) => `${figure.number} ${figure.title}`).join("; ")}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "9" },
    rows: { type: "string", default: "10000000" },
    switches: { type: "string", default: "1000" },
    "large-model-rows": { type: "string", default: "62000000" },
    help: { type: "boolean", default: false },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);

if (values.help) {
  say(USAGE);
} else {
  const options = {
    rounds: Number(values.rounds),
    rows: Number(values.rows),
    switches: Number(values.switches),
    largeModelRows: Number(values["large-model-rows"]),
  };
  const chosen =
    positionals.length > 0
      ? FIGURES.filter((figure) => positionals.includes(String(figure.number)))
      : FIGURES;
  const reports: FigureReport[] = [];
  for (const figure of chosen) {
    say(`Figure ${figure.number}: ${figure.title}`);
    // A system of its own for each figure: what one leaves in caches and queues would be measured in the next.
    const system = await startSystem();
    try {
      const lines = await figure.run(system, options, (what) => say(`  ${what}`));
      reports.push({ number: figure.number, title: figure.title, lines });
    } finally {
      await system.stop();
    }
  }
  say(`\n${asTable(reports)}`);
  say(`\nAs JSON: ${await writeReport(join(import.meta.dirname, "..", "bench-results"), reports, options)}`);
}

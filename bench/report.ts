import { mkdir, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import type { Line } from "./figure.ts";

export type FigureReport = { number: number; title: string; lines: Line[] };

const number = (value: number) =>
  value.toLocaleString("en", {
    maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0,
  });

/** One table for people; columns: figure, line, value, floor, ratio, goal, verdict. */
export function asTable(reports: FigureReport[]): string {
  const head = ["#", "figure", "Teatree", "floor or peer", "ratio", "goal", ""];
  const rows = reports.flatMap((report) =>
    report.lines.map((line) => [
      String(report.number),
      line.name,
      `${number(line.value)} ${line.unit}`,
      line.floor ? `${number(line.floor.value)} ${line.unit} ${line.floor.name}` : "",
      line.ratio === undefined ? "" : number(line.ratio),
      line.goal,
      line.met === undefined ? "" : line.met ? "met" : "not met",
    ]),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const print = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [print(head), print(widths.map((width) => "─".repeat(width))), ...rows.map(print)].join("\n");
}

/** Writes the run as JSON and returns its path. */
export async function writeReport(folder: string, reports: FigureReport[], options: object): Promise<string> {
  const at = new Date().toISOString();
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
  };
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${at.replaceAll(":", "-")}.json`);
  await writeFile(
    file,
    JSON.stringify(
      {
        at,
        machine,
        options,
        durability: "NATS sync_interval always; DuckDB and PostgreSQL fsync",
        figures: reports,
      },
      null,
      2,
    ),
  );
  return file;
}

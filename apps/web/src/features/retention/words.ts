import type { Collected, Retention } from "@teatree/shared/contracts/retention";
import { formatBytes, plural } from "../../ui/format.ts";

type Policy = Pick<Retention, "keepLast" | "keepDays">;

export function keepsEverything({ keepLast, keepDays }: Policy): boolean {
  return keepLast === null && keepDays === null;
}

/** Which versions a model keeps, in one sentence. */
export function policyInWords({ keepLast, keepDays }: Policy): string {
  if (keepsEverything({ keepLast, keepDays })) return "Every version is kept.";
  const rules: string[] = [];
  if (keepLast !== null && keepLast > 1) rules.push(`the last ${plural(keepLast, "version")}`);
  if (keepDays !== null) rules.push(`the versions that were current in the last ${plural(keepDays, "day")}`);
  const kept = rules.length > 0 ? `Kept are ${rules.join(" and ")}.` : "Only the current version is kept.";
  return `${kept} Named versions stay.`;
}

/** A number of minutes in the unit that people would use. */
export function graceInWords(minutes: number): string {
  if (minutes === 0) return "at once";
  if (minutes % 1_440 === 0) return `after ${plural(minutes / 1_440, "day")}`;
  if (minutes % 60 === 0) return `after ${plural(minutes / 60, "hour")}`;
  return `after ${plural(minutes, "minute")}`;
}

/** What a collection did. */
export function collectedInWords(done: Collected): { title: string; detail: string } {
  const { removedVersions, packsRemoved, packsThinned, archiveFilesRemoved, bytesFreed, remaining } = done;
  const versions = removedVersions.length > 0 ? `${plural(removedVersions.length, "version")} removed` : null;
  const parts = [
    bytesFreed > 0 ? versions : null,
    packsRemoved > 0 ? `${plural(packsRemoved, "pack")} removed` : null,
    packsThinned > 0 ? `${plural(packsThinned, "pack")} thinned` : null,
    archiveFilesRemoved > 0 ? `${plural(archiveFilesRemoved, "archive file")} removed` : null,
    remaining.bytes > 0 ? `${formatBytes(remaining.bytes)} wait for the grace period` : null,
  ].filter((part) => part !== null);
  const title = bytesFreed > 0 ? `Freed ${formatBytes(bytesFreed)}` : (versions ?? "Nothing to free now");
  return { title, detail: parts.length > 0 ? `${parts.join(", ")}.` : "All that is stored is needed." };
}

/** Dead space in the current file that is worth a compaction: a quarter of it, and enough to notice. */
export function isWorthCompacting(file: { bytes: number; holeBytes: number } | null): boolean {
  return file !== null && file.holeBytes > file.bytes / 4 && file.holeBytes > 16_000_000;
}

import type { Collected, Retention } from "@teatree/shared/contracts/retention";
import { formatBytes, plural } from "../../ui/format.ts";

/** Which versions a model keeps, in one sentence. */
export function policyInWords({ keepLast, keepDays }: Pick<Retention, "keepLast" | "keepDays">): string {
  if (keepLast === null && keepDays === null) return "Every version is kept.";
  const last =
    keepLast === null
      ? null
      : keepLast === 1
        ? "the current version"
        : `the last ${plural(keepLast, "version")}`;
  const days = keepDays === null ? null : `those that were current in the last ${plural(keepDays, "day")}`;
  const both = [last, days].filter((part) => part !== null).join(" and ");
  return `Kept are ${both.replace(/^those/, "the versions")}. Named versions stay.`.replace(
    "Kept are the current version.",
    "Only the current version is kept.",
  );
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

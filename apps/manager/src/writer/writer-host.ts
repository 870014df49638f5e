import type { Logger } from "@teatree/shared/runtime/logger";
import type {
  CheckpointedState,
  TableState,
  VersionInfo,
  WriterEvent,
  WriterItemInput,
  WriterOutcome,
} from "./protocol.ts";

export type WriterOptions = {
  /** Its folder exists; the file is made when absent. The base name must be `model.duckdb`. */
  liveFile: string;
  /** The only folder that functions read files from; also holds spilled data. */
  stagingDir: string;
  memoryLimitBytes: number;
  threads: number;
  logger: Logger;
  onEvent: (event: WriterEvent) => void;
};

export type Writer = {
  /** Highest sequence in the ledger, 0 when empty; moves with every outcome. */
  readonly ledgerHead: number;
  readonly pid: number;
  /**
   * Runs one intent in one transaction with its ledger row. An id that the ledger has is answered from it.
   * Rejects, with nothing recorded, with `crashed` (the child died; open a new writer), `disk_full` or `internal`.
   */
  apply(item: WriterItemInput, signal?: AbortSignal): Promise<WriterOutcome>;
  /** Outcomes above a sequence, in order: what a manager that died may not have published. */
  outcomesAfter(sequence: number): Promise<WriterOutcome[]>;
  /** Writes the version's identity into the file and empties the write-ahead log. */
  checkpoint(info: VersionInfo): Promise<CheckpointedState>;
  tables(): Promise<TableState[]>;
  /** Interrupts the intent if it runs now; its outcome is then `cancelled`. False: it does not run. */
  cancel(intentId: string): boolean;
  /** Waits for the running intent, closes the file and ends the process. */
  close(): Promise<void>;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Starts the writer's process and opens the live file in it. Rejects when the file cannot be opened or locked down. */
export declare function openWriter(options: WriterOptions): Promise<Writer>;

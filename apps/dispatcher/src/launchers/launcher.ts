import type { ModelId } from "@teatree/shared/contracts/ids";

/** The manager's exit code when another one holds the model's lease. */
export const EXIT_LEASE_HELD = 75;

export interface LaunchedExit {
  code: number | null;
  signal: string | null;
}

/** A manager that this launcher started. It says by itself, in the control database, where it listens. */
export interface LaunchedManager {
  /** For people and logs: a process id, a pod's name. */
  readonly id: string;
  readonly exited: Promise<LaunchedExit>;
  running(): boolean;
  /** Asks it to end and forces it after `graceMs`; 0 forces it at once. Resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
}

/** Starts managers somewhere: as local processes, as pods. */
export interface Launcher {
  /** Resolves when the manager was started, which is long before it is ready. Rejects when it could not be. */
  launch(modelId: ModelId): Promise<LaunchedManager>;
  /** Ends what must not outlive this dispatcher. */
  close(graceMs: number): Promise<void>;
}

/** What a manager said of itself, or that it said nothing. */
export interface IdleSituation {
  /** Null: it did not answer. */
  idleMs: number | null;
  limitMs: number;
  /** Intents of the model that have no outcome. */
  openIntents: number;
}

/** Whether a manager may be stopped to free its memory. It starts again with the next intent or read. */
export function mayStop({ idleMs, limitMs, openIntents }: IdleSituation): boolean {
  return idleMs !== null && idleMs > limitMs && openIntents === 0;
}

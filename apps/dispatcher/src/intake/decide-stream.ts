/** What is known about the stream's life when the dispatcher looks at it. */
export interface StreamSituation {
  /** The life that positions refer to. */
  remembered: { created: string; firstSequence: number } | null;
  /** The highest sequence any position or waiting intent has. Must be read before `actual`. */
  highestSequence: number;
  /** The stream as the server has it now. */
  actual: { created: string; firstSequence: number; lastSequence: number } | null;
}

export type StreamStep =
  | { what: "keep" }
  /** It is new, and all that is known fits in: note its life. */
  | { what: "remember" }
  /** Make it, dropping what is there, so that its first message gets this sequence. */
  | { what: "recreate"; firstSequence: number };

/**
 * Whether the positions in PostgreSQL still mean anything in the stream. A store that was wiped begins again at 1:
 * new intents would lie below the positions and never be read. Whatever is dropped is in PostgreSQL as well and is
 * published again.
 */
export function decideStream({ remembered, highestSequence, actual }: StreamSituation): StreamStep {
  const beyond = Math.max(highestSequence, actual?.lastSequence ?? 0) + 1;
  if (actual === null) return { what: "recreate", firstSequence: beyond };
  if (actual.created === remembered?.created) {
    // The same life, but shorter than it was: an old copy of the store was put back.
    if (actual.lastSequence < highestSequence) return { what: "recreate", firstSequence: beyond };
    return { what: "keep" };
  }
  // Nothing was noted yet: web may have made it and published already. Else it must begin beyond the life before.
  const fits = remembered === null ? actual.lastSequence : actual.firstSequence - 1;
  if (fits >= highestSequence) return { what: "remember" };
  return { what: "recreate", firstSequence: beyond };
}

import type { ModelId } from "@teatree/shared/contracts/ids";

/**
 * Knows of which models this process left nothing behind in the outbox. Of all others it cannot be sure, and what is
 * submitted next must not overtake what waits there.
 */
export function createCatchUp() {
  const nothingLeft = new Set<ModelId>();
  let failures = 0;
  return {
    isNeeded: (model: ModelId): boolean => !nothingLeft.has(model),
    leftBehind(model: ModelId): void {
      failures += 1;
      nothingLeft.delete(model);
    },
    /** Call it before the outbox is read; what it gives, when all of it is published. A failure in between undoes it. */
    begin(model: ModelId): () => void {
      const before = failures;
      return () => {
        if (failures === before) nothingLeft.add(model);
      };
    },
  };
}

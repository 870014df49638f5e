import { TeatreeError } from "@teatree/shared/contracts/errors";

/** A Polars object that user code knows by number. */
export interface Held {
  className: string;
  value: object;
}

/** The Polars objects of one run. User code may name any number: it gets no further than its own objects. */
export interface Handles {
  keep(held: Held): number;
  get(handle: number): Held;
}

export function createHandles(most: number): Handles {
  const held: Held[] = [];
  return {
    keep(one) {
      if (held.length >= most) {
        throw new TeatreeError("invalid_arguments", `The code makes more than ${most} Polars objects.`);
      }
      return held.push(one);
    },
    get(handle) {
      const one = held[handle - 1];
      if (one === undefined) throw new TypeError("There is no such Polars object.");
      return one;
    },
  };
}

type Limits<Value> = {
  most: number;
  /** Of all values together. The value asked for last stays, whatever it weighs. */
  heaviest: number;
  weigh: (value: Value) => number;
};

/** Keeps the values asked for last. Whoever asks for one that is being made waits for it; one that failed is made again. */
export function createRecentlyUsed<Value>({ most, heaviest, weigh }: Limits<Value>) {
  const known = new Map<string, { value: Promise<Value>; weight: number }>();
  let weight = 0;

  function forget(key: string): void {
    weight -= known.get(key)?.weight ?? 0;
    known.delete(key);
  }

  function trim(): void {
    for (const key of known.keys()) {
      if (known.size <= 1 || (known.size <= most && weight <= heaviest)) return;
      forget(key);
    }
  }

  async function enter(key: string, value: Promise<Value>): Promise<void> {
    const entry = { value, weight: 0 };
    known.set(key, entry);
    trim();
    try {
      const made = weigh(await value);
      if (known.get(key) !== entry) return;
      entry.weight = made;
      weight += made;
      trim();
    } catch {
      if (known.get(key) === entry) forget(key);
    }
  }

  return {
    get(key: string, make: () => Promise<Value>): Promise<Value> {
      const found = known.get(key);
      if (found !== undefined) {
        known.delete(key);
        known.set(key, found);
        return found.value;
      }
      const value = make();
      void enter(key, value);
      return value;
    },
    put(key: string, value: Value): void {
      forget(key);
      void enter(key, Promise.resolve(value));
    },
    forget,
  };
}

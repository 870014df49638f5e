/** Keeps the values asked for last. Whoever asks for one that is being made waits for it; one that failed is made again. */
export function createRecentlyUsed<Value>(most: number) {
  const known = new Map<string, Promise<Value>>();
  function trim(): void {
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
  }

  return {
    get(key: string, make: () => Promise<Value>): Promise<Value> {
      const found = known.get(key) ?? make();
      known.delete(key);
      known.set(key, found);
      found.catch(() => known.get(key) === found && known.delete(key));
      trim();
      return found;
    },
    put(key: string, value: Value): void {
      known.delete(key);
      known.set(key, Promise.resolve(value));
      trim();
    },
    forget(key: string): void {
      known.delete(key);
    },
  };
}

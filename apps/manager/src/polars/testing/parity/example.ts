/** What to run for each member of a class: JavaScript that gives a frame, a series, an expression or a plain value. */
export type Examples = Readonly<Record<string, string>>;

/** The same call for several members. */
export function forEach(names: string, code: (name: string) => string): Examples {
  return Object.fromEntries(names.split(" ").map((name) => [name, code(name)]));
}

/**
 * Runs examples, keyed by class and member, and gives one row for each with what came out. The same text runs in the sandbox and
 * directly on nodejs-polars, so both sides make and show their values in the same way; `collect` is how a plan is run.
 */
export function parityScript(examples: Readonly<Record<string, string>>): string {
  const cases = Object.entries(examples).map(([key, code]) => `[${JSON.stringify(key)}, () => (${code})]`);
  return `async ({ pl, tables, collect = (frame) => frame.collectSync() }) => {
  const { col, lit } = pl;
  const day = (n) => new Date(Date.UTC(2024, 0, n, n, 2 * n, 3 * n));
  const base = pl.DataFrame([
    pl.Series("id", [1, 2, 3, 4, 5, 6], pl.Int64),
    pl.Series("n", [0.5, 0.25, -0.5, 0.75, 1, 0.125]),
    pl.Series("x", [1, 2.5, null, 4, NaN, 6]),
    pl.Series("s", ["apple", "Banana ", "  cherry", '{"a":1}', "2020-01-02", "61"]),
    pl.Series("k", ["a", "b", "a", "b", "a", "c"]),
    pl.Series("b", [true, false, null, true, true, false]),
    pl.Series("c", [true, true, false, false, true, false]),
    pl.Series("d", [1, 2, 3, 4, 6, 9].map(day)),
    pl.Series("l", [[1, 2, 3], [4], [6, 5], [5, 6], null, [7]]),
  ]);
  const df = base.select("id", "n", "k");
  const numbers = base.select("id", "n");
  const lf = tables.base;
  const when = () => pl.when(col("id").gt(lit(3)));
  const struct = base.select(pl.struct([col("id"), col("k")]).alias("st"));
  const on = (...columns) => base.select(...columns);
  const plain = (value) => {
    if (typeof value === "bigint") return Number(value);
    if (typeof value === "number") return Number.isNaN(value) ? "NaN" : Math.round(value * 1e9) / 1e9;
    if (value instanceof Date) return value.toISOString();
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value === "object" && value !== null) {
      if (typeof value.variant === "string") return value.toString();
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
    }
    return value === undefined ? null : value;
  };
  const has = (value, method) => typeof value === "object" && value !== null && typeof value[method] === "function";
  const show = (value) => {
    if (Array.isArray(value)) return value.map(show);
    if (has(value, "collectSync")) return show(collect(value));
    if (has(value, "rows")) return { columns: value.columns, rows: plain(value.rows()) };
    if (has(value, "toArray")) return { name: value.name, values: plain(value.toArray()) };
    if (has(value, "alias")) return show(base.select(value));
    return plain(value);
  };
  const names = [];
  const results = [];
  for (const [key, run] of [${cases.join(",\n")}]) {
    names.push(key);
    try {
      results.push(JSON.stringify(show(await run())));
    } catch (error) {
      results.push("failed: " + error.message.split("\\n")[0]);
    }
  }
  return pl.DataFrame({ name: names, result: results });
}`;
}

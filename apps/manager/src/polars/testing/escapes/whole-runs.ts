import { escapeScripts } from "./escape-script.ts";

/** What shows only when a run begins or ends. */
export const WHOLE_RUNS = [
  ...escapeScripts(
    ["polars_error"],
    [
      [
        "a static import",
        "import fs from 'node:fs'; export default () => fs.readFileSync('/etc/passwd')",
        /imported/,
      ],
      [
        "an import of a path",
        "import * as x from '/etc/passwd'; export default () => x",
        /imported|LazyFrame/,
      ],
      ["a dynamic import", "import('node:fs')"],
      [
        "a dynamic import of polars",
        "async () => (await import('nodejs-polars')).default.scanCSV('/etc/passwd')",
      ],
      ["the constructor of an async function", "(async () => 0).constructor('return process')()"],
      ["import.meta", "import.meta.url"],
      ["a re-export", "export * from 'node:fs'"],
      ["require", "require('child_process').execSync('id')", /imported/],
      ["no return", "() => {}", /gave nothing/],
      ["nothing at all", "", /gave nothing/],
      ["a comment alone", "// nothing", /gave nothing/],
      ["null", "() => null", /gave nothing/],
      ["a number", "() => 1", /a number/],
      ["a text", "() => '/etc/passwd'", /a string/],
      ["an array of frames", "() => [tables.base]", /an array/],
      ["a record of frames", "() => ({ a: tables.base })", /an object/],
      ["an expression", "() => pl.col('id')", /gave an Expr/],
      ["a series", "() => pl.Series([1])", /gave a Series/],
      ["groups", "() => tables.base.groupBy('k')", /agg/],
      ["pl itself", "() => pl", /an object/],
      ["a function that gives a function", "() => () => tables.base", /a function/],
      ["a thrown text", "throw '/etc/passwd is here'"],
      ["a thrown nothing", "throw undefined"],
      ["a thrown proxy", "throw new Proxy({}, { get() { throw 1 } })"],
      ["a promise that never settles", "new Promise(() => {})", /never happens/],
      [
        "an async function that waits for ever",
        "async () => { await new Promise(() => {}); return tables.base }",
        /never happens/,
      ],
      ["a thenable that never settles", "async () => { await { then() {} } }", /never happens/],
      ["a rejected promise", "async () => { throw new Error('not today') }", /not today/],
      ["a syntax error", "() => {", /./],
      ["a type error of TypeScript", "() => tables.base as", /./],
      ["an unclosed text", "'abc", /./],
      ["no columns", "tables.base.select()", /no columns/],
      ["an empty name", "tables.base.select(pl.col('id').alias(''))", /no name/],
      ["a blank name", "tables.base.select(pl.col('id').alias('  '))", /no name/],
      ["one name twice", "tables.base.select('id', pl.col('n').alias('id'))"],
      ["one name in two cases", "tables.base.select('id', pl.col('n').alias('ID'))", /upper and lower/],
      ["a column of nulls", "tables.base.select(pl.lit(null).alias('a'))", /cast/],
      ["a duration", "tables.base.select(pl.col('d').sub(pl.col('d')).alias('a'))", /Duration/],
      [
        "a list of durations",
        "tables.base.select(pl.col('d').sub(pl.col('d')).implode().alias('a'))",
        /Duration/,
      ],
    ],
  ),
  ...escapeScripts(
    [],
    [
      [
        "changes of prototypes",
        "Object.prototype.polluted = 1; Array.prototype[0] = 'x'; tables.base.select('id')",
      ],
      ["changes of globals", "Object.defineProperty = null; JSON.parse = null; tables.base.select('id')"],
      [
        "columns named like methods",
        "pl.DataFrame({ filter: [1], height: [2], count: [3], lazy: [4], select: [5], columns: [6], _df: [7], constructor: [8] }).filter(pl.col('filter').eq(1)).withColumn(pl.lit(1).alias('then')).select('filter', 'height', 'count', 'lazy', 'columns')",
      ],
      [
        "columns named like marks",
        "pl.DataFrame({ _expr: [1], _s: [2], _ldf: [3], toString: [4], identity: [5] }).lazy().filter(pl.col('_s').eq(2))",
      ],
      [
        "a toJSON in an argument",
        "tables.base.filter(pl.col('k').isIn(['a'].map((k) => k))).select(pl.lit('x').alias('toJSON'))",
      ],
      ["a caught refusal", "try { pl.SQLContext() } catch {} tables.base.select('id')"],
    ],
  ),
];

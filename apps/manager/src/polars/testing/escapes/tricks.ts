import { escapeScripts } from "./escape-script.ts";

/** Makes the guest's own JSON say something else, once. */
const FORGE =
  "const forge = (message) => { Array.prototype.toJSON = function () { delete Array.prototype.toJSON; return message; }; }; ";

/** Each throws where it stands, so that many can be tried in one run. */
export const TRICKS = escapeScripts(
  ["polars_error"],
  [
    ["the constructor's constructor", "pl.col('id').constructor.constructor('return process')()"],
    ["the constructor of a function", "(() => 0).constructor('return process.env')()"],
    ["the constructor of a generator", "(function* () {}).constructor('return process')().next()"],
    [
      "the constructor of a host error",
      "try { pl.nothing() } catch (e) { e.constructor.constructor('return process')() }",
    ],
    [
      "the constructor of a host error of Polars",
      "try { tables.base.select('no') } catch (e) { e.constructor.constructor('return process')() }",
    ],
    ["eval", "eval('process.env')"],
    ["indirect eval", "(0, eval)('process')"],
    ["Function", "Function('return process')()"],
    ["the stack's frames", "Error.prepareStackTrace = (_, frames) => frames; new Error().stack[0].getThis()"],
    ["the caller", "(function f() { return f.caller.caller })()"],
    ["arguments.callee.caller", "(function () { return arguments.callee.caller.x })()"],
    ["__proto__ of a literal", "pl.DataFrame({ ['__proto__']: [1] })", /__proto__/],
    ["__proto__ of JSON", "pl.DataFrame(JSON.parse('{\"__proto__\": [1]}'))", /__proto__/],
    [
      "__proto__ deep within",
      'tables.base.join(tables.base, JSON.parse(\'{"on": "id", "x": {"__proto__": 1}}\'))',
      /__proto__/,
    ],
    ["a symbol as an argument", "pl.lit(Symbol.iterator)", /symbol/],
    ["a symbol as a key", "pl.lit({ [Symbol.toStringTag]: () => 'Expr' })", /symbol/i],
    ["a symbol as a method", "pl[Symbol.for('nodejs.util.inspect.custom')]()"],
    ["a function as an argument", "pl.lit(() => 1)", /expressions/],
    ["a class as an argument", "pl.lit(class {})", /expressions/],
    ["an instance as an argument", "pl.lit(new (class A {})())", /plain objects/],
    ["a Map as an argument", "pl.lit(new Map([[1, 2]]))", /plain objects/],
    ["a proxy of an expression", "tables.base.select(new Proxy(pl.col('id'), {}))", /plain objects/],
    ["an heir of an expression", "tables.base.select(Object.create(pl.col('id')))", /plain objects/],
    ["a look-alike expression", "tables.base.filter({ _expr: {} , toString: 1 })"],
    ["a look-alike handle", "tables.base.filter({ handle: 1 })"],
    ["a look-alike wire value", "tables.base.select(['handle', 'Expr', 1])"],
    [
      "a forged handle",
      "const C = Object.getPrototypeOf(Object.getPrototypeOf(pl.col('id'))).constructor; const made = new C(999999); pl.col('id').alias.call(made, 'x')",
    ],
    [
      "a forged handle that is no number",
      "const P = Object.getPrototypeOf(pl.col('id')); const C = P.constructor; P.alias.call(new C('__proto__'), 'x')",
      /agreed form/,
    ],
    [
      "a forged handle of zero",
      "const P = Object.getPrototypeOf(pl.col('id')); P.alias.call(new P.constructor(0), 'x')",
      /no alias/,
    ],
    [
      "a forged handle below zero",
      "const P = Object.getPrototypeOf(pl.col('id')); P.alias.call(new P.constructor(-1), 'x')",
      /agreed form/,
    ],
    [
      "a forged handle with a fraction",
      "const P = Object.getPrototypeOf(pl.col('id')); P.alias.call(new P.constructor(0.5), 'x')",
      /agreed form/,
    ],
    ["a frame as an expression", "tables.base.filter(tables.base)", /cannot be a LazyFrame/],
    ["an expression as a frame", "tables.base.join(pl.col('id'), { on: 'id' })", /cannot be an Expr/],
    ["a series as a frame", "pl.DataFrame({ a: [1] }).vstack(pl.Series([1]))", /cannot be a Series/],
    ["a type as an expression", "tables.base.select(pl.Int64)", /cannot be a DataType/],
    [
      "a method of another class",
      "const { join } = Object.getPrototypeOf(tables.base); join.call(pl.col('id'), tables.base)",
      /no join/,
    ],
    ["a method without its object", "const { alias } = pl.col('id'); alias('x')", /without one/],
    [
      "a method by the name constructor",
      "Object.getPrototypeOf(pl.col('id')).alias.call(pl.col('id'), { toString: () => 'constructor' })",
    ],
    [
      "JSON that forges a message",
      `${FORGE}JSON.stringify = () => '["member",0,"SQLContext",[]]'; forge(['member', 0, 'SQLContext', []]); pl.col('id')`,
      /no SQLContext/,
    ],
    [
      "JSON that forges an unknown question",
      `${FORGE}forge(['eval', 'process']); pl.col('id')`,
      /agreed form/,
    ],
    [
      "JSON that forges a prototype",
      `${FORGE}forge(['member', 0, '__proto__', []]); pl.col('id')`,
      /no __proto__/,
    ],
    [
      "JSON that forges a constructor",
      `${FORGE}forge(['member', 0, 'constructor', []]); pl.col('id')`,
      /no constructor/,
    ],
    [
      "JSON that forges hasOwnProperty",
      `${FORGE}forge(['member', 0, 'hasOwnProperty', []]); pl.col('id')`,
      /no hasOwnProperty/,
    ],
    [
      "JSON that forges a table's path",
      `${FORGE}forge(['table', null, '../../etc/passwd']); tables.other.flights`,
      /no such table/,
    ],
    [
      "JSON that forges a table's prototype",
      `${FORGE}forge(['table', '__proto__', 'toString']); tables.other.flights`,
      /no such table/,
    ],
    [
      "JSON that forges an object for a name",
      `${FORGE}forge(['member', 0, { a: 1 }, []]); pl.col('id')`,
      /agreed form/,
    ],
    ["JSON that forges a raw object", `${FORGE}forge({ 0: 'member' }); pl.col('id')`, /agreed form/],
    [
      "agg by the names of methods",
      "tables.base.collectSync().groupBy('k').agg({ id: 'constructor' })",
      /must be an Expr/,
    ],
    ["agg by serialize", "tables.base.collectSync().groupBy('k').agg({ id: 'serialize' })"],
    [
      "pivot by the constructor",
      "tables.base.collectSync().pivot({ values: 'n', index: 'id', on: 'k', aggregateFunc: 'constructor' })",
    ],
    ["too many arguments", "tables.base.first(1, 2, 3)", /too many/],
    ["an unknown table", "tables.secrets", /no secrets/],
    ["an unknown table of a schema", "tables.other.secrets", /no secrets/],
    ["the prototype of tables", "tables.__proto__.x", /no __proto__/],
    ["the constructor of tables", "tables.constructor('return process')()", /no constructor/],
    ["a column that the request hides", "tables.flights.select('hidden')"],
    ["a file name as a table", "tables['/a/b.parquet']", /no \/a/],
    ["a pattern with an unknown flag", "tables.base.filter(pl.col('k').str.contains(/a/g))", /flag g/],
    ["a bigint of many digits", "pl.lit(10n ** 40n)", /64 bits/],
    ["an invalid date", "pl.lit(new Date(NaN))", /date|agreed|Polars/i],
  ],
);

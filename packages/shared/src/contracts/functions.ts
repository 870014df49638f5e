import { z } from "zod";
import { Identifier, ModelName, UploadId, VersionNumber } from "./ids.ts";

/** One value of a row as JSON carries it. Nested values fit LIST, STRUCT and MAP columns. */
export const JsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(JsonValue),
    z.record(z.string(), JsonValue),
  ]),
);
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

const Row = z.record(Identifier, JsonValue);
const Rows = z.array(Row).min(1).max(100_000);

/** Named (`$name`) or positional (`$1`, `?`) parameters of a statement. */
export const Params = z.union([z.array(JsonValue), z.record(z.string(), JsonValue)]);
export type Params = z.infer<typeof Params>;

/** Names that the engine or the model itself answers to: a model read under one of them could not be told apart. */
const TAKEN_SCHEMAS = new Set(
  "main temp system memory model pg_catalog information_schema _teatree".split(" "),
);

/** Published versions of other models, attached read-only under the given schema name. */
export const Reads = z.record(
  z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, "lower-case letters, digits and _")
    .refine((schema) => !TAKEN_SCHEMAS.has(schema), "is taken by the engine; choose another name"),
  z.strictObject({
    model: z.string().min(1),
    version: z.union([VersionNumber, z.literal("latest")]).default("latest"),
  }),
);
export type Reads = z.infer<typeof Reads>;

const rowsOrUpload = { rows: Rows.optional(), uploadId: UploadId.optional() };
function exactlyOneSource(args: { rows?: unknown; uploadId?: unknown }) {
  return (args.rows === undefined) !== (args.uploadId === undefined);
}
const oneSource = { message: "give either rows or uploadId", path: ["rows"] };

/** Column equals value; null means IS NULL; an array means any of them. All conditions hold together. */
const Where = z.record(Identifier, JsonValue).refine((where) => Object.keys(where).length > 0, {
  message: "needs at least one condition; to change every row use the sql function",
});

export const AppendArgs = z
  .strictObject({ table: Identifier, ...rowsOrUpload })
  .refine(exactlyOneSource, oneSource);
export type AppendArgs = z.infer<typeof AppendArgs>;

export const UpsertArgs = z
  .strictObject({ table: Identifier, key: z.array(Identifier).min(1), ...rowsOrUpload })
  .refine(exactlyOneSource, oneSource);
export type UpsertArgs = z.infer<typeof UpsertArgs>;

export const UpdateArgs = z.strictObject({
  table: Identifier,
  set: z.record(Identifier, JsonValue).refine((set) => Object.keys(set).length > 0, "names no column"),
  where: Where,
});
export type UpdateArgs = z.infer<typeof UpdateArgs>;

export const DeleteArgs = z.strictObject({ table: Identifier, where: Where });
export type DeleteArgs = z.infer<typeof DeleteArgs>;

/** How to read the file; only what the format knows is accepted. Absent means found out from the file. */
export const ImportOptions = z.strictObject({
  delimiter: z.string().length(1).optional(),
  header: z.boolean().optional(),
  quote: z.string().max(1).optional(),
  escape: z.string().max(1).optional(),
  nullText: z.string().optional(),
  dateFormat: z.string().optional(),
  timestampFormat: z.string().optional(),
  columns: z.record(Identifier, z.string()).optional().meta({ description: "Column name → DuckDB type." }),
});

export const ImportArgs = z.strictObject({
  table: Identifier,
  uploadId: UploadId,
  mode: z.enum(["create", "replace", "append"]),
  options: ImportOptions.optional(),
});
export type ImportArgs = z.infer<typeof ImportArgs>;

export const SqlArgs = z.strictObject({
  sql: z.string().min(1).max(1_000_000),
  params: Params.optional(),
  reads: Reads.optional(),
});
export type SqlArgs = z.infer<typeof SqlArgs>;

/** A transform in TypeScript with Polars. What it returns becomes a table, is added to one, or is only shown. */
export const PolarsArgs = z
  .strictObject({
    code: z.string().min(1).max(100_000).meta({
      description: "A function `({ pl, tables, params }) => LazyFrame | DataFrame`.",
    }),
    into: Identifier.optional().meta({ description: "The table; left out for the mode result." }),
    mode: z.enum(["replace", "append", "result"]),
    params: z.record(z.string(), JsonValue).optional(),
    reads: Reads.optional(),
  })
  .refine(({ into, mode }) => (into === undefined) === (mode === "result"), {
    message: "name the table that replace and append write; result writes none",
    path: ["into"],
  });
export type PolarsArgs = z.infer<typeof PolarsArgs>;

export const RestoreArgs = z.strictObject({ version: VersionNumber });
export type RestoreArgs = z.infer<typeof RestoreArgs>;

/** A new model that begins with a version of this one and shares its blocks. */
export const ForkArgs = z.strictObject({
  version: VersionNumber,
  name: ModelName.meta({ description: "Of the new model; must not be taken." }),
});
export type ForkArgs = z.infer<typeof ForkArgs>;

/** Writes the model's file anew without its dead space. */
export const CompactArgs = z.strictObject({});
export type CompactArgs = z.infer<typeof CompactArgs>;

/** The functions that an intent can name today. */
export const FUNCTION_ARGS = {
  append: AppendArgs,
  upsert: UpsertArgs,
  update: UpdateArgs,
  delete: DeleteArgs,
  import: ImportArgs,
  sql: SqlArgs,
  polars: PolarsArgs,
  restore: RestoreArgs,
  fork: ForkArgs,
  compact: CompactArgs,
} as const;

export type FunctionName = keyof typeof FUNCTION_ARGS;
export const FunctionName = z.enum([
  "append",
  "upsert",
  "update",
  "delete",
  "import",
  "sql",
  "polars",
  "restore",
  "fork",
  "compact",
]);

/** Functions of the contract that answer 501 `not_available`. */
export const COMING_FUNCTIONS = ["call"] as const;

/** A function with its arguments, checked together. */
export const FunctionCall = z.discriminatedUnion("function", [
  z.object({ function: z.literal("append"), args: AppendArgs }),
  z.object({ function: z.literal("upsert"), args: UpsertArgs }),
  z.object({ function: z.literal("update"), args: UpdateArgs }),
  z.object({ function: z.literal("delete"), args: DeleteArgs }),
  z.object({ function: z.literal("import"), args: ImportArgs }),
  z.object({ function: z.literal("sql"), args: SqlArgs }),
  z.object({ function: z.literal("polars"), args: PolarsArgs }),
  z.object({ function: z.literal("restore"), args: RestoreArgs }),
  z.object({ function: z.literal("fork"), args: ForkArgs }),
  z.object({ function: z.literal("compact"), args: CompactArgs }),
]);
export type FunctionCall = z.infer<typeof FunctionCall>;

/** The name of another model as `reads` gives it may be an id or a name. */
export const ReadsModel = z.union([ModelName, z.uuid()]);

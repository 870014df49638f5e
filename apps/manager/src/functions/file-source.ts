import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { CatalogTable } from "../writer/catalog.ts";
import { liveTable, quoteName, quoteText } from "../writer/engine.ts";
import type { StagedUpload } from "../writer/protocol.ts";
import type { FunctionContext } from "./context.ts";
import { csvError, csvReader, type FileOptions } from "./csv-file.ts";
import { dataError } from "./data-errors.ts";
import { jsonError, jsonReader } from "./json-file.ts";
import { castSql, checkCasts, type FileColumn } from "./lossless-casts.ts";
import type { Source } from "./rows-source.ts";
import { findColumn, unknownColumn } from "./table-lookup.ts";

/** A file that the engine can read: `read` gives the table function, with some columns read as the given types. */
type OpenFile = {
  columns: FileColumn[];
  read: (types: ReadonlyMap<string, string>) => string;
  explain: (error: unknown) => Promise<TeatreeError>;
};

/** The uploaded file in staging. Throws `upload_not_found` when the manager staged none. */
export function stagedUpload(context: FunctionContext, uploadId: string): StagedUpload {
  const found = Object.entries(context.item.uploads).find(([id]) => id === uploadId)?.[1];
  if (found) return found;
  throw new TeatreeError("upload_not_found", `There is no upload ${uploadId}.`, { details: { uploadId } });
}

/** Makes a table from a file; `replace` puts it in the place of one of that name. Throws `invalid_data`, `unsupported_file`. */
export async function createTableFromFile(
  context: FunctionContext,
  name: string,
  upload: StagedUpload,
  options: FileOptions,
  replace = false,
): Promise<void> {
  const file = await openFile(context, upload, options);
  const wanted = new Map(
    Object.entries(options.columns ?? {}).map(([column, type]) => [column.toLowerCase(), type]),
  );
  const targets: Target[] = [];
  for (const column of file.columns) {
    const type = wanted.get(column.name.toLowerCase()) ?? (await sensibleType(context, file, column, upload));
    targets.push({ ...column, target: column.name, targetType: type });
  }
  for (const column of Object.keys(options.columns ?? {})) {
    if (file.columns.some((one) => one.name.toLowerCase() === column.toLowerCase())) continue;
    const message = `"${upload.filename}" has no column "${column}".`;
    throw new TeatreeError("invalid_arguments", message, {
      details: { path: `args.options.columns.${column}` },
    });
  }
  const source = await select(context, file, targets, upload);
  try {
    const create = replace ? "CREATE OR REPLACE TABLE" : "CREATE TABLE";
    await context.connection.run(`${create} ${liveTable(name)} AS ${source}`);
    context.log("info", `table "${name}" made from ${upload.filename}`);
  } catch (error) {
    throw await file.explain(error);
  }
}

/** A file as rows of an existing table, matched by name; what does not fit the table's types without loss is refused. */
export async function fileSource(
  context: FunctionContext,
  table: CatalogTable,
  upload: StagedUpload,
  options: FileOptions,
): Promise<Source> {
  const file = await openFile(context, upload, options);
  const byPosition = options.header === false && file.columns.length === table.columns.length;
  const targets = file.columns.map((column, index) => {
    const match = byPosition ? table.columns[index] : findColumn(table, column.name);
    if (!match) throw unknownColumn(table, column.name, { row: 1 });
    return { ...column, target: match.name, targetType: match.type };
  });
  const sql = await select(context, file, targets, upload);
  return { sql, values: [], columns: targets.map((column) => column.target), given: new Map() };
}

/** JSON with negative numbers is found to be HUGEINT; where BIGINT holds every value, that is what people mean. */
async function sensibleType(
  context: FunctionContext,
  file: OpenFile,
  column: FileColumn,
  upload: StagedUpload,
): Promise<string> {
  if (column.type === "JSON") return "VARCHAR";
  if (upload.format === "parquet" || !column.type.includes("HUGEINT")) return column.type;
  const targetType = column.type.replaceAll("UHUGEINT", "BIGINT").replaceAll("HUGEINT", "BIGINT");
  try {
    const cast = { ...column, target: column.name, targetType };
    await checkCasts(context, file.read(new Map()), [cast], upload, file.read);
    return targetType;
  } catch (error) {
    if (error instanceof TeatreeError) return column.type;
    throw await file.explain(error);
  }
}

type Target = FileColumn & { target: string; targetType: string };

async function select(
  context: FunctionContext,
  file: OpenFile,
  targets: readonly Target[],
  upload: StagedUpload,
): Promise<string> {
  // Text that only looks like a number or a date must reach a text column unchanged: 007 stays 007.
  const asText = targets.filter((one) => one.targetType === "VARCHAR" && one.type !== "VARCHAR");
  const overrides = new Map(asText.map((one) => [one.name, "VARCHAR"]));
  const relation =
    upload.format === "parquet" ? file.read(new Map()) : file.read(withAll(upload, targets, overrides));
  const read = targets.map((one) => ({
    ...one,
    type: upload.format !== "parquet" && overrides.has(one.name) ? "VARCHAR" : one.type,
  }));
  try {
    await checkCasts(context, relation, read, upload, file.read);
  } catch (error) {
    throw await file.explain(error);
  }
  const columns = read.map((one) => `${castSql(one)} AS ${quoteName(one.target)}`);
  return `SELECT ${columns.join(", ")} FROM ${relation}`;
}

/** JSON takes types for all columns or for none. */
function withAll(upload: StagedUpload, targets: readonly Target[], overrides: ReadonlyMap<string, string>) {
  if (upload.format === "csv" || overrides.size === 0) return overrides;
  return new Map(targets.map((one) => [one.name, overrides.get(one.name) ?? one.type]));
}

async function openFile(
  context: FunctionContext,
  upload: StagedUpload,
  options: FileOptions,
): Promise<OpenFile> {
  const { read, explain } = await readerOf(context, upload, options);
  try {
    const result = await context.connection.run(`SELECT * FROM ${read(new Map())} LIMIT 0`);
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, index) => ({ name, type: typeText(types[index]) }));
    if (columns.length === 0) throw new TeatreeError("invalid_data", `"${upload.filename}" has no columns.`);
    return { columns, read, explain };
  } catch (error) {
    throw await explain(error);
  }
}

function typeText(type: { alias?: string } | undefined): string {
  return type?.alias === "JSON" ? "JSON" : String(type);
}

async function readerOf(
  context: FunctionContext,
  upload: StagedUpload,
  options: FileOptions,
): Promise<Omit<OpenFile, "columns">> {
  checkOptions(upload, options);
  switch (upload.format) {
    case "csv": {
      const { read, strict } = await csvReader(upload, options);
      return { read, explain: (error) => csvError(context, upload, error, strict) };
    }
    case "json":
    case "ndjson":
      return { read: jsonReader(upload, options), explain: (error) => jsonError(upload, error) };
    case "parquet":
      return {
        read: () => `read_parquet(${quoteText(upload.path)})`,
        explain: async (error) => dataError(error, upload.filename),
      };
    case "arrow":
      throw new TeatreeError(
        "unsupported_file",
        `"${upload.filename}" is an Arrow file, which cannot be imported yet. Save it as Parquet.`,
      );
  }
}

const KNOWN_OPTIONS: Record<StagedUpload["format"], readonly string[] | "all"> = {
  csv: "all",
  json: ["columns", "dateFormat", "timestampFormat"],
  ndjson: ["columns", "dateFormat", "timestampFormat"],
  parquet: ["columns"],
  arrow: [],
};

function checkOptions(upload: StagedUpload, options: FileOptions): void {
  const known = KNOWN_OPTIONS[upload.format];
  if (known === "all") return;
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    throw new TeatreeError("invalid_arguments", `${upload.format} files have no option ${name}.`, {
      details: { path: `args.options.${name}` },
    });
  }
}

import { z } from "zod";
import { Identifier, IntentId, ModelId, ModelName, Timestamp } from "./ids.ts";
import { pageOf } from "./paging.ts";

export const Column = z.object({
  name: z.string(),
  type: z.string().meta({ description: "DuckDB's name of the type, such as BIGINT or DECIMAL(18,2)." }),
  nullable: z.boolean(),
});
export type Column = z.infer<typeof Column>;

export const ModelTable = z.object({
  name: z.string(),
  rows: z.int().min(0),
  columns: z.array(Column),
  writtenBy: IntentId.nullable().meta({ description: "The intent that last wrote it." }),
  from: z.array(z.string()).meta({ description: "Tables that intent read, when it computed this one." }),
  behind: z.boolean().meta({ description: "One of `from` has moved on since." }),
});
export type ModelTable = z.infer<typeof ModelTable>;

export const Model = z.object({
  id: ModelId,
  name: ModelName,
  description: z.string().nullable(),
  currentVersion: z.int().min(0),
  createdAt: Timestamp,
  updatedAt: Timestamp.meta({ description: "When the current version was published; else `createdAt`." }),
  sizeBytes: z.int().min(0),
  tables: z.array(ModelTable),
});
export type Model = z.infer<typeof Model>;

export const CreateModel = z.strictObject({
  name: ModelName,
  description: z.string().max(2000).optional(),
});
export type CreateModel = z.infer<typeof CreateModel>;

export const ModelPage = pageOf(Model);
export type ModelPage = z.infer<typeof ModelPage>;

/** `{model}` in a path: an id or a name. */
export const ModelPath = z.object({ model: z.string().min(1).max(63) });
export const TablePath = ModelPath.extend({ table: Identifier });

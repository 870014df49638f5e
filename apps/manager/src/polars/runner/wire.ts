import { z } from "zod";

/**
 * How values cross between QuickJS and Node, as JSON text. Texts, booleans, null and finite numbers stand for themselves; all else
 * is an array that begins with its kind, so that nothing a user names can be taken for something else. Node checks each part when
 * it reads it: user code may send what it likes.
 */
export type Wire = string | number | boolean | null | readonly Wire[] | readonly [string, ...unknown[]];

/** What user code asks of Node: a table, or a member of `pl` (0) or of the object with that number. */
export const Ask = z.union([
  z.tuple([z.literal("table"), z.string().nullable(), z.string()]),
  z.tuple([z.literal("member"), z.int().min(0), z.string(), z.array(z.unknown())]),
]);

/** What Node says to it. */
export type Told = { value: unknown } | { error: string };

/** What the guest side knows of a class. */
export interface GuestClass {
  name: string;
  methods: readonly string[];
  properties: readonly string[];
  /** Methods that answer with a promise. */
  awaited: readonly string[];
  /** Methods that make a data type: `pl.Datetime` may be given without a call. */
  types: readonly string[];
}

/** The names of all tables; those of other models by schema. */
export interface GuestTables {
  own: readonly string[];
  schemas: readonly { name: string; tables: readonly string[] }[];
}

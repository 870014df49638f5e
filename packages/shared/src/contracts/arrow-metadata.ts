/** Metadata key of each Arrow field of a result: DuckDB's name of its type, where Arrow's own says less. */
export const ARROW_TYPE_KEY = "teatree.type";

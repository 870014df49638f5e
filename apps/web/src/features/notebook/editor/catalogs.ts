import type { Catalog } from "../sql/sql-completions.ts";

/** Catalog of the model that a text belongs to, by the text's address. */
const catalogs = new Map<string, () => Catalog>();

type Text = { uri: { toString(): string } };

/** Says which catalog completion in this text reads. Returns what forgets it. */
export function offerCatalog(text: Text, catalog: () => Catalog): () => void {
  const address = text.uri.toString();
  catalogs.set(address, catalog);
  return () => catalogs.delete(address);
}

export function catalogOf(text: Text): Catalog | undefined {
  return catalogs.get(text.uri.toString())?.();
}

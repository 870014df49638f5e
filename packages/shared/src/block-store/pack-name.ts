import { ModelId } from "../contracts/ids.ts";

/** A pack holds the blocks that one version brought, and that version's own record. It is named by who published it. */
export type PackName = { model: ModelId; version: number; epoch: number };

const PACK_KEY = /^models\/([0-9a-f-]{36})\/packs\/v([1-9]\d*)-e([1-9]\d*)\.pack$/;

/** Where a pack lies in the object store, and below the root of a local cache. */
export function packKey({ model, version, epoch }: PackName): string {
  return `models/${model}/packs/v${version}-e${epoch}.pack`;
}

/** The pack of a key that {@link packKey} made; null for any other text. */
export function packOfKey(key: string): PackName | null {
  const [, model, version, epoch] = PACK_KEY.exec(key) ?? [];
  const id = ModelId.safeParse(model);
  return id.success ? { model: id.data, version: Number(version), epoch: Number(epoch) } : null;
}

/** Where the snapshot file of a version lies below the versions folder, while it lies there. */
export function snapshotFile({ model, version, epoch }: PackName): string {
  return `${model}/v${version}-e${epoch}.duckdb`;
}

const SNAPSHOT_FILE = /^([0-9a-f-]{36})\/v([1-9]\d*)-e([1-9]\d*)\.duckdb$/;

/** The pack that a snapshot file is made from; null when the text is no name of a snapshot file. */
export function packOfSnapshot(file: string): PackName | null {
  const [, model, version, epoch] = SNAPSHOT_FILE.exec(file) ?? [];
  const id = ModelId.safeParse(model);
  return id.success ? { model: id.data, version: Number(version), epoch: Number(epoch) } : null;
}

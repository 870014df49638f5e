import type { Manifest, ManifestDifference } from "./versions.ts";

/** The bytes of a snapshot by name: SHA-256 in hex of the header and of each block; null is a block of zero bytes. */
export type FileHashes = Pick<Manifest, "bytes" | "blockSize" | "header" | "blocks">;

/** The text whose SHA-256 is the version's hash (docs: api.md "Files"), so that anyone can check a file with its manifest. */
export function rootText(file: FileHashes): string {
  return rootHead(file) + rootLines(file.blocks);
}

/** What stands before the blocks' lines. */
export function rootHead({ blockSize, bytes, header }: Omit<FileHashes, "blocks">): string {
  return `teatree-version-1\n${blockSize}\n${bytes}\n${header}\n`;
}

/** The lines of blocks that follow one another. */
export function rootLines(blocks: FileHashes["blocks"]): string {
  return blocks.map((hash) => `${hash ?? "-"}\n`).join("");
}

/** What of `manifest` differs from `since`: whoever holds the older file needs no other blocks. */
export function manifestDifference(manifest: Manifest, since: Manifest): ManifestDifference {
  const { blocks, ...rest } = manifest;
  // With blocks of another size nothing lies where it did.
  const before = since.blockSize === manifest.blockSize ? since.blocks : [];
  const changed = blocks.flatMap((hash, index) => (hash === before[index] ? [] : [{ index, hash }]));
  return { ...rest, since: since.version, changed };
}

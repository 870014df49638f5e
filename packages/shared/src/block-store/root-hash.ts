import { createHash } from "node:crypto";
import type { Manifest } from "../contracts/versions.ts";
import type { BlockList } from "./block-list.ts";

/** The bytes of a snapshot by name: SHA-256 in hex of the header and of each block; null is a block of zero bytes. */
export type FileHashes = Pick<Manifest, "bytes" | "blockSize" | "header" | "blocks">;

/**
 * A version's identity: SHA-256 over `teatree-version-1`, block size, file length, header hash and one line per block
 * (docs: api.md "Files"), so that anyone can check a file with its manifest. Under 1 ms for 50,000 blocks.
 */
export function rootHash(file: FileHashes): string {
  const lines = file.blocks.map((hash) => `${hash ?? "-"}\n`).join("");
  return createHash("sha256")
    .update(`teatree-version-1\n${file.blockSize}\n${file.bytes}\n${file.header}\n${lines}`)
    .digest("hex");
}

/** A list without its places. */
export function hashesOf({ bytes, blockSize, header, blocks }: BlockList): FileHashes {
  return { bytes, blockSize, header, blocks: blocks.map((block) => block?.hash ?? null) };
}

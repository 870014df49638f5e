import { hash } from "node:crypto";
import { type FileHashes, rootText } from "../contracts/version-text.ts";
import type { BlockList } from "./block-list.ts";

/** A version's identity: see {@link rootText}. 15 ms for 65,000 blocks. */
export function rootHash(file: FileHashes): string {
  return hash("sha256", rootText(file), "hex");
}

/** A list without its places. */
export function hashesOf({ bytes, blockSize, header, blocks }: BlockList): FileHashes {
  return { bytes, blockSize, header, blocks: blocks.map((block) => block?.hash ?? null) };
}

import { linkOrCopy } from "./link-or-copy.ts";

const MOST_TRIES = 4;

/**
 * Takes the file of a version into use under the name `to`: whoever would write to it sees the further link and leaves it alone.
 * One that is not there is made by `ensure` first, and again when it was put to another use in between.
 */
export async function linkVersion(from: string, to: string, ensure: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await linkOrCopy(from, to);
    } catch (error) {
      const isGone = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isGone || tries === MOST_TRIES) throw error;
    }
    await ensure();
  }
}

import { ModelName } from "@teatree/shared/contracts/ids";
import { formatOf, UPLOAD_FORMATS } from "@teatree/shared/contracts/uploads";

/** `My Flights (2).csv` → `my_flights_2`: a table name that needs no quotes. */
export function tableNameFor(filename: string): string {
  const stem = filename.replace(/\.[^.]+$/, "");
  const plain = stem
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (plain === "") return "data";
  return /^[0-9]/.test(plain) ? `t_${plain}`.slice(0, 63) : plain.slice(0, 63);
}

/** Arrow can be uploaded, and the engine that imports has no reader for it. */
export const IMPORTED_FORMATS = UPLOAD_FORMATS.filter((format) => format !== "arrow");

/** What is wrong with a file before it is sent; undefined when nothing is. */
export function fileProblem(
  file: { name: string; size: number },
  limitBytes: number,
  limitText: string,
): string | undefined {
  const format = formatOf(file.name);
  if (format === undefined || format === "arrow") {
    return `This kind of file cannot be read. Choose one that ends in ${IMPORTED_FORMATS.join(", ")} or tsv.`;
  }
  if (file.size === 0) return "The file is empty.";
  if (file.size > limitBytes)
    return `The file is larger than the limit of ${limitText}. Split it, or raise TEATREE_UPLOAD_LIMIT_BYTES.`;
  return undefined;
}

/** What is wrong with a model's name; undefined when nothing is. */
export function modelNameProblem(name: string, taken: string[]): string | undefined {
  if (name === "") return "Give it a name.";
  if (!ModelName.safeParse(name).success) {
    return "Start with a letter, then lower-case letters, digits, _ or -; 63 characters at most.";
  }
  return taken.includes(name) ? "A model of this name exists already." : undefined;
}

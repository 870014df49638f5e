import { isMap, parseDocument } from "yaml";

const BLOCK = /^---[ \t]*\n([\s\S]*?\n|)---[ \t]*(?:\n|$)/;

export type FrontMatter = { raw: string; title: string | null; model: string | null; rest: string };

/** Splits the YAML at the head from the rest. Text that is no mapping in YAML is left where it is. */
export function readFrontMatter(text: string): FrontMatter {
  const match = BLOCK.exec(text);
  const raw = match?.[1] ?? "";
  const nothing = { raw: "", title: null, model: null, rest: text };
  if (!match) return nothing;
  const yaml = parseDocument(raw);
  if (yaml.errors.length > 0 || (yaml.contents !== null && !isMap(yaml.contents))) return nothing;
  return {
    raw,
    title: textOf(yaml.get("title")),
    model: textOf(yaml.get("model")),
    rest: text.slice(match[0].length),
  };
}

/** The block with both fences and title and model brought up to date; other keys and comments stay. */
export function writeFrontMatter(raw: string, title: string, model: string | null): string {
  const yaml = parseDocument(raw);
  const line = title.replace(/\s+/g, " ");
  if (textOf(yaml.get("title")) !== line) yaml.set("title", line);
  if (model === null) yaml.delete("model");
  else if (textOf(yaml.get("model")) !== model) yaml.set("model", model);
  return `---\n${yaml.toString({ lineWidth: 0 }).replace(/\n*$/, "\n")}---\n`;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

/** An opening fence of CommonMark: up to three spaces, then three or more of one mark. */
export type Fence = { mark: "`" | "~"; length: number; info: string; indented: boolean };

const OPENING = /^( {0,3})(`{3,}|~{3,})(.*)$/;

export function openingFence(line: string): Fence | null {
  const match = OPENING.exec(line);
  if (!match) return null;
  const [, indent = "", run = "", info = ""] = match;
  const mark = run.startsWith("~") ? "~" : "`";
  if (mark === "`" && info.includes("`")) return null;
  return { mark, length: run.length, info: info.trim(), indented: indent.length > 0 };
}

export function closesFence(fence: Fence, line: string): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line);
  const run = match?.[1] ?? "";
  return run.length >= fence.length && run.startsWith(fence.mark);
}

/** The fence that is still open after the last line, or null. */
export function unclosedFence(text: string): Fence | null {
  let open: Fence | null = null;
  for (const line of text.split("\n")) {
    if (open) {
      if (closesFence(open, line)) open = null;
    } else {
      open = openingFence(line);
    }
  }
  return open;
}

/** A run of backticks that no line of the text closes. */
export function fenceFor(text: string): string {
  let longest = 2;
  for (const match of text.matchAll(/^ {0,3}(`{3,})/gm)) longest = Math.max(longest, (match[1] ?? "").length);
  return "`".repeat(longest + 1);
}

const ATTRIBUTE = /([A-Za-z_][\w-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"{}]+))/gy;

/** `sql {id=a target=version}` → language and attributes; null when the braces hold anything else. */
export function parseInfo(info: string): { language: string; attributes: Map<string, string> } | null {
  const match = /^([A-Za-z]+)\s*\{(.*)\}$/.exec(info);
  if (!match) return null;
  const [, language = "", inside = ""] = match;
  const attributes = new Map<string, string>();
  let at = 0;
  while (at < inside.length) {
    if (/\s/.test(inside[at] ?? "")) {
      at += 1;
      continue;
    }
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(inside);
    const name = found?.[1];
    if (!found || !name) return null;
    attributes.set(name, found[3] ?? (found[2] ?? "").replace(/\\(.)/g, "$1"));
    at = ATTRIBUTE.lastIndex;
  }
  return { language: language.toLowerCase(), attributes };
}

export function writeInfo(language: string, attributes: Iterable<readonly [string, string]>): string {
  const written = [...attributes].map(([name, value]) => `${name}=${writeValue(value)}`);
  return `${language} {${written.join(" ")}}`;
}

function writeValue(value: string): string {
  if (/^[^\s"{}\\`]+$/.test(value)) return value;
  // Backticks cannot stand in the info string of a backtick fence, nor can a line break.
  return `"${value.replace(/[`\n\r]/g, " ").replace(/["\\]/g, "\\$&")}"`;
}

import { describe, expect, test } from "vitest";
import { type Cell, createCell, type NotebookDocument, runsWhenOpened } from "./notebook-document.ts";
import { parseNotebook } from "./parse-notebook.ts";
import { serializeNotebook } from "./serialize-notebook.ts";

const shape = (cells: Cell[]) => cells.map(({ key: _, ...cell }) => cell);
const roundTrip = (document: NotebookDocument) => parseNotebook(serializeNotebook(document));

/** Mulberry32: a seeded generator, so that a failure can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIECES = [
  "SELECT 1",
  "```",
  "````",
  "~~~",
  "```sql",
  "```sql {id=x}",
  "```ts {kind=polars id=z}",
  "  ```",
  "-- ``` --",
  "'a\n```\nb'",
  "",
  "",
  "---",
  "🫖 日本",
  "title: x",
  "\\",
  '"',
  "{id=a}",
  "```python\nprint(1)\n```",
  "# Heading",
  "    ```sql {id=y}",
  "$$ ``` $$",
  "\t",
] as const;

function pick<Item>(random: () => number, items: readonly Item[], otherwise: Item): Item {
  return items[Math.floor(random() * items.length)] ?? otherwise;
}

function lines(random: () => number): string {
  return Array.from({ length: Math.floor(random() * 6) }, () => pick(random, PIECES, "")).join("\n");
}

describe("notebook text", () => {
  test("a written notebook reads back to the same cells, names, targets and SQL", () => {
    const document: NotebookDocument = {
      title: "Delays: by hour #1",
      model: "flights",
      frontMatter: "",
      cells: [
        createCell("markdown", { source: "# Delays\n\n```sql\nselect 'an example'\n```" }),
        createCell("markdown", { source: "a second text" }),
        createCell("sql", { name: "by_hour", source: "SELECT '\n```\n'", others: { chart: "a b" } }),
        createCell("sql", { name: "old", source: "", target: { place: "version", version: 42 } }),
        createCell("markdown", { source: "" }),
        createCell("sql", { name: "drop", source: "DELETE FROM t\n", target: { place: "submit" } }),
        createCell("sql", { name: "here", source: "FROM t", target: { place: "device", version: 7 } }),
        createCell("polars", { name: "frame", source: "({ tables }) =>\n  tables.`\n```\nt" }),
        createCell("polars", {
          name: "late",
          source: "x",
          target: { place: "submit" },
          writes: { into: 'a "b" c', mode: "append" },
          others: { chart: "bar" },
        }),
      ],
    };
    const back = roundTrip(document);
    expect(back.title).toBe(document.title);
    expect(back.model).toBe("flights");
    expect(shape(back.cells)).toEqual(shape(document.cells));
  });

  test("code of any content survives, in 2,000 made notebooks", () => {
    for (let seed = 1; seed <= 2000; seed += 1) {
      const random = randomFrom(seed);
      const cells = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, at) =>
        createCell(random() < 0.5 ? "sql" : "polars", { name: `q${at}`, source: lines(random) }),
      );
      const document = { title: lines(random).replace(/\s+/g, " "), model: null, frontMatter: "", cells };
      const back = roundTrip(document);
      expect({ seed, title: back.title, cells: shape(back.cells) }).toEqual({
        seed,
        title: document.title,
        cells: shape(cells),
      });
    }
  });

  test("text of any content loses nothing and is stable once written, in 2,000 made texts", () => {
    for (let seed = 1; seed <= 2000; seed += 1) {
      const random = randomFrom(seed);
      const first = parseNotebook(lines(random) + lines(random), { title: "t", model: null });
      const written = serializeNotebook(first);
      const second = parseNotebook(written);
      expect({ seed, text: serializeNotebook(second) }).toEqual({ seed, text: written });
      expect({ seed, cells: shape(second.cells).map((cell) => cell.kind) }).toEqual({
        seed,
        cells: shape(first.cells).map((cell) => cell.kind),
      });
      for (const cell of first.cells.filter(({ kind }) => kind === "sql")) {
        expect(shape(second.cells)).toContainEqual(shape([cell])[0]);
      }
    }
  });

  test("a Polars cell is a TypeScript fence that says so, and never runs on a device or an old version", () => {
    const text = "```ts {kind=polars id=late target=submit into=late_share}\n({ tables }) => tables.t\n```";
    const { cells } = parseNotebook(text);
    expect(shape(cells)).toMatchObject([
      { kind: "polars", name: "late", writes: { into: "late_share", mode: "replace" }, others: {} },
    ]);
    const document = { title: "t", model: null, frontMatter: "", cells };
    expect(serializeNotebook(document)).toContain(text);
    const elsewhere = parseNotebook("```ts {kind=polars id=a target=device version=3}\nx\n```");
    expect(elsewhere.cells[0]?.target).toEqual({ place: "version", version: "latest" });
  });

  test("fences of other languages, without braces, indented or inside other fences stay Markdown", () => {
    const text =
      "```sql\nselect 1\n```\n\n   ```sql {id=a}\nx\n   ```\n\n````md\n```sql {id=b}\ny\n```\n````\n\n```ts {id=c}\nz\n```";
    const { cells } = parseNotebook(text);
    expect(cells.map(({ kind }) => kind)).toEqual(["markdown"]);
    expect(cells[0]?.source).toBe(text);
  });

  test("an SQL fence that is never closed reaches to the end of the text", () => {
    const { cells } = parseNotebook("before\n\n```sql {id=a}\nSELECT 1");
    expect(shape(cells)).toMatchObject([{ source: "before" }, { name: "a", source: "SELECT 1" }]);
  });

  test("a Markdown cell with an open fence does not swallow the cells below it", () => {
    const cells = [
      createCell("markdown", { source: "```python\nx = 1" }),
      createCell("sql", { name: "q", source: "FROM t" }),
    ];
    const back = roundTrip({ title: "t", model: null, frontMatter: "", cells });
    expect(back.cells.map(({ kind }) => kind)).toEqual(["markdown", "sql"]);
    expect(back.cells[0]?.source).toBe("```python\nx = 1\n```");
  });

  test("keys and comments of others in the front matter are kept", () => {
    const text = "---\n# of ours\ntitle: Old\nowner: mk\nmodel: flights\n---\n\nhello\n";
    const document = parseNotebook(text);
    expect(document).toMatchObject({ title: "Old", model: "flights" });
    const written = serializeNotebook({ ...document, title: "New" });
    expect(written).toBe("---\n# of ours\ntitle: New\nowner: mk\nmodel: flights\n---\n\nhello\n");
  });

  test("a notebook can ask to be run when it is opened", () => {
    expect(runsWhenOpened(parseNotebook("---\ntitle: A\nrun: open\n---\n"))).toBe(true);
    expect(runsWhenOpened(parseNotebook("---\ntitle: run\n---\nrun: open\n"))).toBe(false);
  });

  test("front matter that is not YAML stays in the text", () => {
    const document = parseNotebook("---\n{ not: [yaml\n---\nhello", { title: "Kept", model: null });
    expect(document.title).toBe("Kept");
    expect(document.cells[0]?.source).toContain("{ not: [yaml");
  });

  test("two cells of one name get different names", () => {
    const { cells } = parseNotebook(
      "```sql {id=a}\n1\n```\n```sql {id=a}\n2\n```\n```sql {target=submit}\n3\n```",
    );
    expect(cells.map(({ name }) => name)).toEqual(["a", "a_2", "query"]);
  });

  test("Windows line ends are read as line ends", () => {
    const { cells } = parseNotebook("---\r\ntitle: A\r\n---\r\n\r\n```sql {id=a}\r\nSELECT 1\r\n```\r\n");
    expect(shape(cells)).toMatchObject([{ kind: "sql", source: "SELECT 1" }]);
  });
});

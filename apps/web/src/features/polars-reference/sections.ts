import { POLARS_SURFACE, type PolarsReferenceEntry, polarsReference } from "@teatree/shared/polars/surface";
import { TYPE_ALIASES } from "@teatree/shared/polars/surface/aliases";

export interface ReferenceMember {
  name: string;
  /** One for each way to call it. */
  signatures: readonly string[];
  doc: string;
}

/** What the page shows under one head. */
export interface ReferenceSection {
  /** The name of the class, and the anchor. */
  id: string;
  title: string;
  doc: string;
  members: readonly ReferenceMember[];
}

/** Classes in the order in which a transform meets them; one that is not here comes last. */
const ORDER = [
  "Polars",
  "LazyFrame",
  "LazyGroupBy",
  "Expr",
  "ExprStr",
  "ExprDt",
  "ExprList",
  "ExprStruct",
  "When",
  "Then",
  "ChainedWhen",
  "ChainedThen",
  "DataFrame",
  "GroupBy",
  "WindowGroupBy",
  "Series",
  "DataType",
];

/** Heads of classes that code knows by another name. */
const TITLES: Readonly<Record<string, string>> = {
  Polars: "pl",
  ExprStr: "Expr.str",
  ExprDt: "Expr.dt",
  ExprList: "Expr.list",
  ExprStruct: "Expr.struct",
  DataType: "Data types",
};

/** Everything that a transform may call, by class. */
export const SECTIONS: readonly ReferenceSection[] = classSections();

/** The names that signatures use for types, each with what it stands for. */
export const TYPE_NAMES: ReferenceSection = {
  id: "type-names",
  title: "Names of types",
  doc: "What signatures call by a name of its own. None of them can be called.",
  members: Object.entries(TYPE_ALIASES).map(([name, text]) => ({
    name,
    signatures: [`${name} = ${text}`],
    doc: "",
  })),
};

/** The section with the members that have every word of the filter in their name, class or line of documentation. */
export function narrowed(section: ReferenceSection, filter: string): ReferenceSection {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const { id, title } = section;
  const members = section.members.filter(({ name, doc }) => {
    const text = `${title}.${name} ${id} ${name} ${doc}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return { ...section, members };
}

export function countMembers(sections: readonly ReferenceSection[]): number {
  return sections.reduce((sum, { members }) => sum + members.length, 0);
}

function classSections(): ReferenceSection[] {
  const entries = Map.groupBy(polarsReference(), sectionOf);
  return [...POLARS_SURFACE]
    .sort((one, other) => placeOf(one.name) - placeOf(other.name))
    .map(({ name, doc }) => ({
      id: name,
      title: TITLES[name] ?? name,
      doc,
      members: membersOf(entries.get(name) ?? []),
    }));
}

/** The types that `pl` has stand with what a type can do. */
function sectionOf({ className, signature }: PolarsReferenceEntry): string {
  return className === "Polars" && signature.endsWith(": DataType") ? "DataType" : className;
}

function placeOf(className: string): number {
  const place = ORDER.indexOf(className);
  return place < 0 ? ORDER.length : place;
}

/** The entries of one section, those of the same member in one. What `pl` has is written with it. */
function membersOf(entries: readonly PolarsReferenceEntry[]): ReferenceMember[] {
  const qualified = entries.map(({ className, name, signature, doc }) => {
    const start = className === "Polars" ? "pl." : "";
    return { name: `${start}${name}`, signature: `${start}${signature}`, doc };
  });
  return [...Map.groupBy(qualified, ({ name }) => name)].map(([name, ways]) => ({
    name,
    signatures: ways.map(({ signature }) => signature),
    doc: ways[0]?.doc ?? "",
  }));
}

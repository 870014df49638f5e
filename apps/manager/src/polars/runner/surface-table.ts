import { type CallShape, callShape } from "@teatree/shared/polars/signature";
import { POLARS_SURFACE } from "@teatree/shared/polars/surface";

/** One callable or readable name, as the whitelist has it. */
export interface AllowedMember extends CallShape {
  kind: "method" | "property";
}

const classNames = new Set(POLARS_SURFACE.map(({ name }) => name));

const table = new Map(
  POLARS_SURFACE.map(({ name, members }) => [
    name,
    new Map(
      members.map((member): [string, AllowedMember] => [
        member.name,
        { kind: member.kind, ...callShape(member, classNames) },
      ]),
    ),
  ]),
);

/** The whitelist's row for a name of a class; nothing for all that is not on it. */
export function allowedMember(className: string, name: string): AllowedMember | undefined {
  return table.get(className)?.get(name);
}

import type { ResultColumn } from "@teatree/shared/contracts/jobs";
import { cellText, isNumeric, typeIcon } from "../../../ui/cell-text.ts";
import type { ResultSet } from "../../results/index.ts";

type GridData = ResultSet["data"];
type GridColumn = GridData["columns"][number];
type Plain = ReturnType<GridColumn["plain"]>;

/** A result in JSON, as jobs and previews bring it, for the grid that shows the Arrow answers of reads. */
export function jsonGrid(columns: readonly ResultColumn[], rows: readonly unknown[][]): GridData {
  return {
    rowCount: rows.length,
    columns: columns.map(({ name, type }, at): GridColumn => {
      const value = (row: number) => rows[row]?.[at] ?? null;
      return {
        name,
        type,
        kind: kindOf(type),
        plain: (row) => plainOf(value(row), type),
        display: (row) => textOrNull(value(row), type),
        exact: (row) => exactText(value(row)),
      };
    }),
  };
}

function kindOf(type: string): GridColumn["kind"] {
  if (type === "BLOB") return "binary";
  const icon = typeIcon(type);
  return icon === "date" ? "time" : icon === "bool" ? "boolean" : icon;
}

/** Whole numbers that a double cannot hold come as text; the grid counts with them. */
function plainOf(value: unknown, type: string): Plain {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "string") {
    return isNumeric(type) && /^-?\d+$/.test(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => plainOf(item, ""));
  if (typeof value !== "object") return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainOf(field, "")]));
}

function textOrNull(value: unknown, type: string): string | null {
  if (value === null) return null;
  if (typeof value === "number" && !Number.isInteger(value)) {
    // As the grid shows the doubles of a read: six decimals at most.
    return String(Number(value.toFixed(6))).replace("-", "−");
  }
  return cellText(value, type).text;
}

function exactText(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

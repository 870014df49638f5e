/*
 * Roles of the WAI-ARIA grid pattern. The grid cannot be made of table elements: rows are placed one by one, out of
 * their flow, and focus stays on the scroller, which names its active cell.
 */

export function gridRole(rows: number, columns: number, activeCell: string | undefined) {
  return {
    role: "grid",
    tabIndex: 0,
    "aria-rowcount": rows + 1,
    "aria-colcount": columns + 1,
    "aria-multiselectable": true,
    "aria-readonly": true,
    "aria-activedescendant": activeCell,
  } as const;
}

/** Rows and columns count from 0 here and from 1, head included, for assistive technology. */
export function rowRole(row: number) {
  return { role: "row", "aria-rowindex": row + 2 } as const;
}

export function columnHeadRole(column: number) {
  return { role: "columnheader", "aria-colindex": column + 2 } as const;
}

export function rowHeadRole() {
  return { role: "rowheader", "aria-colindex": 1 } as const;
}

export function cellRole(column: number, selected: boolean) {
  return { role: "gridcell", "aria-colindex": column + 2, "aria-selected": selected } as const;
}

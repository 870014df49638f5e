"use client";

import { useEffect } from "react";
import { SelectField, TextField } from "../../../ui/form.tsx";
import { useActions, useFacts } from "../notebook-context.tsx";
import type { Cell } from "../notebook-document.ts";
import { isTableName } from "../submitted-call.ts";

/** In the submit sheet of a Polars cell: which table the result becomes. The cell remembers it, and so does its text. */
export function WrittenTableFields({ cell: { key, name, writes } }: { cell: Cell }) {
  const { dispatch } = useActions();
  const tables = useFacts().model?.tables ?? [];
  const { into, mode } = writes;
  const fresh = into === "";
  useEffect(() => {
    // A cell is mostly called like what it makes.
    if (fresh && !tables.some((table) => table.name === name))
      dispatch({ do: "writes", key, writes: { into: name, mode: "replace" } });
    // Only when the sheet opens: who empties the field wants to write another name.
  }, []);
  const exists = tables.some((table) => table.name === into);
  return (
    <div className="mb-4 grid grid-cols-2 items-start gap-3 max-md:grid-cols-1">
      <TextField
        label="Table"
        mono
        value={into}
        maxLength={255}
        list={`tables-of-${key}`}
        autoComplete="off"
        spellCheck={false}
        error={into === "" || isTableName(into) ? undefined : "A table cannot be called so."}
        hint={
          into === ""
            ? "Name the table that the result becomes."
            : exists
              ? "Is there already."
              : "A new table."
        }
        onChange={(event) => dispatch({ do: "writes", key, writes: { into: event.target.value, mode } })}
      />
      <datalist id={`tables-of-${key}`}>
        {tables.map((table) => (
          <option key={table.name} value={table.name} />
        ))}
      </datalist>
      <SelectField
        label="Write it by"
        value={mode}
        hint={
          mode === "replace"
            ? "The table is what the code returns, and nothing else."
            : "Rows are added; columns must have the table's names and types."
        }
        onChange={(event) =>
          dispatch({
            do: "writes",
            key,
            writes: { into, mode: event.target.value === "append" ? "append" : "replace" },
          })
        }
      >
        <option value="replace">Replacing the table</option>
        <option value="append">Appending rows</option>
      </SelectField>
    </div>
  );
}

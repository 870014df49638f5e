export { gridData } from "./result-columns.ts";
export { ResultGrid } from "./result-grid.tsx";
export { FIRST_ROWS, MOST_ROWS, type ResultSet, rowsSentence } from "./result-set.ts";

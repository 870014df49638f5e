export { NotebookRow } from "./notebook-row.tsx";
export { NotebooksPage } from "./notebooks-page.tsx";

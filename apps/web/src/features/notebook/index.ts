export { NewNotebookPage } from "./new-notebook-page.tsx";
export { NotebookPage } from "./notebook-page.tsx";

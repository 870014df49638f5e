export { FileDrop } from "./file-drop.tsx";
export { ImportDialog } from "./lazy-dialogs.tsx";
export { ModelPage } from "./model-page.tsx";
export { ModelsPage } from "./models-page.tsx";
export { ModelsTable } from "./models-table.tsx";
export { TablePage } from "./table-page.tsx";

export { PolarsReferencePage } from "./polars-reference-page.tsx";

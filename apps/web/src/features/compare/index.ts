export { compareHref } from "./compare-href.ts";
export { ComparePage } from "./compare-page.tsx";

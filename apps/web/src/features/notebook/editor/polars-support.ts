/** What makes an editor one for Polars, in one door: it is loaded only where there is a Polars cell. */
export { POLARS_LANGUAGE, registerPolarsLanguage } from "./polars-language.ts";
export { declareTables, watchTypes } from "./type-marks.ts";

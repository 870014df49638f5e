export { changesInWords, sqlOf, summaryOf } from "./describe.ts";

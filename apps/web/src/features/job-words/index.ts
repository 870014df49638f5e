export { changesInWords, polarsOf, sqlOf, summaryOf } from "./describe.ts";

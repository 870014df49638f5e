import { type Examples, forEach } from "./example.ts";

const n = 'base.getColumn("n")';
const id = 'base.getColumn("id")';
const k = 'base.getColumn("k")';
const x = 'base.getColumn("x")';
const c = 'base.getColumn("c")';

export const SERIES_EXAMPLES: Examples = {
  ...forEach("length name", (name) => `${n}.${name}`),
  dtype: `${n}.dtype.toString()`,
  ...forEach("add plus sub minus mul multiplyBy div divideBy rem modulo", (name) => `${n}.${name}(2)`),
  ...forEach(
    "eq equals neq notEquals gt greaterThan gtEq greaterThanEquals lt lessThan ltEq lessThanEquals",
    (name) => `${n}.${name}(0.5)`,
  ),
  ...forEach(
    "abs ceil floor clone interpolate peakMax peakMin rechunk explode implode",
    (name) => `${n}.${name}()`,
  ),
  ...forEach(
    "argMax argMin max mean median min product sum kurtosis skew nChunks nUnique nullCount len hasNulls isBoolean isDateTime isFloat isNumeric isString toArray",
    (name) => `${n}.${name}()`,
  ),
  ...forEach("isFinite isInfinite isNaN isNotNaN isNotNull isNull dropNulls", (name) => `${x}.${name}()`),
  ...forEach("isDuplicated isFirstDistinct isUnique argUnique", (name) => `${k}.${name}()`),
  ...forEach("cumCount cumMax cumMin cumProd cumSum", (name) => `${n}.${name}()`),
  ...forEach(
    "rollingMax rollingMean rollingMedian rollingMin rollingStd rollingSum rollingVar",
    (name) => `${n}.${name}(2)`,
  ),
  ...forEach("all any", (name) => `${c}.${name}()`),
  ...forEach("argTrue not", (name) => `${c}.${name}()`),
  ...forEach("bitand bitor bitxor", (name) => `${id}.${name}(${id}.shift(1).fillNull("zero"))`),
  ...forEach("alias as rename", (name) => `${n}.${name}("other")`),
  ...forEach("head limit tail shift", (name) => `${n}.${name}(2)`),
  ...forEach("get getIndex", (name) => `${n}.${name}(2)`),
  argSort: `${n}.argSort(true)`,
  cast: `${n}.cast(pl.Int64)`,
  clip: `${n}.clip(0, 0.5)`,
  concat: `${n}.concat(${n})`,
  describe: `${n}.describe()`,
  diff: `${n}.diff(1, "ignore")`,
  fillNull: `${x}.fillNull("forward")`,
  filter: `${n}.filter(${c})`,
  gather: `${n}.gather([1, 2])`,
  gatherEvery: `${n}.gatherEvery(2)`,
  hash: `${n}.hash().len()`,
  isIn: `${n}.isIn([0.5, 1])`,
  mode: `${k}.mode()`,
  quantile: `${n}.quantile(0.5)`,
  rank: `${n}.rank("dense")`,
  round: `${n}.round(1)`,
  sample: `${n}.sample(3, null, false, 1n).len()`,
  seriesEqual: `${n}.seriesEqual(${n}.clone())`,
  shiftAndFill: `${n}.shiftAndFill(1, 9)`,
  slice: `${n}.slice(1, 2)`,
  sort: `${n}.sort({ descending: true })`,
  toDummies: `${k}.toDummies()`,
  toFrame: `${n}.toFrame()`,
  unique: `${k}.unique(true)`,
  valueCounts: `${k}.valueCounts(true).head(1)`,
  zipWith: `${n}.zipWith(${c}, ${x})`,
};

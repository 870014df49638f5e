import { createRequire } from "node:module";
import type { default as Polars } from "nodejs-polars";
import { cheapExpressions } from "./cheap-expressions.ts";
import { methodsBeforeColumns } from "./methods-before-columns.ts";

const require = createRequire(import.meta.url);

methodsBeforeColumns();
cheapExpressions({
  expressions: require("nodejs-polars/bin/lazy/expr/index.js"),
  namespaces: {
    str: require("nodejs-polars/bin/lazy/expr/string.js").ExprStringFunctions,
    dt: require("nodejs-polars/bin/lazy/expr/datetime.js").ExprDateTimeFunctions,
    list: require("nodejs-polars/bin/lazy/expr/list.js").ExprListFunctions,
    struct: require("nodejs-polars/bin/lazy/expr/struct.js").ExprStructFunctions,
  },
});

/** nodejs-polars, mended for this process; for no other use than this child's. */
export const pl: typeof Polars = require("nodejs-polars").default;

/** Which class of the surface an object of nodejs-polars is, for those that bear a mark. */
export function markedClass(value: object): string | undefined {
  // A frame comes first: it answers for its columns, which may be called anything.
  if (Reflect.get(value, "_df") !== undefined) return "DataFrame";
  if (Reflect.get(value, "_ldf") !== undefined) return "LazyFrame";
  if (Reflect.get(value, "_expr") !== undefined) return "Expr";
  if (Reflect.get(value, "_s") !== undefined) return "Series";
  if (Reflect.get(value, "identity") === "DataType") return "DataType";
  return undefined;
}

type Native = Record<string | symbol, (...given: unknown[]) => unknown>;
type Expression = object & { _expr: Native };
type Expressions = {
  _Expr: (native: Native) => Expression;
  Expr: ((native: Native) => Expression) & { isExpr: unknown; deserialize: unknown };
};
type Namespaces = Record<"str" | "dt" | "list" | "struct", (native: Native) => object>;

/**
 * nodejs-polars makes an object with two hundred closures for each expression, which takes 0.6 ms. Here they are made once, over a
 * stand-in that passes calls on to the expression whose turn it is; an expression is then a small object with these methods.
 */
export function cheapExpressions({
  expressions,
  namespaces,
}: {
  expressions: Expressions;
  namespaces: Namespaces;
}): void {
  let current: Native | undefined;
  const standIn: Native = new Proxy<Native>(
    {},
    {
      get:
        (_, name) =>
        (...given: unknown[]) => {
          const native = current;
          if (native === undefined) throw new TypeError("No expression is being worked on.");
          return Reflect.apply(Reflect.get(native, name), native, given);
        },
    },
  );
  const original = expressions._Expr(standIn);
  const shared: object = {};
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(original))) {
    if (typeof value === "function") define(name, value);
  }
  for (const name of Object.getOwnPropertySymbols(original)) define(name, Reflect.get(original, name));
  define("inner", function (this: Expression) {
    return this._expr;
  });
  for (const [name, make] of Object.entries({ ...namespaces, lst: namespaces.list })) {
    Object.defineProperty(shared, name, {
      get(this: Expression) {
        return make(this._expr);
      },
    });
  }

  const cheap = (_expr: Native): Expression =>
    Object.create(shared, { _expr: { value: _expr, enumerable: true } });
  const { isExpr, deserialize } = expressions.Expr;
  expressions._Expr = cheap;
  expressions.Expr = Object.assign((native: Native) => cheap(native), { isExpr, deserialize });

  function define(name: string | symbol, work: (...given: unknown[]) => unknown): void {
    Object.defineProperty(shared, name, {
      configurable: true,
      value(this: Expression, ...given: unknown[]) {
        const before = current;
        current = this._expr;
        try {
          return Reflect.apply(work, this, given);
        } finally {
          current = before;
        }
      },
    });
  }
}

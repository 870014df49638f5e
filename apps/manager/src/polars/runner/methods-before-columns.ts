/**
 * nodejs-polars wraps each DataFrame in a Proxy in which a column called `filter` or `height` hides the method of that name, also
 * from nodejs-polars itself. Here the methods win: all Proxies made from now on look at a DataFrame's own names first.
 */
export function methodsBeforeColumns(): void {
  globalThis.Proxy = new Proxy(Proxy, {
    construct(original, [target, handler]: [object, ProxyHandler<object>]) {
      return new original(target, Object.hasOwn(target, "_df") ? namesFirst(handler) : handler);
    },
  });
}

function namesFirst(handler: ProxyHandler<object>): ProxyHandler<object> {
  return {
    ...handler,
    get(target, key, receiver) {
      if (Object.hasOwn(target, key)) return Reflect.get(target, key, receiver);
      return handler.get?.(target, key, receiver);
    },
  };
}

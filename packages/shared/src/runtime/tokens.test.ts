import { expect, test, vi } from "vitest";
import { ModelId } from "../contracts/ids.ts";
import { bearerToken, signToken, verifyToken } from "./tokens.ts";

const secret = "a secret of sufficient length";
const sub = ModelId.parse("0198c1de-0000-7000-8000-000000000001");
const other = ModelId.parse("0198c1de-0000-7000-8000-000000000002");

test("a token opens what it was signed for", async () => {
  const token = await signToken(secret, { sub, action: "batch" });
  await expect(verifyToken(secret, token, { sub, action: "batch" })).resolves.toBeUndefined();
});

test("a token opens no other model and no other action", async () => {
  const token = await signToken(secret, { sub, action: "query" });
  const refused = { code: "forbidden" };
  await expect(verifyToken(secret, token, { sub: other, action: "query" })).rejects.toMatchObject(refused);
  await expect(verifyToken(secret, token, { sub, action: "stop" })).rejects.toMatchObject(refused);
});

test("a token of another secret, a bent one, none, and an unsigned one are refused", async () => {
  const token = await signToken("another secret of some length", { sub, action: "batch" });
  const [header = "", body = ""] = (await signToken(secret, { sub, action: "batch" })).split(".");
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`;
  for (const bad of [token, `${header}.${body}.AAAA`, "", undefined, unsigned]) {
    const verifying = verifyToken(secret, bad, { sub, action: "batch" });
    await expect(verifying).rejects.toMatchObject({ code: "unauthenticated" });
  }
});

test("a token is worth nothing after its minute", async () => {
  vi.useFakeTimers();
  try {
    const token = await signToken(secret, { sub, action: "batch" });
    vi.advanceTimersByTime(70_000);
    const verifying = verifyToken(secret, token, { sub, action: "batch" });
    await expect(verifying).rejects.toMatchObject({ code: "unauthenticated" });
  } finally {
    vi.useRealTimers();
  }
});

test("a secret that is too short signs nothing", () => {
  expect(() => signToken("", { sub, action: "batch" })).toThrow("TEATREE_SECRET");
});

test.each([
  ["Bearer abc.def.ghi", "abc.def.ghi"],
  ["bearer abc", "abc"],
  ["Basic abc", undefined],
  ["Bearer a b", undefined],
  [undefined, undefined],
])("the token of %s is %s", (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

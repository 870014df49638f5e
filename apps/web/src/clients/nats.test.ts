import { expect, test } from "vitest";
import { liveUrl } from "./nats.ts";

test.each([
  [{ protocol: "http:", hostname: "127.0.0.1", port: "3000" }, "ws://127.0.0.1:3000/api/v1/nats"],
  [{ protocol: "https:", hostname: "tea.example", port: "" }, "wss://tea.example:443/api/v1/nats"],
  [{ protocol: "http:", hostname: "tea.example", port: "" }, "ws://tea.example:80/api/v1/nats"],
])("a page at %j hears live messages at %s", (location, url) => expect(liveUrl(location)).toBe(url));

import { expect, test } from "vitest";
import { debianMirror } from "./debian-mirror.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

test.each([
  [
    "deb822 with a security archive before it",
    "Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\n\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nSigned-By: /k.gpg\n",
    { uri: "http://mirror.example/debian", keyring: "/k.gpg" },
  ],
  [
    "a one-line source with options",
    "# main\ndeb [arch=amd64 signed-by=/k.gpg] https://mirror.example/debian/ bookworm main\n",
    { uri: "https://mirror.example/debian/", keyring: "/k.gpg" },
  ],
  [
    "a one-line source without options",
    "deb http://mirror.example/debian bookworm main",
    { uri: "http://mirror.example/debian", keyring: KEYRING },
  ],
  ["a disabled stanza", "Enabled: no\nURIs: http://mirror.example/debian\n", null],
  ["only foreign archives", "deb https://archive.example/ubuntu noble main\n", null],
  ["nothing", "", null],
])("%s", (_, text, expected) => {
  expect(debianMirror(["", text])).toEqual(expected);
});

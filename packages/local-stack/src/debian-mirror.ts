/** Where this machine gets Debian's packages, and the key that signs them. */
export interface DebianMirror {
  uri: string;
  keyring: string;
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Finds Debian's main archive in the texts of apt's source files, both the one-line and the deb822 form.
 * Security and backport archives carry other suites and are passed over. Null when there is none.
 */
export function debianMirror(sourceFiles: string[]): DebianMirror | null {
  for (const text of sourceFiles) {
    for (const stanza of text.split(/\n\s*\n/)) {
      const found = fromDeb822(stanza) ?? fromLines(stanza);
      if (found !== null) return found;
    }
  }
  return null;
}

function isDebianArchive(uri: string): boolean {
  return /^https?:\/\/\S+\/debian\/?$/.test(uri);
}

function fromDeb822(stanza: string): DebianMirror | null {
  const uris = field(stanza, "URIs")?.split(/\s+/) ?? [];
  const uri = uris.find(isDebianArchive);
  if (uri === undefined || field(stanza, "Enabled") === "no") return null;
  const signedBy = field(stanza, "Signed-By");
  return { uri, keyring: signedBy?.startsWith("/") ? signedBy : KEYRING };
}

function field(stanza: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(\\S.*)$`, "im").exec(stanza)?.[1]?.trim();
}

function fromLines(stanza: string): DebianMirror | null {
  for (const line of stanza.split("\n")) {
    const match = /^deb\s+(?:\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s/.exec(line.trim());
    const uri = match?.groups?.uri;
    if (uri === undefined || !isDebianArchive(uri)) continue;
    return { uri, keyring: /signed-by=(\S+)/.exec(match?.groups?.options ?? "")?.[1] ?? KEYRING };
  }
  return null;
}

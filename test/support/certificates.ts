import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** A throw-away authority, trusted by this process only, and what it signs. */
export interface Authority {
  readonly cert: string;
  server(...names: readonly string[]): Promise<Pair>;
  client(name: string): Promise<Pair>;
}

export async function createAuthority(): Promise<Authority> {
  const own = await generate([{ name: "commonName", value: "Throw-away test CA" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: own.private, cert: own.cert };
  const sign = async (name: string, extensions: object[]): Promise<Pair> => {
    const signed = await generate([{ name: "commonName", value: name }], {
      keyType: "ec",
      algorithm: "sha256",
      ca,
      extensions: [{ name: "basicConstraints", cA: false }, ...extensions] as never,
    });
    return { cert: signed.cert, key: signed.private };
  };
  return {
    cert: own.cert,
    server: (...names) =>
      sign(names[0] ?? "127.0.0.1", [
        { name: "extKeyUsage", serverAuth: true },
        {
          name: "subjectAltName",
          altNames: names.map((name) => (/^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name })),
        },
      ]),
    client: (name) => sign(name, [{ name: "extKeyUsage", clientAuth: true }]),
  };
}

/** @returns a function that takes the trust back */
export function trust({ cert }: Authority): () => void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, cert]);
  return () => setDefaultCACertificates(before);
}

/**
 * A certificate for 127.0.0.1, thrown away after the run.
 *
 * @module
 */

/** Where the files lie. */
export interface Certificate {
  /** Who vouches for the certificate. */
  readonly ca: string;
  /** The certificate. */
  readonly cert: string;
  /** Its key. */
  readonly key: string;
}

/** Makes a certificate, and who vouches for it, in a folder. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const [cert, key] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  const openssl = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("openssl", { args })
      .output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  };
  const [ca, caKey, request] = ["ca.pem", "ca.key", "request.pem"]
    .map((name) => `${folder}/${name}`) as [string, string, string];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  await openssl(
    ...["req", "-x509", ...curve, "-nodes", "-days", "2"],
    ...["-subj", "/CN=azurite test CA", "-keyout", caKey, "-out", ca],
    ...["-addext", "keyUsage=critical,keyCertSign"],
  );
  await openssl(
    ...["req", ...curve, "-nodes", "-subj", "/CN=127.0.0.1"],
    ...["-keyout", key, "-out", request],
  );
  const names = `${folder}/names`;
  await Deno.writeTextFile(
    names,
    "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth",
  );
  await openssl(
    ...["x509", "-req", "-in", request, "-CA", ca, "-CAkey", caKey],
    ...["-CAcreateserial", "-days", "2", "-out", cert, "-extfile", names],
  );
  return { ca, cert, key };
}

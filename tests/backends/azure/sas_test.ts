import { assertEquals, assertThrows } from "@std/assert";
import {
  createServiceSas,
  createUserDelegationSas,
  delegationStringToSign,
  SAS_VERSION,
  sasFields,
  type SasOptions,
  serviceStringToSign,
  type UserDelegationKey,
} from "../../../backends/azure/sas.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";

interface Row {
  readonly name: string;
  readonly delegation: boolean;
  readonly options: SasOptions & {
    readonly starts?: string;
    readonly expires: string;
  };
  readonly expected: Record<string, string>;
}

const path = new URL("../../vectors/azure/sas.json", import.meta.url);
const vectors: {
  readonly key: string;
  readonly delegationKey: UserDelegationKey;
  readonly rows: readonly Row[];
} = JSON.parse(await Deno.readTextFile(path));

const toOptions = ({ starts, ...rest }: Row["options"]): SasOptions => ({
  ...rest,
  ...starts === undefined ? {} : { starts: new Date(starts) },
  expires: new Date(rest.expires),
});

Deno.test("PRESIGN a SAS equals the one that @azure/storage-blob makes, in every row", () => {
  for (const { name, delegation, options, expected } of vectors.rows) {
    const made = delegation
      ? createUserDelegationSas(toOptions(options), vectors.delegationKey)
      : createServiceSas(toOptions(options), vectors.key);
    assertEquals(Object.fromEntries(new URLSearchParams(made)), expected, name);
  }
});

const OPTIONS: SasOptions = {
  accountName: "contoso",
  container: "c1",
  key: "a b.txt",
  permissions: "wr",
  expires: new Date("2026-06-26T23:39:12.345Z"),
};

Deno.test("PRESIGN serviceStringToSign() has the 16 fields of its version", () => {
  const fields = sasFields(OPTIONS);
  assertEquals(serviceStringToSign(OPTIONS, fields).split("\n"), [
    ...["rw", "", "2026-06-26T23:39:12Z", "/blob/contoso/c1/a b.txt"],
    ...["", "", "https", SAS_VERSION, "b", "", "", "", "", "", "", ""],
  ]);
});

Deno.test("PRESIGN delegationStringToSign() has the 24 fields of its version", () => {
  const fields = { ...sasFields(OPTIONS), skoid: "o", sktid: "t" };
  const lines = delegationStringToSign(OPTIONS, fields).split("\n");
  assertEquals(lines.length, 24);
  assertEquals(lines.slice(4, 6), ["o", "t"]);
});

Deno.test("PRESIGN a SAS refuses what the service would refuse", () => {
  const bad: Partial<SasOptions>[] = [
    { permissions: "" },
    { permissions: "rz" },
    { expires: new Date(NaN) },
    { starts: new Date(NaN) },
  ];
  for (const change of bad) {
    assertThrows(
      () => createServiceSas({ ...OPTIONS, ...change }, vectors.key),
      InvalidArgumentError,
    );
  }
  assertThrows(
    () => createServiceSas(OPTIONS, "no base64!"),
    InvalidArgumentError,
    "the key is no base64",
  );
});

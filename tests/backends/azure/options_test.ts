import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type AzureBackendOptions,
  checkOptions,
} from "../../../backends/azure/options.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";
import { RetryPolicy } from "../../../core/retry.ts";

const GOOD = { container: "files", hns: false, accountName: "acct" };
const CONNECTION = "AccountName=acct;AccountKey=a2V5;";

Deno.test("AZ-001 checkOptions() fills in what is not given", () => {
  const settings = checkOptions(GOOD);
  assertEquals(settings.blockSize, 8 * 1024 * 1024);
  assertEquals([settings.concurrency, settings.resumes], [4, 2]);
  assertEquals(settings.accountName, "acct");
  assertEquals(settings.container.credential.isWhole, false);
});

Deno.test("AZ-005 hns has to be said, and be a boolean: the text of a variable is none", () => {
  for (const hns of [undefined, "false", "true", 0, null]) {
    assertThrows(
      () => checkOptions({ ...GOOD, hns } as unknown as AzureBackendOptions),
      InvalidArgumentError,
      "hns is neither true nor false",
    );
  }
});

Deno.test("AZ-001 containers are named as the service allows", () => {
  for (const container of ["abc", "a-b-c", "0ab", "$root", "$web", " abc "]) {
    assertEquals(
      checkOptions({ ...GOOD, container }).container.name,
      container.trim(),
    );
  }
  const bad = ["", "  ", "ab", "Abc", "a--b", "-ab", "ab-", "a_b", "a/b"];
  for (const container of [...bad, "a".repeat(64), undefined]) {
    assertThrows(
      () => checkOptions({ ...GOOD, container } as AzureBackendOptions),
      InvalidArgumentError,
    );
  }
});

Deno.test("AZ-033 numbers are whole and in range", () => {
  const bad: Partial<AzureBackendOptions>[] = [
    { blockSize: 0 },
    { blockSize: 1.5 },
    { blockSize: 4001 * 1024 * 1024 },
    { concurrency: 0 },
    { copyBudget: 0 },
    { copyBudget: NaN },
    { retry: { attempts: 0 } },
  ];
  for (const options of bad) {
    assertThrows(
      () => checkOptions({ ...GOOD, ...options }),
      InvalidArgumentError,
    );
  }
});

Deno.test("AZ-001 one account and one credential: what excludes each other is refused", () => {
  const bad: Partial<AzureBackendOptions>[] = [
    { accountName: undefined },
    { connectionString: CONNECTION },
    { accountKey: "a2V5", sasToken: "sig=x" },
    { accountKey: "a2V5", token: () => "t" },
    { accountKey: "no base64!" },
    {
      accountName: undefined,
      accountUrl: "https://own.example",
      accountKey: "a2V5",
    },
  ];
  for (const options of bad) {
    assertThrows(
      () => checkOptions({ ...GOOD, ...options }),
      InvalidArgumentError,
    );
  }
  assertThrows(
    () => checkOptions(undefined as unknown as AzureBackendOptions),
    InvalidArgumentError,
  );
});

Deno.test("AZ-031 a connection string gives the credential, and one beside it wins", () => {
  const { container, hns } = GOOD;
  const options = { container, hns, connectionString: CONNECTION };
  assert(checkOptions(options).container.credential.isWhole);
  const other = checkOptions({ ...options, sasToken: "sig=x" });
  assertEquals(other.container.credential.isWhole, false);
});

Deno.test("RET-004 retry takes a policy or its options", () => {
  const retry = new RetryPolicy({ attempts: 7 });
  assertEquals(checkOptions({ ...GOOD, retry }).resumes, 6);
  assertEquals(checkOptions({ ...GOOD, retry: { attempts: 2 } }).resumes, 1);
});

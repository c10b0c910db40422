import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
} from "@std/assert";
import {
  AzureBackend,
  createServiceSas,
  createUserDelegationSas,
  presign as presignAzure,
  urlSigner as azureUrlSigner,
} from "../../backends/azure/mod.ts";
import { HttpBackend } from "../../backends/http/mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { R2Backend } from "../../backends/r2/mod.ts";
import { DIALECTS } from "../../backends/s3/dialect.ts";
import {
  presign,
  S3Backend,
  type S3Options,
  urlSigner,
} from "../../backends/s3/mod.ts";
import { RemoteS3Backend, remoteSigner } from "../../backends/s3/remote.ts";
import { readRanges } from "../../ext/ranges.ts";
import { resumableUpload } from "../../ext/resume.ts";
import { InvalidArgumentError, requireKnown, Store } from "../../mod.ts";

const ACCOUNT = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const SAS = {
  accountName: "account",
  container: "abc",
  permissions: "r",
  expires: new Date(0),
};
const AZURE = {
  container: "abc",
  hns: false,
  accountName: "account",
  accountKey: btoa("key"),
};

/** What must not be asked: options are looked at before. */
const unasked = () => Promise.reject(new Error("it was asked"));

const s3 = (options: unknown = {}) =>
  new S3Backend(
    {
      bucket: "bucket",
      credentials: ACCOUNT,
      fetch: unasked,
      ...options as object,
    } as S3Options,
  );
const s3Store = new Store({ backend: s3() });
const azureStore = new Store({ backend: new AzureBackend(AZURE) });
const memory = new Store({ backend: new MemoryBackend() });

/** Every object that is handed in within options, or by a function in them: what is wrong, and how it is refused. */
const CHECKED: Readonly<
  Record<string, readonly (readonly [() => unknown, string])[]>
> = {
  ByteRange: [
    [
      () => memory.read("a", { range: { offset: 0, lenght: 1 } as never }),
      "range.lenght: did you mean length?",
    ],
    [
      () => memory.readBytes("a", { range: { sufix: 1, suffix: 1 } as never }),
      "range.sufix: did you mean suffix?",
    ],
    [
      () => readRanges(new Blob(["abc"]), [{ offset: 0, lenght: 1 } as never]),
      "range.lenght: did you mean length?",
    ],
  ],
  LengthRange: [[
    () =>
      presign(s3Store, "a", {
        method: "POST",
        overwrite: true,
        contentLength: { max: 5, mim: 1 } as never,
      }),
    "contentLength.mim: did you mean min?",
  ]],
  ResponseFields: [presign, presignAzure].map((sign, i) => [
    () =>
      sign([s3Store, azureStore][i]!, "a", {
        response: { contenttype: "a/b" } as never,
      }),
    "response.contenttype: did you mean contentType?",
  ]),
  SasResponseHeaders: [[
    () =>
      createServiceSas(
        { ...SAS, responseHeaders: { contenttype: "a/b" } } as never,
        "",
      ),
    "responseHeaders.contenttype: did you mean contentType?",
  ]],
  UserDelegationKey: [[
    () => createUserDelegationSas(SAS, { signedObjectId: "a" } as never),
    "there is no option key.signedObjectId, the options are objectId",
  ]],
  S3Credentials: [
    [
      () => s3({ credentials: { ...ACCOUNT, sesionToken: "token" } }),
      "credentials.sesionToken: did you mean sessionToken?",
    ],
    [
      () => s3({ credentials: { ...ACCOUNT, token: "token" } }),
      "credentials.token, the options are accessKeyId, secretAccessKey",
    ],
    [
      () => {
        const credentials = () =>
          Promise.resolve({ ...ACCOUNT, sesionToken: "token" });
        return new Store({ backend: s3({ credentials }) }).readText("a");
      },
      "credentials.sesionToken: did you mean sessionToken?",
    ],
    [
      () => {
        const credentials = () => ({ ...ACCOUNT, expires: new Date(0) });
        return presign(new Store({ backend: s3({ credentials }) }), "a");
      },
      "credentials.expires",
    ],
  ],
  S3Dialect: [[
    () => s3({ dialect: { ...DIALECTS.minio, bulkdelete: false } }),
    "dialect.bulkdelete: did you mean bulkDelete?",
  ]],
  S3Conditions: [[
    () => s3({ dialect: { ...DIALECTS.minio, conditions: { Put: true } } }),
    "dialect.conditions.Put: did you mean put?",
  ]],
  SignedUrlRequest: [
    [
      () =>
        urlSigner(s3()).signUrl("a", {
          method: "GET",
          query: {},
          headers: {},
          seconds: 60,
          signal: undefined,
          sise: 5,
        } as never),
      "there is no option sise: did you mean size?",
    ],
    [
      () =>
        azureUrlSigner(new AzureBackend(AZURE)).signUrl("a", {
          method: "GET",
          seconds: 60,
          permisions: "r",
        } as never),
      "there is no option permisions: did you mean permissions?",
    ],
  ],
  StoredSource: [[
    () =>
      resumableUpload(
        memory,
        { store: memory, path: "b", versionId: "1" } as never,
        "a",
      ),
    "source.versionId, the options are store, path",
  ]],
  RetryOptions: [
    () => s3({ retry: { attemps: 3 } }),
    () =>
      new RemoteS3Backend({
        bucket: "b",
        signer: unasked,
        retry: { attemps: 3 },
      } as never),
    () =>
      remoteSigner(
        "https://app.example.com",
        { retry: { attemps: 3 } } as never,
      ),
    () => new AzureBackend({ ...AZURE, retry: { attemps: 3 } } as never),
    () =>
      new HttpBackend(
        { baseUrl: "http://h/", retry: { attemps: 3 } } as never,
      ),
    () => {
      const none = () => {};
      const bucket = {
        head: none,
        get: none,
        put: none,
        createMultipartUpload: none,
        delete: none,
        list: none,
      };
      return new R2Backend({ bucket, retry: { attemps: 3 } } as never);
    },
  ].map((run) => [run, "there is no option attemps: did you mean attempts?"]),
};

/** The others, by why nothing in them is refused. */
const UNCHECKED: Readonly<Record<string, readonly string[]>> = {
  "what a caller is given": [
    "AnyRemoteStoreError BatchFailure BatchResult CacheStats CorsDiagnosis",
    "CorsProblem CorsRules FileInfo FilePage FolderEntry FolderInfo HeadResult",
    "OpenFile OtelHooks ParsedHivePath ParsedPartition PendingUpload",
    "PresignedRequest RemoteDescription ResolvedPath ResumableUpload",
    "ResumedResult StorageEstimate SyncOutcome SyncProgress SyncResult",
    "UploadProgress WriteResult",
  ],
  "what a caller's function is given": [
    "AskedOperation EventMetadata SecretRequest StoreCall StoreEvent StoreStart",
    "StreamEvent UnsignedRequest UploadTicket WrittenFile",
  ],
  "what calls have given, handed in again": [
    "DigestLike KeptPart MadeFile UploadToken UploadedPart",
  ],
  "what the kernel and its backends tell each other": [
    "Body ContentHeaders CopyRequest DeleteRequest Entry FileEntry ListPage",
    "ListRequest ListedFile OpenPartsRequest PartsPage PartsRequest ReadAnswer",
    "ReadRequest RemoveFolderRequest SignalRequest StatRequest StoredFields",
    "WriteCondition WriteFacts WriteRequest",
  ],
  "what a handler and its service tell each other": [
    "GrantedRequest KeyedOperation PromisedUpload SigningQuestion SigningTerms",
    "ToSigningService UploadStep",
  ],
  "what a cache and its backend tell each other": ["CacheEntry"],
  "the binding of Workers, which this library calls": [
    "R2Condition R2Hashes R2Headers R2ObjectContent R2ObjectFacts R2Page",
    "R2UploadedPart",
  ],
  "the platform's own objects": ["IndexedDBScope LocalFile"],
  "an answer of another party's, which may say more": ["SignedRequest"],
  "content, which a list of one's own may say more of": ["LocalEntry"],
  "a function": ["RequestSigner S3CredentialsProvider"],
  "a part of S3Options": ["S3Authentication"],
  "what is not known in it is no grant: SIGN-006": ["NarrowGrant"],
};

interface Declared {
  readonly entry: string;
  readonly name: string;
  readonly kind: string;
  readonly type?: string;
  readonly members?: readonly {
    readonly kind: string;
    readonly type?: string;
  }[];
}

/** Whether what is declared is data, and no thing that does something. */
function isData({ kind, type = "", members = [] }: Declared): boolean {
  if (kind === "typeAlias") return type.includes("{");
  return kind === "interface" &&
    members.every((one) =>
      one.kind === "property" && !one.type?.includes("=>")
    );
}

Deno.test("OPT-010 each object that an entry exports is known to be checked where it is handed in, or why not", async () => {
  const text = await Deno.readTextFile(
    new URL("../../docs/api.jsonl", import.meta.url),
  );
  const lines = text.trim().split("\n").map((line) => JSON.parse(line));
  const declared = (lines as Declared[]).filter(({ entry, name }) =>
    // Those have a rule of their own, OPT-009.
    !entry.startsWith("./conformance") && !name.endsWith("Options")
  );
  const names = declared.filter(isData).map(({ name }) => name);
  assert(names.length > 80, `${names.length} kinds`);
  const said = Object.values(UNCHECKED).flat().join(" ").split(" ");
  const unknown = new Set(names).difference(
    new Set([...said, ...Object.keys(CHECKED)]),
  );
  assertEquals([...unknown], []);
  const gone = new Set(said).difference(new Set(names));
  assertEquals([...gone], []);
});

for (const [name, rows] of Object.entries(CHECKED)) {
  for (const [i, [run, words]] of rows.entries()) {
    Deno.test(`OPT-010 what is not known in ${name} is refused: ${i + 1}`, async () => {
      const { message } = await refusalOf(run);
      assertStringIncludes(message, words);
      assert(!message.includes('secret"'), message);
    });
  }
}

Deno.test("OPT-010 what AWS's SDK says of credentials beside is no mistake", () => {
  const told = {
    ...ACCOUNT,
    sessionToken: "token",
    expiration: new Date(),
    accountId: "123456789012",
    credentialScope: "eu-central-1",
    identityId: "eu-central-1:1",
    $source: { CREDENTIALS_ENV_VARS: "g" },
  };
  assertInstanceOf(s3({ credentials: told }), S3Backend);
});

Deno.test("OPT-011 what is too long for a name is not shown: it may be a secret", async () => {
  const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const given = { ...ACCOUNT, [secret]: "" };
  const provider = () => Promise.resolve(given);
  const runs = [
    () => s3({ credentials: given }),
    () => new Store({ backend: s3({ credentials: provider }) }).readText("a"),
    () => requireKnown<object>("write", "a", { [secret]: 1 }, {}),
  ];
  for (const run of runs) {
    let shown = "";
    try {
      await run();
    } catch (error) {
      assertInstanceOf(error, InvalidArgumentError);
      shown = String(error) + error.stack + JSON.stringify(error);
    }
    assertStringIncludes(shown, "...");
    assert(!shown.includes(secret.slice(0, 12)), shown);
  }
});

Deno.test("OPT-010 what is no object at all is said to be none", async () => {
  const rows: readonly (readonly [() => unknown, string])[] = [
    [() => s3({ credentials: null }), "credentials"],
    [
      () =>
        new Store({ backend: s3({ credentials: () => Promise.resolve("a") }) })
          .readText("a"),
      "credentials is no object",
    ],
    [
      // As JSON has a date.
      () => s3({ credentials: { ...ACCOUNT, expiration: "2026-12-01" } }),
      "credentials.expiration is no date",
    ],
    [
      () => s3({ credentials: { ...ACCOUNT, expiration: new Date("") } }),
      "credentials.expiration is no date",
    ],
    [
      () => presign(s3Store, "a", { response: 5 as never }),
      "response is no object",
    ],
    [
      () => s3({ dialect: { ...DIALECTS.aws, conditions: null } }),
      "dialect.conditions is no object",
    ],
  ];
  for (const [run, words] of rows) {
    assertStringIncludes((await refusalOf(run)).message, words);
  }
});

async function refusalOf(run: () => unknown): Promise<InvalidArgumentError> {
  let error: unknown = null;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  assertInstanceOf(error, InvalidArgumentError);
  return error;
}

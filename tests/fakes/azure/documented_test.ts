import { DOCUMENTED, type Place } from "./documented.ts";
import { FAKE_BLOB_URL, FakeAzure } from "./service.ts";

function placeOn(service: FakeAzure): Place {
  service.create("files");
  const to = (container: string): Place["ask"] =>
  async (
    method,
    path,
    { query, headers, body } = {},
  ) => {
    const url = `${FAKE_BLOB_URL}/${container}${path && "/"}${path}`;
    const response = await service.fetch(`${url}?sig=1&${query ?? ""}`, {
      method,
      headers: headers ?? {},
      body: body === undefined ? null : new TextEncoder().encode(body),
    });
    const { status } = response;
    const code = response.headers.get("x-ms-error-code");
    const text = await response.text();
    return { status, code, headers: response.headers, text };
  };
  return {
    ask: to("files"),
    askNowhere: to("nowhere"),
    source: (path) => `${FAKE_BLOB_URL}/files/${path}?sig=1`,
  };
}

for (const { name, check } of DOCUMENTED) {
  Deno.test(`the fake of Azure: ${name}`, async () => {
    await check(placeOn(new FakeAzure()));
  });
}

import { Store } from "@remote-store/core";
import { testBackend } from "@remote-store/core/conformance";
import { FilesBackend } from "../../examples/http_backend.ts";
import { filesService } from "./files_service.ts";

await testBackend("files", {
  test: Deno.test,
  create: () => {
    const fetch = filesService();
    const url = "https://files.example.com";
    return new Store({ backend: new FilesBackend({ url, fetch }) });
  },
  namespace: "flat",
  closeIsTerminal: true,
});

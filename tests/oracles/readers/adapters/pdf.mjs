import * as pdf from "pdfjs-dist/legacy/build/pdf.mjs";

/** The text of one page, of which only its own pieces travel. */
export async function readPage(store, number) {
  const blob = await store.openBlob("report.pdf");
  const range = new pdf.PDFDataRangeTransport(blob.size, null);
  range.requestDataRange = async (from, to) =>
    range.onDataRange(from, await blob.slice(from, to).bytes());
  const task = pdf.getDocument({ range, disableAutoFetch: true, verbosity: 0 });
  const page = await (await task.promise).getPage(number);
  const { items } = await page.getTextContent();
  await task.destroy();
  return items.map(({ str }) => str).join(" ");
}

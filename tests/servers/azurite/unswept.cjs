// node --require unswept.cjs azurite.js: ten minutes after its start, and every ten minutes
// from then on, Azurite sweeps what no blob refers to any more, one extent after another
// and each in the time that it takes to sort all: thousands of them hold up every request
// for minutes. So it does not begin while tests run.
const { createRequire } = require("node:module");
const { argv } = require("node:process");

const constants = createRequire(argv[1])("./blob/utils/constants.js");
if (typeof constants.DEFAULT_GC_INTERVAL_MS !== "number") {
  throw new Error("this Azurite sweeps at other times");
}
constants.DEFAULT_GC_INTERVAL_MS = 2 ** 31 - 1;

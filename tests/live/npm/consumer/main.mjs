import { run } from "./program.mjs";

console.log(`${await run()} tests of the contract passed`);

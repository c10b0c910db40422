/**
 * DuckDB by standard input and output: `write` lays rows out in folders of partitions,
 * `read` gives back what it finds in them. Values travel as JSON.
 */
import { DuckDBInstance } from "@duckdb/node-api";

const { command, folder, columns, rows, options } = JSON.parse(
  await new Response(process.stdin).text(),
);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const quoted = columns.map((name) => `"${name.replaceAll('"', '""')}"`);

if (command === "write") {
  const types = quoted.map((name) => `${name} varchar`);
  await connection.run(`create table t (${types.join()}, row_id integer)`);
  const marks = [...quoted, ""].map(() => "?").join();
  const insert = await connection.prepare(`insert into t values (${marks})`);
  for (const [index, row] of rows.entries()) {
    row.forEach((value, at) => {
      if (value === null) insert.bindNull(at + 1);
      else insert.bindVarchar(at + 1, value);
    });
    insert.bindInteger(columns.length + 1, index);
    await insert.run();
  }
  await connection.run(
    `copy t to '${folder}' (format csv, partition_by (${quoted.join()}))`,
  );
} else {
  const reader = await connection.runAndReadAll(
    `select ${quoted.join()}, row_id from read_csv('${folder}/**/*.csv', ` +
      `hive_partitioning = true, ${options ?? "hive_types_autocast = false"}) ` +
      "order by row_id",
  );
  console.log(JSON.stringify({
    types: reader.columnTypes().map(String),
    rows: reader.getRowsJson(),
  }));
}

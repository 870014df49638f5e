import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { PolarsTable } from "../../protocol.ts";

const MACROS = `
  CREATE MACRO pick(i, salt, n) AS (hash(hash(i, salt)) % n)::INTEGER;
  CREATE MACRO word(words, i, salt) AS words[pick(i, salt, len(words)) + 1];
  CREATE MACRO money(i, salt, cents) AS (pick(i, salt, cents) / 100.0)::DECIMAL(15, 2);
  CREATE MACRO phone(nation, i) AS
    format('{}-{:03}-{:03}-{:04}', nation + 10, pick(i, 'p1', 900) + 100, pick(i, 'p2', 900) + 100, pick(i, 'p3', 9000));
  CREATE MACRO chatter(i, salt) AS concat_ws(' ',
    word(['carefully', 'quickly', 'furiously', 'slyly'], i, salt || 'a'),
    word(['special', 'pending', 'regular', 'final', 'Customer'], i, salt || 'b'),
    word(['ideas', 'packages', 'theodolites', 'instructions'], i, salt || 'c'),
    word(['requests', 'deposits', 'accounts', 'Complaints'], i, salt || 'd'));
`;

const PLACES = `
  CREATE TABLE region AS
  SELECT (place - 1)::INTEGER AS r_regionkey, names[place] AS r_name
  FROM (SELECT ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'] AS names), range(1, 6) AS r(place);

  CREATE TABLE nation AS
  SELECT (place - 1)::INTEGER AS n_nationkey, names[place] AS n_name, regions[place]::INTEGER AS n_regionkey
  FROM range(1, 26) AS r(place), (SELECT
    ['ALGERIA', 'ARGENTINA', 'BRAZIL', 'CANADA', 'EGYPT', 'ETHIOPIA', 'FRANCE', 'GERMANY', 'INDIA', 'INDONESIA', 'IRAN',
     'IRAQ', 'JAPAN', 'JORDAN', 'KENYA', 'MOROCCO', 'MOZAMBIQUE', 'PERU', 'CHINA', 'ROMANIA', 'SAUDI ARABIA', 'VIETNAM',
     'RUSSIA', 'UNITED KINGDOM', 'UNITED STATES'] AS names,
    [0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1] AS regions);
`;

const PEOPLE = `
  CREATE TABLE supplier AS
  SELECT i::INTEGER AS s_suppkey, format('Supplier#{:09}', i) AS s_name, 'Street ' || pick(i, 's1', 500) AS s_address,
    ((i - 1) // 4)::INTEGER AS s_nationkey, phone((i - 1) // 4, i) AS s_phone,
    (money(i, 's3', 1100000) - 1000)::DECIMAL(15, 2) AS s_acctbal, chatter(i, 's4') AS s_comment
  FROM range(1, 101) AS r(i);

  CREATE TABLE customer AS
  SELECT i::INTEGER AS c_custkey, format('Customer#{:09}', i) AS c_name, 'Street ' || pick(i, 'c1', 500) AS c_address,
    pick(i, 'c2', 25) AS c_nationkey, phone(pick(i, 'c2', 25), i) AS c_phone,
    (money(i, 'c3', 1100000) - 1000)::DECIMAL(15, 2) AS c_acctbal,
    word(['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD'], i, 'c4') AS c_mktsegment,
    chatter(i, 'c5') AS c_comment
  FROM range(1, 1501) AS r(i);
`;

const PARTS = `
  CREATE MACRO colour(i, salt) AS word(
    ['almond', 'azure', 'blush', 'chocolate', 'forest', 'green', 'ivory', 'lemon', 'navy', 'plum', 'rose', 'steel'], i, salt);

  CREATE TABLE part AS
  SELECT i::INTEGER AS p_partkey, concat_ws(' ', colour(i, 'n1'), colour(i, 'n2'), colour(i, 'n3')) AS p_name,
    'Manufacturer#' || (pick(i, 'b1', 5) + 1) AS p_mfgr,
    format('Brand#{}{}', pick(i, 'b1', 5) + 1, pick(i, 'b2', 5) + 1) AS p_brand,
    concat_ws(' ', word(['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO'], i, 't1'),
      word(['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED'], i, 't2'),
      word(['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER'], i, 't3')) AS p_type,
    pick(i, 'z', 50) + 1 AS p_size,
    word(['SM', 'LG', 'MED', 'JUMBO'], i, 'x1') || ' ' || word(['CASE', 'BOX', 'BAG', 'PKG', 'PACK'], i, 'x2') AS p_container,
    (900 + (i % 1000) + money(i, 'p', 20000))::DECIMAL(15, 2) AS p_retailprice
  FROM range(1, 2001) AS r(i);

  CREATE TABLE partsupp AS
  SELECT p_partkey AS ps_partkey, ((p_partkey * 7 + nth * 25) % 100 + 1)::INTEGER AS ps_suppkey,
    pick(p_partkey * 4 + nth, 'q', 9999) + 1 AS ps_availqty,
    (money(p_partkey * 4 + nth, 'c', 99900) + 1)::DECIMAL(15, 2) AS ps_supplycost
  FROM part, range(4) AS r(nth);
`;

/** Every third customer has no orders, and a line's supplier is one of those that have the part. */
const SALES = `
  CREATE TABLE orders_begun AS
  SELECT i::INTEGER AS o_orderkey, pick(i, 'o1', 500) * 3 + pick(i, 'o2', 2) + 1 AS o_custkey,
    DATE '1992-01-01' + pick(i, 'o3', 2406) AS o_orderdate,
    word(['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'], i, 'o4') AS o_orderpriority,
    0 AS o_shippriority, chatter(i, 'o5') AS o_comment
  FROM range(1, 15001) AS r(i);

  CREATE TABLE lines_begun AS
  SELECT o_orderkey AS l_orderkey, nth::INTEGER AS l_linenumber, o_orderkey * 8 + nth AS line,
    pick(o_orderkey * 8 + nth, 'l1', 2000) + 1 AS l_partkey,
    (pick(o_orderkey * 8 + nth, 'l2', 50) + 1)::DECIMAL(15, 2) AS l_quantity,
    (o_orderdate + 1 + pick(o_orderkey * 8 + nth, 'l3', 121)) AS l_shipdate,
    (o_orderdate + 30 + pick(o_orderkey * 8 + nth, 'l4', 61)) AS l_commitdate
  FROM orders_begun, range(1, 8) AS r(nth)
  WHERE nth <= pick(o_orderkey, 'o6', 7) + 1;

  CREATE TABLE lineitem AS
  SELECT l_orderkey, l_linenumber, l_partkey,
    ((l_partkey * 7 + pick(line, 'l5', 4) * 25) % 100 + 1)::INTEGER AS l_suppkey, l_quantity,
    (l_quantity * p_retailprice)::DECIMAL(15, 2) AS l_extendedprice,
    (pick(line, 'l6', 11) / 100.0)::DECIMAL(15, 2) AS l_discount, (pick(line, 'l7', 9) / 100.0)::DECIMAL(15, 2) AS l_tax,
    l_shipdate, l_commitdate, l_shipdate + 1 + pick(line, 'l8', 30) AS l_receiptdate,
    CASE WHEN l_shipdate + 1 + pick(line, 'l8', 30) > DATE '1995-06-17' THEN 'N'
      ELSE word(['R', 'A'], line, 'l9') END AS l_returnflag,
    CASE WHEN l_shipdate > DATE '1995-06-17' THEN 'O' ELSE 'F' END AS l_linestatus,
    word(['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'], line, 'l10') AS l_shipinstruct,
    word(['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'], line, 'l11') AS l_shipmode
  FROM lines_begun JOIN part ON l_partkey = p_partkey;

  CREATE TABLE orders AS
  SELECT o_orderkey, o_custkey,
    CASE WHEN min(l_linestatus) = max(l_linestatus) THEN min(l_linestatus) ELSE 'P' END AS o_orderstatus,
    sum(l_extendedprice * (1 - l_discount) * (1 + l_tax))::DECIMAL(15, 2) AS o_totalprice,
    o_orderdate, o_orderpriority, o_shippriority, o_comment
  FROM orders_begun JOIN lineitem ON o_orderkey = l_orderkey
  GROUP BY ALL;
`;

const TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"];

/** Makes the eight tables, always with the same rows, and writes each as a Parquet file into the folder. */
export async function writeTables(
  duckdb: DuckDBConnection,
  folder: string,
): Promise<Record<string, PolarsTable>> {
  await duckdb.run(MACROS + PLACES + PEOPLE + PARTS + SALES);
  const tables: Record<string, PolarsTable> = {};
  for (const table of TABLES) {
    const path = join(folder, `${table}.parquet`);
    await duckdb.run(`COPY ${table} TO '${path}' (FORMAT parquet, COMPRESSION snappy)`);
    const described = await duckdb.runAndReadAll(`FROM ${table} LIMIT 0`);
    tables[table] = { path, columns: described.columnNames() };
  }
  return tables;
}

import { REVENUE, type TpchQuery } from "./query.ts";

export const NATION_QUERIES: readonly TpchQuery[] = [
  {
    number: 7,
    sql: `SELECT n1.n_name AS supp_nation, n2.n_name AS cust_nation, year(l_shipdate) AS l_year,
        sum(l_extendedprice * (1 - l_discount)) AS revenue
      FROM supplier, lineitem, orders, customer, nation n1, nation n2
      WHERE s_suppkey = l_suppkey AND o_orderkey = l_orderkey AND c_custkey = o_custkey
        AND s_nationkey = n1.n_nationkey AND c_nationkey = n2.n_nationkey
        AND ((n1.n_name = 'FRANCE' AND n2.n_name = 'GERMANY') OR (n1.n_name = 'GERMANY' AND n2.n_name = 'FRANCE'))
        AND l_shipdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31'
      GROUP BY ALL ORDER BY supp_nation, cust_nation, l_year`,
    polars: `({ pl, tables: { nation, customer, orders, lineitem, supplier } }) => {
      const { col } = pl;
      const two = nation.filter(col("n_name").isIn(["FRANCE", "GERMANY"]));
      const buyers = two
        .join(customer, { leftOn: "n_nationkey", rightOn: "c_nationkey" })
        .join(orders, { leftOn: "c_custkey", rightOn: "o_custkey" })
        .select(col("o_orderkey"), col("n_name").alias("cust_nation"));
      const sellers = two
        .join(supplier, { leftOn: "n_nationkey", rightOn: "s_nationkey" })
        .select("s_suppkey", col("n_name").alias("supp_nation"));
      return lineitem
        .filter(col("l_shipdate").gtEq(new Date("1995-01-01")).and(col("l_shipdate").ltEq(new Date("1996-12-31"))))
        .join(buyers, { leftOn: "l_orderkey", rightOn: "o_orderkey" })
        .join(sellers, { leftOn: "l_suppkey", rightOn: "s_suppkey" })
        .filter(col("supp_nation").neq("cust_nation"))
        .withColumns(col("l_shipdate").dt.year().alias("l_year"), ${REVENUE}.alias("volume"))
        .groupBy(["supp_nation", "cust_nation", "l_year"])
        .agg(col("volume").sum().alias("revenue"))
        .sort(["supp_nation", "cust_nation", "l_year"]);
    }`,
  },
  {
    number: 8,
    sql: `SELECT o_year, sum(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / sum(volume) AS mkt_share
      FROM (
        SELECT year(o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) AS volume, n2.n_name AS nation
        FROM part, supplier, lineitem, orders, customer, nation n1, nation n2, region
        WHERE p_partkey = l_partkey AND s_suppkey = l_suppkey AND l_orderkey = o_orderkey AND o_custkey = c_custkey
          AND c_nationkey = n1.n_nationkey AND n1.n_regionkey = r_regionkey AND r_name = 'AMERICA'
          AND s_nationkey = n2.n_nationkey AND o_orderdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31'
          AND p_type LIKE 'ECONOMY ANODIZED%')
      GROUP BY o_year ORDER BY o_year`,
    polars: `({ pl, tables }) => {
      const { col, lit, when } = pl;
      const americans = tables.region
        .filter(col("r_name").eq(lit("AMERICA")))
        .join(tables.nation, { leftOn: "r_regionkey", rightOn: "n_regionkey" })
        .join(tables.customer, { leftOn: "n_nationkey", rightOn: "c_nationkey" })
        .select("c_custkey");
      const sellers = tables.supplier
        .join(tables.nation, { leftOn: "s_nationkey", rightOn: "n_nationkey" })
        .select("s_suppkey", "n_name");
      const volume = ${REVENUE}.cast(pl.Float64);
      return tables.part
        .filter(col("p_type").str.startsWith("ECONOMY ANODIZED"))
        .join(tables.lineitem, { leftOn: "p_partkey", rightOn: "l_partkey" })
        .join(tables.orders, { leftOn: "l_orderkey", rightOn: "o_orderkey" })
        .filter(col("o_orderdate").dt.year().isIn([1995, 1996]))
        .join(americans, { leftOn: "o_custkey", rightOn: "c_custkey", how: "semi" })
        .join(sellers, { leftOn: "l_suppkey", rightOn: "s_suppkey" })
        .groupBy(col("o_orderdate").dt.year().alias("o_year"))
        .agg(
          when(col("n_name").eq(lit("BRAZIL"))).then(volume).otherwise(lit(0)).sum().div(volume.sum()).alias("mkt_share"),
        )
        .sort("o_year");
    }`,
  },
  {
    number: 9,
    sql: `SELECT n_name AS nation, year(o_orderdate) AS o_year,
        sum(l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity) AS sum_profit
      FROM part, supplier, lineitem, partsupp, orders, nation
      WHERE s_suppkey = l_suppkey AND ps_suppkey = l_suppkey AND ps_partkey = l_partkey AND p_partkey = l_partkey
        AND o_orderkey = l_orderkey AND s_nationkey = n_nationkey AND p_name LIKE '%green%'
      GROUP BY ALL ORDER BY nation, o_year DESC`,
    polars: `({ pl, tables: { part, partsupp, supplier, nation, lineitem, orders } }) => {
      const { col } = pl;
      const cost = col("ps_supplycost").cast(pl.Decimal(38, 4)).mul(col("l_quantity"));
      return part
        .filter(col("p_name").str.contains("green", true))
        .join(partsupp, { leftOn: "p_partkey", rightOn: "ps_partkey" })
        .join(lineitem, { leftOn: ["p_partkey", "ps_suppkey"], rightOn: ["l_partkey", "l_suppkey"] })
        .join(supplier, { leftOn: "ps_suppkey", rightOn: "s_suppkey" })
        .join(nation, { leftOn: "s_nationkey", rightOn: "n_nationkey" })
        .join(orders, { leftOn: "l_orderkey", rightOn: "o_orderkey" })
        .select(
          col("n_name").alias("nation"),
          col("o_orderdate").dt.year().alias("o_year"),
          ${REVENUE}.sub(cost).alias("profit"),
        )
        .groupBy(["nation", "o_year"])
        .agg(col("profit").sum().alias("sum_profit"))
        .sort(["nation", "o_year"], [false, true]);
    }`,
  },
  {
    number: 11,
    sql: `WITH german AS (
        SELECT ps_partkey, ps_supplycost * ps_availqty AS value FROM partsupp, supplier, nation
        WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY')
      SELECT ps_partkey, sum(value) AS value FROM german GROUP BY ps_partkey
      HAVING sum(value) > (SELECT sum(value) * 0.005 FROM german) ORDER BY value DESC, ps_partkey`,
    polars: `({ pl, tables }) => {
      const { col, lit } = pl;
      return tables.nation
        .filter(col("n_name").eq(lit("GERMANY")))
        .join(tables.supplier, { leftOn: "n_nationkey", rightOn: "s_nationkey" })
        .join(tables.partsupp, { leftOn: "s_suppkey", rightOn: "ps_suppkey" })
        .groupBy("ps_partkey")
        .agg(col("ps_supplycost").mul(col("ps_availqty")).sum().alias("value"))
        .filter(col("value").gt(col("value").sum().mul(0.005)))
        .sort(["value", "ps_partkey"], [true, false]);
    }`,
  },
];

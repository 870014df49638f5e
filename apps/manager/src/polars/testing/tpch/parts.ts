import { REVENUE, type TpchQuery } from "./query.ts";

export const PART_QUERIES: readonly TpchQuery[] = [
  {
    number: 14,
    sql: `SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice * (1 - l_discount) ELSE 0 END)
        / sum(l_extendedprice * (1 - l_discount)) AS promo_revenue
      FROM lineitem, part
      WHERE l_partkey = p_partkey AND l_shipdate >= DATE '1995-09-01' AND l_shipdate < DATE '1995-10-01'`,
    polars: `({ pl, tables }) => {
      const { col } = pl;
      const month = col("l_shipdate").dt.truncate("1mo").eq(new Date("1995-09-01"));
      const revenue = ${REVENUE};
      const promoted = revenue.filter(col("p_type").str.startsWith("PROMO"));
      return tables.lineitem
        .filter(month)
        .join(tables.part, { leftOn: "l_partkey", rightOn: "p_partkey" })
        .select(promoted.sum().cast(pl.Float64).div(revenue.sum().cast(pl.Float64)).mul(100).alias("promo_revenue"));
    }`,
  },
  {
    number: 16,
    sql: `SELECT p_brand, p_type, p_size, count(DISTINCT ps_suppkey) AS supplier_cnt FROM partsupp, part
      WHERE p_partkey = ps_partkey AND p_brand <> 'Brand#45' AND p_type NOT LIKE 'MEDIUM POLISHED%'
        AND p_size IN (49, 14, 23, 45, 19, 3, 36, 9)
        AND ps_suppkey NOT IN (SELECT s_suppkey FROM supplier WHERE s_comment LIKE '%Customer%Complaints%')
      GROUP BY p_brand, p_type, p_size ORDER BY supplier_cnt DESC, p_brand, p_type, p_size`,
    polars: `({ pl, tables }) => {
      const { col, lit } = pl;
      const complained = tables.supplier.filter(col("s_comment").str.contains("Customer.*Complaints"));
      return tables.part
        .filter(
          col("p_brand")
            .neq(lit("Brand#45"))
            .and(col("p_type").str.startsWith("MEDIUM POLISHED").not())
            .and(col("p_size").isIn([49, 14, 23, 45, 19, 3, 36, 9])),
        )
        .join(tables.partsupp, { leftOn: "p_partkey", rightOn: "ps_partkey" })
        .join(complained, { leftOn: "ps_suppkey", rightOn: "s_suppkey", how: "anti" })
        .groupBy(["p_brand", "p_type", "p_size"])
        .agg(col("ps_suppkey").nUnique().alias("supplier_cnt"))
        .sort(["supplier_cnt", "p_brand", "p_type", "p_size"], [true, false, false, false]);
    }`,
  },
  {
    number: 17,
    sql: `SELECT sum(l_extendedprice) / 7.0 AS avg_yearly FROM lineitem, part
      WHERE p_partkey = l_partkey AND p_brand = 'Brand#23' AND p_container LIKE 'MED%'
        AND l_quantity < (SELECT 0.2 * avg(l_quantity) FROM lineitem WHERE l_partkey = p_partkey)`,
    polars: `({ pl, tables }) => {
      const { col, lit } = pl;
      return tables.part
        .filter(col("p_brand").eq(lit("Brand#23")).and(col("p_container").str.startsWith("MED")))
        .join(tables.lineitem, { leftOn: "p_partkey", rightOn: "l_partkey" })
        .filter(col("l_quantity").lt(col("l_quantity").mean().over("p_partkey").mul(0.2)))
        .select(col("l_extendedprice").sum().div(7).alias("avg_yearly"));
    }`,
  },
  {
    number: 19,
    sql: `SELECT sum(l_extendedprice * (1 - l_discount)) AS revenue FROM lineitem, part
      WHERE p_partkey = l_partkey AND l_shipmode IN ('AIR', 'REG AIR') AND l_shipinstruct = 'DELIVER IN PERSON' AND (
        (p_brand = 'Brand#12' AND p_container IN ('SM CASE', 'SM BOX', 'SM PACK', 'SM PKG')
          AND l_quantity BETWEEN 1 AND 11 AND p_size BETWEEN 1 AND 20)
        OR (p_brand = 'Brand#23' AND p_container IN ('MED BAG', 'MED BOX', 'MED PKG', 'MED PACK')
          AND l_quantity BETWEEN 10 AND 20 AND p_size BETWEEN 1 AND 30)
        OR (p_brand = 'Brand#34' AND p_container IN ('LG CASE', 'LG BOX', 'LG PACK', 'LG PKG')
          AND l_quantity BETWEEN 20 AND 30 AND p_size BETWEEN 1 AND 40))`,
    polars: `export default (({ pl, tables }) => {
      const { col, lit } = pl;
      const offer = (brand: string, containers: string[], least: number, size: number) =>
        pl.allHorizontal([
          col("p_brand").eq(lit(brand)),
          col("p_container").isIn(containers),
          col("l_quantity").gtEq(least).and(col("l_quantity").ltEq(least + 10)),
          col("p_size").gtEq(1).and(col("p_size").ltEq(size)),
        ]);
      const offers = [
        offer("Brand#12", ["SM CASE", "SM BOX", "SM PACK", "SM PKG"], 1, 20),
        offer("Brand#23", ["MED BAG", "MED BOX", "MED PKG", "MED PACK"], 10, 30),
        offer("Brand#34", ["LG CASE", "LG BOX", "LG PACK", "LG PKG"], 20, 40),
      ];
      return tables.lineitem
        .filter(col("l_shipmode").isIn(["AIR", "REG AIR"]).and(col("l_shipinstruct").eq(lit("DELIVER IN PERSON"))))
        .join(tables.part, { leftOn: "l_partkey", rightOn: "p_partkey" })
        .filter(pl.anyHorizontal(offers))
        .select(${REVENUE}.sum().alias("revenue"));
    }) satisfies Transform;`,
  },
];

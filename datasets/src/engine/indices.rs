//! Indices of a partition, made after its rows: sorting once costs a fraction of inserting one by one. They are those of
//! the table it will be attached to, which then takes them as they are.

use sqlx::PgConnection;

use super::error::ImportError;

/// Makes on `partition` every index and key of `table`.
pub async fn create(connection: &mut PgConnection, table: &str, partition: &str) -> Result<(), ImportError> {
    let definitions: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT pg_get_indexdef(i.indexrelid), pg_get_constraintdef(c.oid)
         FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
         WHERE i.indrelid = $1::text::regclass ORDER BY i.indexrelid",
    )
    .bind(format!("data.{table}"))
    .fetch_all(&mut *connection)
    .await?;
    for (index, constraint) in definitions {
        let statement = match constraint {
            Some(constraint) => format!("ALTER TABLE {partition} ADD {constraint}"),
            None => on(&index, partition),
        };
        sqlx::raw_sql(&statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// `CREATE INDEX a ON ONLY data.t USING btree (x)` → `CREATE INDEX ON data.t_s1 USING btree (x)`.
fn on(definition: &str, partition: &str) -> String {
    let kind = if definition.starts_with("CREATE UNIQUE") { "CREATE UNIQUE INDEX" } else { "CREATE INDEX" };
    let method = definition.split_once(" USING ").map_or("", |(_, method)| method);
    format!("{kind} ON {partition} USING {method}")
}

#[cfg(test)]
mod tests {
    use super::on;

    #[test]
    fn an_index_keeps_its_columns_and_condition_and_loses_its_name() {
        let definition =
            "CREATE INDEX dvf_departement ON ONLY data.dvf USING btree (departement, annee) WHERE exploitable";
        assert_eq!(
            on(definition, "data.dvf_s7"),
            "CREATE INDEX ON data.dvf_s7 USING btree (departement, annee) WHERE exploitable"
        );
        assert_eq!(
            on("CREATE UNIQUE INDEX u ON ONLY data.t USING btree (a)", "data.t_s1"),
            "CREATE UNIQUE INDEX ON data.t_s1 USING btree (a)"
        );
    }
}
